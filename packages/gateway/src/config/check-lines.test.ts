import { ConfigError, formatProblem } from '@plantroom/base';
import { expect, test } from 'vitest';
import { parseSite } from './load-site.ts';

function problemsOf(one: string, two: string): string[] {
  const text = `site: { id: tower, name: Tower, timezone: UTC }
connections:
  one: { ${one} }
  two: { ${two} }
equipment:
  a: { profile: abb-b23, on: one, unit: 1, name: A }
  b: { profile: abb-b23, on: two, unit: 2, name: B }
`;
  try {
    parseSite(text, 'site.yaml');
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems.map(formatProblem);
    throw thrown;
  }
  return [];
}

const over = (settings: string) => `modbus-rtu-over-tcp: ${settings}`;

test.each([
  [over('192.0.2.1:4001'), over('192.0.2.1:4001'), '192.0.2.1:4001'],
  [over('192.0.2.1'), over('{ host: 192.0.2.1, port: 502, baudRate: 19200 }'), '192.0.2.1:502'],
  [over('127.0.0.1:4001'), over('LocalHost:4001'), 'localhost:4001'],
  [over('"[::1]:4001"'), over('127.0.0.1:4001'), 'localhost:4001'],
  [over('serial.example.:4001'), over('Serial.example:4001'), 'serial.example:4001'],
  [over('192.0.2.1:4001'), over('{ host: 192.0.2.2, backup: 192.0.2.1:4001 }'), '192.0.2.1:4001'],
  ['modbus-rtu: /dev/null', 'modbus-rtu: /dev/../dev/null', '/dev/null'],
  ['modbus-rtu: /dev/ttyNONE', 'modbus-rtu: { path: /dev/../dev/ttyNONE, baudRate: 19200 }', '/dev/ttyNONE'],
])('one serial line under two connections is refused: %s and %s', (one, two, line) => {
  expect(problemsOf(one, two)).toEqual([
    `site.yaml:4: connection \`two\` leads to the same serial line as \`one\` (${line}); put its equipment on \`one\` (\`on: one\`) and remove it: a line has one master`,
  ]);
});

test.each([
  [over('192.0.2.1:4001'), over('192.0.2.1:4002')],
  [over('192.0.2.1:4001'), over('192.0.2.2:4001')],
  ['modbus-rtu: /dev/ttyNONE1', 'modbus-rtu: /dev/ttyNONE2'],
  ['modbus-tcp: 192.0.2.1', 'modbus-tcp: 192.0.2.1'],
])('lines of their own, and Modbus TCP, are not: %s and %s', (one, two) => expect(problemsOf(one, two)).toEqual([]));
