import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { collect } from '../../test/conformance.ts';
import { prepareReplay, readHistory } from './index.ts';

const rows = [
  'time,equipment,point,value',
  '2026-01-31T08:15:00Z,main-meter,energyImport,1234.5',
  '1769847300000,main-meter,power,12',
  '2026-01-31T16:15:00.000+08:00,lobby,temperature,21.5',
  '2026-01-31T08:30:00Z,main-meter,energyImport,',
];

function fileOf(lines: readonly string[]): string {
  const file = join(testContext().directory, 'history.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function readAll(file: string, size?: number) {
  const batches = [];
  for await (const batch of readHistory(file, size)) batches.push(batch);
  return batches;
}

describe('a history file', () => {
  it('gives its rows with their own times, in batches', async () => {
    const batches = await readAll(fileOf(rows), 3);
    expect(batches.map((b) => b.length)).toEqual([3, 1]);
    const time = Date.UTC(2026, 0, 31, 8, 15);
    expect(batches.flat()).toEqual([
      { equipment: 'main-meter', point: 'energyImport', sourceTime: time, value: 1234.5, quality: 'good' },
      { equipment: 'main-meter', point: 'power', sourceTime: time, value: 12, quality: 'good' },
      { equipment: 'lobby', point: 'temperature', sourceTime: time, value: 21.5, quality: 'good' },
      {
        equipment: 'main-meter',
        point: 'energyImport',
        sourceTime: time + 900_000,
        value: null,
        quality: 'bad',
        reason: 'not-available',
      },
    ]);
  });

  it.each([
    [['when,what', '1,2'], /history\.csv:1: the header/],
    [[...rows, '2026-01-31 08:15,main-meter,power,1'], /history\.csv:6: `2026-01-31 08:15` is no time with its zone/],
    [[...rows, '2026-01-31T08:15:00Z,main-meter,power,1,2'], /history\.csv:6: there are not four columns/],
    [[...rows, '2026-01-31T08:15:00Z,main-meter,power,high'], /history\.csv:6: `high` is not a number/],
  ])('that does not fit is said with its line', async (lines, said) => {
    await expect(readAll(fileOf(lines))).rejects.toThrowError(said);
  });

  it('that is not there is said', async () => {
    await expect(readAll('/nowhere/history.csv')).rejects.toMatchObject({ code: 'replay-file' });
  });

  it('stops being read when nobody wants more', async () => {
    const many = [rows[0] ?? '', ...Array.from({ length: 20_000 }, (_, i) => `17698473${10_000 + i},m,power,1`)];
    const iterator = readHistory(fileOf(many), 10);
    expect((await iterator.next()).value).toHaveLength(10);
    await iterator.return();
    expect((await iterator.next()).done).toBe(true);
  });
});

describe('a replay connection', () => {
  const prepare = (file: string) =>
    prepareReplay({ file }, 'history', [bindingOf('main-meter', 'janitza-umg96rm')], testContext());

  it('pushes the rows of its equipment once', async () => {
    const connection = await prepare(fileOf(rows));
    onTestFinished(() => connection.close());
    await connection.open();
    const heard = collect(connection);
    await vi.waitFor(() => expect(heard.newest('energyImport')?.value).toBe(null));
    expect(heard.newest('temperature')).toBeUndefined();
    expect(heard.newest('power')?.value).toBe(12);
    expect(await connection.probe('main-meter')).toMatchObject({ ok: true });
    expect(await connection.probe('other')).toMatchObject({ ok: false });
  });

  it('says that there is no file, and may be closed at any time', async () => {
    const connection = await prepare('/nowhere/history.csv');
    await expect(connection.open()).rejects.toMatchObject({ kind: 'no-answer' });
    expect(await connection.probe('main-meter')).toMatchObject({ ok: false });
    await connection.close();
    await connection.close();
  });
});
