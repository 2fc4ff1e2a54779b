import { expect, test } from 'vitest';
import { columns, duration, widthOf } from './columns.ts';

test('columns stand under one another, Chinese too', () => {
  const table = {
    head: ['point', 'value'],
    rows: [
      ['总表', '7'],
      ['lobby', '12'],
    ],
    right: [1],
    indent: 1,
  };
  expect(columns(table)).toEqual([' point  value', ' 总表       7', ' lobby     12']);
  expect(widthOf('A总B')).toBe(4);
});

test.each([
  [0, '0 ms'],
  [42.34, '42 ms'],
  [1500, '1.5 s'],
  [60_000, '1 min'],
  [5_400_000, '1.5 h'],
  [86_400_000 * 20, '20 d'],
])('%d ms is %s', (time, text) => expect(duration(time)).toBe(text));
