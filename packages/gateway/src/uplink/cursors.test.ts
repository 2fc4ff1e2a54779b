import { beforeEach, expect, it } from 'vitest';
import type { UplinkEntry, UplinkLog } from './contract.ts';
import { Cursors } from './cursors.ts';

const entryOf = (row: number): UplinkEntry => ({
  epoch: 'e',
  lane: 'telemetry',
  sequence: row,
  row,
  revision: 'r',
  bytes: new Uint8Array(),
});

let rows: number[];
let asked: number;
/** Runs while the log is read, after it has looked. */
let meanwhile: () => void;
let cursors: Cursors;
beforeEach(async () => {
  rows = [1, 2];
  asked = 0;
  meanwhile = () => {};
  const log: Pick<UplinkLog, 'next' | 'stats'> = {
    async next({ after, limit }) {
      asked++;
      const found = rows.filter((row) => row > after).slice(0, limit);
      meanwhile();
      return found.map(entryOf);
    },
    stats: async () => ({ nextRow: 3, lanes: { telemetry: { entries: 2 } } }),
  };
  cursors = new Cursors(log as UplinkLog);
  await cursors.begin(true);
});

const take = async (limit = 4) => (await cursors.take('live', limit, 0, () => false)).map((e) => e.row);

it('asks a log that was read to its end no more until it has news', async () => {
  expect([await take(), await take(), asked]).toEqual([[1, 2], [], 1]);
  rows.push(3);
  cursors.hasNews();
  expect([await take(), asked]).toEqual([[3], 2]);
});

it('goes on where its limit ended', async () => {
  expect([await take(1), await take(1), await take(1)]).toEqual([[1], [2], []]);
});

it('misses nothing that is logged while it reads', async () => {
  meanwhile = () => {
    rows.push(3);
    meanwhile = () => {};
    cursors.hasNews();
  };
  expect([await take(), await take()]).toEqual([[1, 2], [3]]);
});

it('reads again what it was told to read again', async () => {
  await take();
  cursors.rewind(entryOf(2));
  expect(await take()).toEqual([2]);
});
