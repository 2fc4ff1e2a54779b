import { describe, expect, test } from 'vitest';
import { DecimalMark, numberIn } from './numbers.ts';

describe('a number in a cell', () => {
  test.each<[string, boolean, number | undefined]>([
    ['12', false, 12],
    ['-0.5', false, -0.5],
    ['+.5e-3', false, 0.0005],
    ['1,234.5', false, 1234.5],
    ['1,234', false, 1234],
    ['1,5', false, 1.5],
    ["1'234.5", false, 1234.5],
    ['1 234 567', false, 1_234_567],
    ['\u221212.5', false, -12.5],
    ['1,5', true, 1.5],
    ['1.234,5', true, 1234.5],
    ['1.234', true, 1234],
    ['1\u00A0234,5', true, 1234.5],
    ['12.5', true, 12.5],
    ['', false, Number.NaN],
    ['NaN', true, Number.NaN],
    ['n/a', false, Number.NaN],
    ['error', false, undefined],
    ['12 kW', false, undefined],
    ['1,2,3', false, undefined],
    ['1e999', false, undefined],
    ['-1e31', false, undefined],
    ['1e30', false, 1e30],
    ['Infinity', false, undefined],
    ['0x10', false, undefined],
  ])('%j, decimal comma %s: %d', (cell, comma, value) => {
    expect(numberIn(cell, comma)).toEqual(value);
  });

  test('is written with a comma or a point as most of its head', () => {
    const mark = (...cells: string[]) => {
      const found = new DecimalMark();
      for (const cell of cells) found.add(cell);
      return found.comma;
    };
    expect(mark('1,5', '1.234,5', '1.234', 'text')).toBe(true);
    expect(mark('1.5', '1,234', '1,234.5', '2.5')).toBe(false);
  });
});
