import { join } from 'node:path';
import { ManualClock, silentLogger } from '@plantroom/base';
import { temporaryDirectory } from '@plantroom/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { longestHold, quarterLength as quarter, touchedQuarters } from '../quarters.ts';
import type { Records } from '../records/contract.ts';
import { openSqliteRecords } from '../records/sqlite-records.ts';
import { frameName, frameOf, sampleAt, series } from '../time-series/conformance-kit.ts';
import type { RollupWidth, StoredSample, TimeSeriesStore } from '../time-series/contract.ts';
import { openDuckdbStore } from '../time-series/duckdb-store.ts';
import { RollupMaker, type RollupMakerOptions } from './rollup-maker.ts';

const minute = 60_000;
const day = 86_400_000;
/** Midnight in Shanghai, the last day of a month and of UTC's year. */
const midnight = Date.UTC(2026, 11, 30, 16);
const hold = 90_000;

let directory: ReturnType<typeof temporaryDirectory>;
let store: TimeSeriesStore;
let records: Records;
let clock: ManualClock;
let maker: RollupMaker;
let sequence: number;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new ManualClock(midnight + day);
  store = await openDuckdbStore(join(directory.path, 'series'));
  records = await openSqliteRecords(join(directory.path, 'records.sqlite'), clock);
  sequence = 0;
  await records.beginRollups(series.site, 0, 0, 0);
  maker = make();
});

afterEach(async () => {
  await maker.stop();
  await Promise.all([store.close(), records.close()]);
  directory.remove();
});

function make(more: Partial<RollupMakerOptions> = {}) {
  const site = { timezone: 'Asia/Shanghai', hold: () => hold, longestHold };
  const sites = async () => new Map([series.site, 'before'].map((id) => [id, site]));
  return new RollupMaker({ store, records, sites, clock, logger: silentLogger, retention: 90, ...more });
}

/** As ingest does it: samples, then ledger and marks. */
async function ingest(...samples: StoredSample[]): Promise<void> {
  const frame = frameOf(frameName(++sequence), samples);
  await store.write([frame]);
  await commit(frame);
}

async function commit({ frame, samples }: ReturnType<typeof frameOf>): Promise<void> {
  const entry = { ...frame, lane: 'telemetry' as const };
  const quarters = touchedQuarters(samples, hold);
  const times = { oldestGatewayTime: samples.times[0] ?? 0, newestGatewayTime: samples.times.at(-1) ?? 0 };
  await records.commitTelemetry([{ entry, samples: samples.times.length, ...times, quarters }], clock.now());
}

/** Lets all rest for long enough, and works. */
async function rest(ms = minute): Promise<void> {
  await clock.advance(ms);
  await maker.round();
}

const read = async (width: RollupWidth, point = series.point) =>
  (await store.rollups(width, { ...series, point, from: 0, to: 4e12 })).map((r) => [
    (r.time - midnight) / minute,
    r.mean,
    r.covered / 1000,
  ]);
const marked = async () => [
  (await records.marks({ width: 'quarter', limit: 99 })).length,
  (await records.marks({ width: 'day', limit: 99 })).length,
];

it('makes minutes, quarters and days of what was committed, values standing from one into the next', async () => {
  await ingest(sampleAt(midnight + 14.5 * minute, 10), sampleAt(midnight + 15.5 * minute, 20));
  await rest();
  expect(await read('minute')).toEqual([
    [14, 10, 30],
    [15, 15, 60],
    [16, 20, 60],
  ]);
  expect(await read('quarter')).toEqual([
    [0, 10, 30],
    [15, (10 * 30 + 20 * 90) / 120, 120],
  ]);
  expect(await read('day')).toEqual([]);
  expect(await marked()).toEqual([0, 1]);
  await rest(quarter);
  expect(await read('day')).toEqual([[0, 16, 150]]);
  expect(await marked()).toEqual([0, 0]);
});

it('makes them anew when late samples arrive, the day too', async () => {
  await ingest(sampleAt(midnight + 5 * minute, 10));
  await rest();
  await rest(quarter);
  await ingest(sampleAt(midnight + 5.5 * minute, null, { quality: 'bad', reason: 'no-answer' }));
  await rest();
  await rest();
  expect(await read('minute')).toEqual([
    [5, 10, 30],
    [6, null, 0],
  ]);
  expect(await read('day')).toEqual([[0, 10, 30]]);
});

it('waits for the end of a quarter and of a day, by the wall clock of the site', async () => {
  clock = new ManualClock(midnight + day - 10 * minute);
  await maker.stop();
  maker = make();
  await ingest(sampleAt(midnight + day - 20 * minute, 1), sampleAt(midnight + day - 12 * minute, 2));
  await rest();
  expect((await read('quarter')).map(([start]) => start)).toEqual([1440 - 30]);
  await rest(15 * minute);
  expect((await read('quarter')).map(([start]) => start)).toEqual([1440 - 30, 1440 - 15]);
  expect(await read('day')).toEqual([]);
  await rest(15 * minute);
  expect((await read('day')).map(([start]) => start)).toEqual([0]);
});

it('forgets nothing that a crash interrupts, wherever it comes', async () => {
  const steps: [string, Partial<RollupMakerOptions>][] = [
    ['scan', { store: { ...bound(), scan: broken } }],
    ['minutes', { store: { ...bound(), replaceRollups: broken } }],
    [
      'quarters',
      {
        store: {
          ...bound(),
          replaceRollups: (w, ...r) => (w === 'quarter' ? broken() : store.replaceRollups(w, ...r)),
        },
      },
    ],
    ['marks', { records: { ...boundRecords(), settleMarks: broken } }],
  ];
  for (const [n, [, crash]] of steps.entries()) {
    await ingest(sampleAt(midnight + n * minute, n));
    const crashing = make(crash);
    await clock.advance(minute);
    await crashing.round();
    await crashing.stop();
    expect((await marked())[0]).toBeGreaterThan(0);
  }
  await rest();
  expect((await read('minute')).slice(0, 4)).toEqual([0, 1, 2, 3].map((n) => [n, n, 60]));
  expect((await marked())[0]).toBe(0);
});

const broken = (): never => {
  throw new Error('the process ends here');
};
const boundRecords = () => ({
  marks: records.marks,
  beginRollups: records.beginRollups,
  begunRollups: records.begunRollups,
});
const bound = () => ({
  scan: store.scan.bind(store),
  replaceRollups: store.replaceRollups.bind(store),
  siteRollups: store.siteRollups.bind(store),
  oldest: store.oldest.bind(store),
});

it('makes the others when one cannot be made', async () => {
  await ingest(sampleAt(midnight, 1), sampleAt(midnight + 10 * quarter, 2));
  const crashing = make({
    store: {
      ...bound(),
      scan: (range) => (range.from < midnight + quarter ? broken() : store.scan(range)),
    },
  });
  await clock.advance(minute);
  await crashing.round();
  await crashing.stop();
  expect((await read('quarter')).map(([start]) => start)).toEqual([150]);
  expect((await marked())[0]).toBe(1);
});

it('makes those of a site when none of another, which come first, can be made', async () => {
  await records.beginRollups('before', midnight - 5 * 60 * minute, midnight, 0);
  await ingest(sampleAt(midnight, 1));
  const scan: TimeSeriesStore['scan'] = (range) => (range.site === 'before' ? broken() : store.scan(range));
  const crashing = make({ store: { ...bound(), scan } });
  await clock.advance(minute);
  await crashing.round();
  await crashing.stop();
  expect(await read('quarter')).toHaveLength(1);
});

it('makes what came while it was at work in the next round', async () => {
  await ingest(sampleAt(midnight, 1));
  const late = sampleAt(midnight + minute, 2);
  const interrupted = make({
    store: {
      ...bound(),
      replaceRollups: async (...all) => {
        await store.replaceRollups(...all);
        if (all[0] === 'minute' && sequence === 1) await ingest(late);
      },
    },
  });
  await clock.advance(minute);
  await interrupted.round();
  await interrupted.stop();
  expect(await marked()).toEqual([1, 1]);
  await rest();
  expect(await read('quarter')).toEqual([[0, (1 * 60 + 2 * 90) / 150, 150]]);
});

it('makes rollups of what was stored before there were any, once', async () => {
  const own = { site: 'before' };
  const starts = async () =>
    (await store.rollups('quarter', { ...series, ...own, from: 0, to: 4e12 })).map(
      (r) => (r.time - midnight) / quarter,
    );
  const write = (n: number, ...at: number[]) =>
    store.write([
      frameOf(
        frameName(n, own),
        at.map((time) => sampleAt(midnight + time, 1, own)),
      ),
    ]);
  await write(1, 0, 3 * quarter);
  await rest();
  expect(await starts()).toEqual([0, 3]);
  // Only the present quarter is left.
  expect((await marked())[0]).toBe(1);
  await write(2, quarter);
  await maker.stop();
  maker = make();
  await rest();
  expect(await starts()).toEqual([0, 3]);
});

it('leaves the rollups of samples that are kept no longer as they are', async () => {
  await ingest(sampleAt(midnight, 1), sampleAt(midnight + minute, 3));
  await rest();
  await maker.stop();
  maker = make({ retention: 7 });
  await clock.advance(6 * day);
  await ingest(sampleAt(midnight + 2 * minute, 99));
  await rest();
  expect(await read('minute')).toEqual([
    [0, 1, 60],
    [1, 3, 60],
    [2, 3, 30],
  ]);
  expect((await marked())[0]).toBe(0);
});
