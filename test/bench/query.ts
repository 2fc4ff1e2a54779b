import { silentLogger, systemClock } from '@plantroom/base';
import { startInfluxdb, temporaryDirectory } from '@plantroom/testing';
import type { StoredFrame, TimeSeriesStore } from '../../packages/cloud/src/time-series/contract.ts';
import { openDuckdbStore } from '../../packages/cloud/src/time-series/duckdb-store.ts';
import { openInfluxV1 } from '../../packages/cloud/src/time-series/influx-v1.ts';
import { atMost, type Bench, type Figure, orientation } from './figure.ts';

const [second, quarter, hour, day] = [1000, 900_000, 3_600_000, 86_400_000];
const start = Date.UTC(2025, 0, 1);
const year = 365 * day;
const meters = Array.from({ length: 20 }, (_, n) => `meter-${n}`);
const fast = { site: 'bench', equipment: 'pump-1', point: 'flow' };
const slow = (equipment: string) => ({ site: 'bench', equipment, point: 'energy' });
const largestFrame = 5000;
let sequence = 0;

/** Frames of one point with a value each `step`, as many as fill the time. */
function* framesOf(series: StoredFrame['samples']['series'][number], from: number, to: number, step: number) {
  for (let at = from; at < to; at += largestFrame * step) {
    const rows = Math.min(largestFrame, Math.ceil((to - at) / step));
    const times = Float64Array.from({ length: rows }, (_, n) => at + n * step);
    const samples = {
      ...{ series: [series], counts: [rows], times, lags: new Float64Array(rows), qualities: new Uint16Array(rows) },
      values: times.map((time) => Math.round(((time / step) % 977) * 31) / 100),
    };
    yield { frame: { site: 'bench', gateway: 'gw-1', epoch: 'bench-epoch', sequence: ++sequence }, samples };
  }
}

/** A month of one point each 10 s, in the middle of a year of 20 meters each 15 minutes: 970,000 samples. */
async function fill(store: TimeSeriesStore): Promise<void> {
  const month = { from: start + 181 * day, to: start + 212 * day };
  const all = [
    ...framesOf({ ...fast, kind: 'pump' }, month.from, month.to, 10 * second),
    ...meters.flatMap((m) => [...framesOf({ ...slow(m), kind: 'energy-meter' }, start, start + year, quarter)]),
  ];
  for (let at = 0; at < all.length; at += 16) await store.write(all.slice(at, at + 16));
}

interface Question {
  readonly name: string;
  /** ms, where the design has a budget. */
  readonly target?: number;
  /** Gives the number of rows, and what it must be. */
  readonly ask: (store: TimeSeriesStore) => Promise<number>;
  readonly rows: number;
}

const julyFirst = start + 181 * day;
const inAYear = (m: string) => ({ ...slow(m), from: start, to: start + year });
const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
const questions: readonly Question[] = [
  {
    name: 'a day raw, one point each 10 s',
    ask: async (s) => (await s.raw({ ...fast, from: julyFirst + 9 * day, to: julyFirst + 10 * day }, 1e6)).length,
    rows: 8640,
  },
  {
    name: 'a month by hour, one point each 10 s',
    ask: async (s) => (await s.steps({ ...fast, from: julyFirst, to: julyFirst + 31 * day }, hour, 0)).length,
    rows: 744,
  },
  {
    name: 'a year of 15-minute data by day, 20 meters',
    target: 300,
    ask: async (s) => sum(await Promise.all(meters.map(async (m) => (await s.steps(inAYear(m), day, 0)).length))),
    rows: 365 * 20,
  },
  {
    name: 'a year of 15-minute data, every value, 20 meters',
    ask: async (s) => sum(await Promise.all(meters.map(async (m) => (await s.raw(inAYear(m), 1e6)).length))),
    rows: 35_040 * 20,
  },
];

/** ms; throws when the answer has not the rows that it must have. */
async function time({ name, ask, rows }: Question, store: TimeSeriesStore): Promise<number> {
  const began = systemClock.monotonic();
  const found = await ask(store);
  const took = systemClock.monotonic() - began;
  if (found !== rows) throw new Error(`${name}: ${found} rows instead of ${rows}`);
  return took;
}

const warmRounds = 5;

/** Each question first on a store that was just opened, then again and again; the median counts. */
async function measure(name: string, reopen: () => Promise<TimeSeriesStore>): Promise<Figure[]> {
  const figures: Figure[] = [];
  await using filled = closing(await reopen());
  await fill(filled.store);
  await filled.store.close();
  for (const question of questions) {
    await using opened = closing(await reopen());
    const cold = await time(question, opened.store);
    const rounds: number[] = [];
    for (let n = 0; n < warmRounds; n++) rounds.push(await time(question, opened.store));
    const warm = rounds.sort((a, b) => a - b)[warmRounds >> 1] ?? 0;
    const said = (how: string) => `${name}: ${question.name}, ${how}`;
    figures.push(orientation(said('cold'), cold, 'ms'));
    figures.push(
      question.target === undefined
        ? orientation(said('warm'), warm, 'ms')
        : atMost(said('warm'), warm, 'ms', question.target),
    );
  }
  return figures;
}

const closing = (store: TimeSeriesStore) => ({ store, [Symbol.asyncDispose]: () => store.close() });

async function inInfluxdb(): Promise<Figure[]> {
  const server = await startInfluxdb();
  try {
    return await measure('influx-v1', async () => {
      await server.restart();
      return openInfluxV1({ url: server.url, database: 'bench', logger: silentLogger });
    });
  } finally {
    await server.stop();
  }
}

/** "Cold" is a database that was just opened or started, with its files in the system's cache. */
export const bench: Bench = {
  about: 'reading from each store, just opened (cold) and again (warm, median of 5); time until the rows are here',
  async run() {
    using folder = temporaryDirectory('plantroom-bench');
    return [...(await measure('duckdb', () => openDuckdbStore(folder.path))), ...(await inInfluxdb())];
  },
};
