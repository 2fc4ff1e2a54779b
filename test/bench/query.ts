import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import type { Interval } from '@plantroom/model';
import { startInfluxdb, temporaryDirectory } from '@plantroom/testing';
import { EnergyFigures } from '../../packages/cloud/src/metering/energy-figures.ts';
import { batchAt, modelWith } from '../../packages/cloud/src/records/conformance-kit.ts';
import { openSqliteRecords } from '../../packages/cloud/src/records/sqlite-records.ts';
import { regroup, rollUp } from '../../packages/cloud/src/rollup.ts';
import type { RawRow, StoredFrame, TimeSeriesStore } from '../../packages/cloud/src/time-series/contract.ts';
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
  await fillRollups(store, month);
}

/** Rows as `framesOf` makes them. */
function rowsOf(from: number, to: number, step: number): RawRow[] {
  const count = Math.ceil((to - from) / step);
  return Array.from({ length: count }, (_, n) => ({ time: from + n * step, value: n % 977, quality: 'good' }));
}

/** As the service makes them: quarters of the fast point, days of the meters. */
async function fillRollups(store: TimeSeriesStore, month: { from: number; to: number }): Promise<void> {
  const { site, equipment, point } = fast;
  const quarters = rollUp(rowsOf(month.from, month.to, 10 * second), { ...month, width: quarter }, hour);
  await store.replaceRollups('quarter', { site, ...month }, [{ equipment, point, rollups: quarters }]);
  const range = { from: start, to: start + year };
  const days = regroup(rollUp(rowsOf(range.from, range.to, quarter), { ...range, width: day }, hour), (t) => t);
  const all = meters.map((m) => ({ equipment: m, point: 'energy', rollups: days }));
  await store.replaceRollups('day', { site, ...range }, all);
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
    name: 'a month by hour, one point each 10 s, from samples',
    ask: async (s) => (await s.steps({ ...fast, from: julyFirst, to: julyFirst + 31 * day }, hour, 0)).length,
    rows: 744,
  },
  {
    name: 'a month by hour, one point each 10 s, from rollups',
    ask: async (s) => {
      const quarters = await s.rollups('quarter', { ...fast, from: julyFirst, to: julyFirst + 31 * day });
      return regroup(quarters, (time) => Math.floor(time / hour) * hour).length;
    },
    rows: 744,
  },
  {
    name: 'a year of 15-minute data by day, 20 meters, from rollups',
    target: 300,
    ask: async (s) => sum(await Promise.all(meters.map(async (m) => (await s.rollups('day', inAYear(m))).length))),
    rows: 365 * 20,
  },
  {
    name: 'a year of 15-minute data by day, 20 meters, from samples',
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

/** A year of intervals of 20 meters in the embedded records, each meter by day against the year before. */
async function consumption(folder: string): Promise<Figure[]> {
  const records = await openSqliteRecords(join(folder, 'records.sqlite'));
  try {
    await records.saveModel('harbour', 'gw-1', modelWith('revision-bench', 1), start);
    const most = 1000;
    let frames = 0;
    for (const equipment of meters)
      for (let at = start; at < start + year; at += most * quarter) {
        const count = Math.min(most, (start + year - at) / quarter);
        const intervals = Array.from({ length: count }, (_, n): Interval => {
          return { equipment, start: at + n * quarter, kWh: (n % 31) / 10, status: 'measured', revision: 1 };
        });
        await records.commitEvents(batchAt(++frames, { intervals }));
      }
    const energy = new EnergyFigures({
      read: (...query) => records.intervals(...query),
      readDays: (...query) => records.intervalDays(...query),
      timezoneOf: () => 'Asia/Shanghai',
    });
    // Midnight in Shanghai.
    const from = start - 8 * hour;
    const rounds: number[] = [];
    for (let n = 0; n <= warmRounds; n++) {
      const began = systemClock.monotonic();
      for (const meter of meters) {
        const { items } = await energy.consumption('harbour', meter, 'day', from, from + year);
        if (items.length !== 365 || items[7]?.kWh === null) throw new Error(`${meter}: ${items.length} days`);
      }
      rounds.push(systemClock.monotonic() - began);
    }
    const [cold = 0, ...warm] = rounds;
    const median = warm.sort((a, b) => a - b)[warmRounds >> 1] ?? 0;
    const name = 'records: a year of consumption by day against the year before, 20 meters';
    return [orientation(`${name}, first`, cold, 'ms'), atMost(`${name}, warm`, median, 'ms', 300)];
  } finally {
    await records.close();
  }
}

/** "Cold" is a database that was just opened or started, with its files in the system's cache. */
export const bench: Bench = {
  about: 'reading from each store, just opened (cold) and again (warm, median of 5); time until the rows are here',
  async run() {
    using folder = temporaryDirectory('plantroom-bench');
    return [
      ...(await consumption(folder.path)),
      ...(await measure('duckdb', () => openDuckdbStore(join(folder.path, 'series')))),
      ...(await inInfluxdb()),
    ];
  },
};
