import type { ConfigProblem } from '@plantroom/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsv } from './csv.ts';

function read(text: string) {
  const problems: ConfigProblem[] = [];
  return { ...parseCsv(text, 'meters.csv', problems), problems };
}

test.each([
  ['commas', 'id,unit,at\nm-1,1,Cellar\n'],
  ['semicolons', 'id;unit;at\nm-1;1;Cellar'],
  ['tabs, a byte order mark and Windows line ends', '\uFEFFid\tunit\tat\r\n\r\nm-1\t1\tCellar\r\n'],
])('reads %s', (_, text) => {
  const { columns, rows, problems } = read(text);
  expect(columns).toEqual(['id', 'unit', 'at']);
  expect(rows.map((r) => r.cells)).toEqual([{ id: 'm-1', unit: '1', at: 'Cellar' }]);
  expect(problems).toEqual([]);
});

test('knows the line of a row behind a text of several lines', () => {
  const { rows } = read('id,at\nm-1,"Riser 2, ""old""\nwing"\n\nm-2,\nm-3,1.5" pipe\n');
  expect(rows).toEqual([
    { line: 2, cells: { id: 'm-1', at: 'Riser 2, "old"\nwing' } },
    { line: 5, cells: { id: 'm-2' } },
    { line: 6, cells: { id: 'm-3', at: '1.5" pipe' } },
  ]);
});

test('says what is wrong with the table', () => {
  expect(read('').problems).toMatchObject([{ line: 1, what: 'the file is empty' }]);
  expect(read('id,,id\na,1,2,3\n"b').problems.map((p) => `${p.line}: ${p.what}`)).toEqual([
    '3: a quotation mark opens here and never closes',
    '1: column 2 has no name',
    '1: there are two columns `id`',
    '2: the line has 4 cells where the header has 3',
  ]);
});

test('gives back every text that was quoted', () => {
  const cell = fc.string().map((s) => s.trim());
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), (rows) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = ['a,b', ...rows.map((row) => row.map(quote).join(','))].join('\n');
      const filled = rows.filter((row) => row.some((c) => c !== ''));
      const given = read(text).rows.map(({ cells }) => [cells.a ?? '', cells.b ?? '']);
      expect(given).toEqual(filled);
    }),
  );
});
