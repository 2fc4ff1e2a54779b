import { expect, test } from 'vitest';
import { describeParameter, parseParameters } from './parameters.ts';

test('values are what they look like', () => {
  expect(parseParameters(['phase=2', 'power=-1.5', 'forceRun=false', 'kind=mains', 'code=0x2'])).toEqual({
    phase: 2,
    power: -1.5,
    forceRun: false,
    kind: 'mains',
    code: '0x2',
  });
});

test.each(['phase', 'phase=', '=2', '2=phase'])('%s is refused with the form to write', (word) => {
  expect(() => parseParameters([word])).toThrow(`\`${word}\` is not a parameter`);
});

test('a parameter is told as it is written, with its default and its range', () => {
  const told = [
    describeParameter('tripAfter', { type: 'number', default: 0, minimum: 0, maximum: 86_400 }),
    describeParameter('forceRun', { type: 'boolean', default: true }),
    describeParameter('phase', { type: 'string', enum: ['L1', 'L2'], default: 'L1' }),
    describeParameter('address', { type: 'integer' }),
  ];
  expect(told).toEqual([
    'tripAfter=0 (0 to 86400)',
    'forceRun=true (true or false)',
    'phase=L1 (L1 or L2)',
    'address=... (integer)',
  ]);
});
