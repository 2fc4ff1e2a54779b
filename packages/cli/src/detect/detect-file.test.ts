import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@plantroom/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { detectFile } from './detect-file.ts';
import type { JudgedRow } from './judge.ts';
import { headRows } from './survey.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

async function detect(
  text: string | Buffer,
  options: { time?: string; values?: readonly string[]; training?: number; separator?: string } = {},
): Promise<{ rows: JudgedRow[]; notes: string[] }> {
  const path = join(directory.path, 'file.csv');
  writeFileSync(path, text);
  const rows: JudgedRow[] = [];
  const notes: string[] = [];
  await detectFile({
    file: { path, separator: options.separator },
    time: options.time ?? 'time',
    values: options.values ?? [],
    training: options.training,
    write: (row) => void rows.push(row),
    note: (note) => void notes.push(note),
  });
  return { rows, notes };
}

const minute = (row: number) => new Date(Date.UTC(2026, 0, 5) + row * 60_000).toISOString();

describe('a file of anyone', () => {
  test('is read however its spreadsheet wrote it', async () => {
    const lines = [
      '\uFEFFsep=;',
      'Zeit;"Druck; bar";Fluss;Bemerkung',
      '01.02.2018 00:15;1,5;"1.234,5";gut',
      '01.02.2018 00:15;kaputt;2,5;"er sagte ""nein""',
      'und ging"',
      '',
      '31.02.2018 00:30;1;2;x',
      '01.02.2018 00:00;;3;1.5" Rohr',
      '01.02.2018 00:45;1,5;2,5;x;y',
      '01.02.2018 01:00;1,5;2,5',
    ];
    const { rows, notes } = await detect(lines.join('\r\n'), { time: 'zeit' });
    expect(rows.map(({ time }) => time?.slice(8, 16) ?? null)).toEqual([
      '01T00:15',
      '01T00:15',
      null,
      '01T00:00',
      null,
      '01T01:00',
    ]);
    expect(notes).toEqual([
      'times have no zone and are taken as UTC',
      'all numeric columns are judged: Druck; bar, Fluss',
      'decimals are written with a comma',
      'cells such as 1.234 are read as thousands',
      'line 4: "kaputt" is no number, in column Druck; bar',
      'line 7: "31.02.2018 00:30" is no time; the row is not judged',
      'line 9: 5 cells where the header has 4; the row is not judged',
      '6 rows; with an anomaly: 0; cells or rows that could not be read: 3; rows with the time of the row before: 1; rows out of order, judged as they come: 1',
    ]);
  });

  test('may be UTF-16 with tabs, and a quotation mark that never closes costs nothing', async () => {
    const text = `\uFEFFtime\tvalue\tnote\n${minute(0)}\t1\t"open\n${Array.from({ length: 99 }, (_, row) => `${minute(row + 1)}\t2\t`).join('\n')}`;
    const { rows } = await detect(Buffer.from(text, 'utf16le'));
    expect(rows.map(({ time }) => time)).toEqual(Array.from({ length: 100 }, (_, row) => minute(row)));
  });

  test('may be UTF-16 of either order, marked or not, and have the line ends of old Macs', async () => {
    const text = `time,a\n${Array.from({ length: 9 }, (_, row) => `${minute(row)},${row}`).join('\n')}\n`;
    const { rows, notes } = await detect(text);
    for (const marked of [text, `\uFEFF${text}`]) {
      const little = Buffer.from(marked, 'utf16le');
      for (const each of [little, Buffer.from(little).swap16(), marked.replaceAll('\n', '\r')])
        expect(await detect(each)).toEqual({ rows, notes });
    }
  });

  test('loses one cell to a stray quotation mark, not the rows up to the next', async () => {
    const rowsOf = (odd: readonly number[], mark: (value: number) => string) =>
      Array.from({ length: 60 }, (_, row) => `${minute(row)},${odd.includes(row) ? mark(row) : row},x`).join('\n');
    for (const text of [rowsOf([20, 40], (n) => `"${n}`), rowsOf([20], (n) => `"${n}`).replace(/40,x/, '40",x')]) {
      const { rows, notes } = await detect(`time,a,note\n${text}\n`);
      expect(rows.map(({ time }) => time)).toEqual(Array.from({ length: 60 }, (_, row) => minute(row)));
      expect(notes).toContain('line 22: "\\"20" is no number, in column a');
    }
  });

  test('says which cells are too large, and tells two columns of one name apart', async () => {
    const { notes } = await detect(`time,v,v,w\n${minute(0)},1,1e308,\n${minute(1)},1,2,\n${minute(2)},1,2,\n`);
    expect(notes).toEqual([
      'all numeric columns are judged: v (column 2), v (column 3)',
      'empty in the first 1000 rows, judged only if named: w',
      'line 2: "1e308" is too large (1e+30 at most), in column v (column 3)',
      expect.stringContaining('could not be read: 1;'),
    ]);
  });

  test.each([
    ['', {}, /is empty/],
    ['time,a\n', { values: ['b'] }, /no column b\.$/],
    ['time,a,a\n', { values: ['a'] }, /2 columns a/],
    ['time,a\n1,x\n', {}, /no column of numbers besides time/],
    ['time,a\n', { values: ['time'] }, /cannot be the time and a value/],
  ])('%j is refused in words', async (text, options, said) => {
    await expect(detect(text, options)).rejects.toThrow(said);
  });

  test('names a hundred bad cells and counts the others', async () => {
    const { notes, rows } = await detect(`time,a\n${'1517444100,x\n'.repeat(300)}`, { values: ['a'] });
    expect(rows).toHaveLength(300);
    expect(notes.filter((note) => note.startsWith('line '))).toHaveLength(100);
    expect(notes).toContain('and 200 more cells that could not be read');
  });
});

describe('the rows', () => {
  const wave = (row: number) => Math.round(100 * Math.sin(row / 9)) / 100;
  const file = (rows: number, value: (row: number) => number) =>
    `time,a,b,c\n${Array.from({ length: rows }, (_, row) => `${minute(row)},${value(row)},${2 * wave(row) + (row % 7) / 50},${(row % 5) / 10}`).join('\n')}\n`;

  test('show an anomaly in one column, and whom to blame among several', async () => {
    const text = file(900, (row) => wave(row) + (row % 3) / 100 + (row >= 700 && row < 760 ? 5 : 0));
    const alone = await detect(text, { values: ['a'], training: 300 });
    expect(alone.rows.findIndex(({ anomaly }) => anomaly)).toBeGreaterThanOrEqual(700);
    expect(alone.rows.slice(700, 712).find(({ anomaly }) => anomaly)?.blame).toEqual(['a']);
    const together = await detect(text, { training: 300 });
    expect(together.rows.slice(0, 300).every(({ score }) => score === 0)).toBe(true);
    expect(together.rows.slice(705, 750).filter(({ anomaly, blame }) => anomaly && blame[0] === 'a')).toHaveLength(45);
  });

  test('never see the future: formats and columns are those of the first 1,000 rows', async () => {
    const begin = Array.from(
      { length: headRows + 5 },
      (_, row) => `${1_700_000_000 + row * 300};1,${100 + (row % 50)};${row % 7}`,
    );
    const end = Array.from({ length: 1500 }, (_, row) => `${1_700_000_000_000 + row};1,2;off`);
    const begun = await detect(['time;v;w', ...begin].join('\n'));
    const whole = await detect(['time;v;w', ...begin, '99999999999999;1,100;2', ...end].join('\n'));
    expect(whole.rows.slice(0, begin.length)).toEqual(begun.rows);
    expect(whole.notes.slice(0, 2)).toEqual(begun.notes.slice(0, 2));
    expect(whole.notes).toContain(`line ${headRows + 7}: "99999999999999" is no time; the row is not judged`);
    expect(whole.notes).toContain(`line ${headRows + 8}: "1,2" is no number, in column v`);
    expect(whole.notes).toContain(`line ${headRows + 8}: "off" is no number, in column w`);
  });

  test('never see the future: the scores of a beginning are the beginning of the scores', async () => {
    const cells = fc.array(fc.constantFrom('1', '2', '3.5', '40', '', 'x', '-7'), { minLength: 200, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(cells, fc.nat(), fc.constantFrom(['a'], ['a', 'b']), async (values, where, columns) => {
        const lines = values.map((value, row) => `${minute(row)},${value},${row % 4}`);
        const options = { values: columns, training: 60 };
        const whole = await detect(['time,a,b', ...lines].join('\n'), options);
        const cut = where % values.length;
        const begun = await detect(['time,a,b', ...lines.slice(0, cut)].join('\n'), options);
        expect(begun.rows).toEqual(whole.rows.slice(0, cut));
      }),
      { numRuns: 20 },
    );
  });
});
