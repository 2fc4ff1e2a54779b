import { expect, test } from 'vitest';
import { parseSite } from './config/index.ts';
import { reboundBetween } from './sources.ts';

const before = `site: { id: tower, name: Tower, timezone: UTC }
connections:
  bus: { modbus-tcp: { host: 192.0.2.1, timeout: 900 } }
  other: { modbus-tcp: 192.0.2.2 }
equipment:
  a: { profile: abb-b23, on: bus, unit: 1, name: A }
  b: { profile: abb-b23, on: bus, unit: 2, name: B }
  c: { profile: abb-b23, on: other, unit: 2, name: C }
`;

test.each([
  ['the same', 'x', 'x', []],
  ['another name, period or patience', 'name: A }', 'name: AA, period: 700 }', []],
  ['other settings of the same place', 'timeout: 900', 'timeout: 800', []],
  ['another name of the connection', /\bbus\b/g, 'line', []],
  ['another unit', 'unit: 1', 'unit: 7', ['a']],
  ['another profile', 'abb-b23, on: bus, unit: 1', 'eastron-sdm630, on: bus, unit: 1', ['a']],
  ['another connection', 'on: bus, unit: 1', 'on: other, unit: 1', ['a']],
  ['another host', '192.0.2.1,', '192.0.2.9,', ['a', 'b']],
  ['gone', / {2}a: .*\n/, '', []],
])('%s', (_, from, to, rebound) => {
  const site = (text: string) => parseSite(text, 'site.yaml');
  expect(reboundBetween(site(before).connections, site(before.replace(from, to)))).toEqual(rebound);
});
