import { expect, test } from 'vitest';
import { parseParameters } from './parameters.ts';

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
