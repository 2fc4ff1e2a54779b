import { expect, test } from 'vitest';
import { deviceEventCategories } from './device-event.ts';
import { en54Conditions, eventClasses, gbt26875States, nfpa72Signals } from './device-event-classes.ts';

test('every category has its classes, and every class of the three vocabularies a category', () => {
  expect(Object.keys(eventClasses)).toEqual([...deviceEventCategories]);
  const used = (name: 'gbt26875' | 'nfpa72' | 'en54') =>
    [...new Set(Object.values(eventClasses).map((classes) => classes[name]))].filter((value) => value !== null).sort();
  expect(used('gbt26875')).toEqual(Object.keys(gbt26875States).map(Number));
  expect(used('nfpa72')).toEqual(Object.keys(nfpa72Signals).sort());
  expect(used('en54')).toEqual(Object.keys(en54Conditions).sort());
});

test.each([
  ['fire', 1, 'alarm', 'fire-alarm'],
  ['supervisory', 4, 'supervisory', null],
  ['fault', 2, 'trouble', 'fault-warning'],
  ['disabled', 3, 'trouble', 'disabled'],
  ['test', 0, null, 'test'],
  ['operation', null, null, null],
  ['restored', null, null, null],
] as const)('a report of category %s', (category, gbt26875, nfpa72, en54) => {
  expect(eventClasses[category]).toEqual({ gbt26875, nfpa72, en54 });
});
