import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, silentLogger } from '@plantroom/base';
import { timeZone } from '@plantroom/energy';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { touchedQuarters } from '../quarters.ts';
import type { Records } from '../records/contract.ts';
import { openSqliteRecords } from '../records/sqlite-records.ts';
import { RollupMaker } from '../rollups/rollup-maker.ts';
import { frameName, frameOf } from '../time-series/conformance-kit.ts';
import type { StoredSample, TimeSeriesStore } from '../time-series/contract.ts';
import { openDuckdbStore } from '../time-series/duckdb-store.ts';
import { readRaw, readSteps } from './series-reader.ts';

const hour = 3_600_000;
const day = 24 * hour;
const point = { site: 'werk', equipment: 'p1', point: 'speed' };
const berlin = timeZone('Europe/Berlin');
/** Saturday 28 March 2026, midnight in Berlin; the clocks go forward in the night to Sunday. */
const saturday = Date.UTC(2026, 2, 27, 23);
const monday = saturday + 47 * hour;

/** As long as the samples are apart. */
const hold = hour;

let directory: string;
let store: TimeSeriesStore;
let records: Records;
let sequence = 0;
let clock: ManualClock;

/** As ingest does it. */
async function ingest(samples: StoredSample[]): Promise<void> {
  const { frame, samples: columns } = frameOf(frameName(++sequence, { site: point.site }), samples);
  await store.write([{ frame, samples: columns }]);
  const entry = { ...frame, lane: 'telemetry' as const };
  const times = { oldestGatewayTime: 0, newestGatewayTime: 0 };
  const quarters = touchedQuarters(columns, hold);
  await records.commitTelemetry([{ entry, samples: samples.length, ...times, quarters }], clock.now());
}

const sample = (time: number, value: number | null) =>
  ({ ...point, time, gatewayTime: time, value, quality: value === null ? 'bad' : 'good' }) as const;

async function makeRollups(): Promise<void> {
  await clock.advance(60_000);
  const sites = async () => new Map([[point.site, { timezone: 'Europe/Berlin', hold: () => hold, longestHold: hold }]]);
  const maker = new RollupMaker({ store, records, sites, clock, logger: silentLogger, retention: 90 });
  await maker.round();
  await clock.advance(60_000);
  await maker.round();
}

beforeEach(async () => {
  clock = new ManualClock(monday + 3 * day + 60_000);
  directory = await mkdtemp(join(tmpdir(), 'plantroom-series-'));
  store = await openDuckdbStore(join(directory, 'series'));
  records = await openSqliteRecords(join(directory, 'records.sqlite'), clock);
  await records.beginRollups(point.site, 0, 0, 0);
  await ingest([
    ...Array.from({ length: 71 }, (_, i) => sample(saturday + i * hour, i)),
    sample(monday + 30 * 60_000, null),
  ]);
});
afterEach(async () => {
  await Promise.all([store.close(), records.close()]);
  await rm(directory, { recursive: true, force: true });
});

const source = () => ({ store, records, hold, now: clock.now(), dayOf: (t: number) => berlin.startOf('day', t) });
const read = (from: number, to: number, interval: number, aggregate: 'mean' | 'count' | 'last' = 'mean') =>
  readSteps(source(), { ...point, from, to }, interval, aggregate, berlin.offset);

test.each(['before', 'after'])('%s rollups are made, a local day of 23 hours is that of 23 hours', async (when) => {
  if (when === 'after') await makeRollups();
  const { from, to, items, resolution } = await read(saturday, monday + day, day, 'count');
  expect([from, to, resolution]).toEqual([saturday, monday + day, 'day']);
  expect(items.map((i) => [i.time, i.value])).toEqual([
    [saturday, 24],
    [saturday + day, 23],
    [monday, 24],
  ]);
  const [, sunday] = (await read(saturday, monday + day, day)).items;
  expect(sunday?.value).toBeCloseTo(35, 9);
  expect(sunday).toMatchObject({ minimum: 24, maximum: 46, count: 23, quality: 0, coverage: 1 });
  expect((await read(saturday, monday + day, day, 'last')).items[1]?.value).toBe(46);
});

test('a bad sample marks its step without spoiling the figures, and ends the value before it', async () => {
  const [step] = (await read(monday, monday + hour, hour)).items;
  expect(step).toMatchObject({ value: 47, count: 1, quality: 200, coverage: 0.5 });
});

test('a value stands until it is stale; steps of which nothing is known have nulls', async () => {
  const [from, to] = [saturday - hour, saturday + 2 * hour];
  expect((await read(from, to, 1_800_000)).items.map((i) => i.value)).toEqual([null, null, 0, 0, 1, 1]);
  const end = saturday + 70 * hour;
  const { items } = await read(end, end + 4 * hour, hour);
  expect(items.map((i) => i.value)).toEqual([70, null, null, null]);
});

test.each([60_000, 900_000, hour, 6 * hour, day])(
  'steps of %d ms are the same before and after rollups are made',
  async (step) => {
    const range = [saturday - hour, Math.min(monday + 2 * day, saturday + 4000 * step)] as const;
    const before = await read(...range, step);
    await makeRollups();
    expect((await records.marks({ width: 'quarter', limit: 1 })).length).toBe(0);
    const after = await read(...range, step);
    expect(rounded(after)).toEqual(rounded(before));
    await ingest([sample(saturday + 90 * 60_000, 500)]);
    const late = await read(...range, step);
    expect(late).not.toEqual(after);
    await makeRollups();
    expect(rounded(await read(...range, step))).toEqual(rounded(late));
  },
);

const rounded = (read: object) =>
  JSON.parse(JSON.stringify(read, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(12)) : v))) as unknown;

test('steps that no rollup is fine enough for are made of samples', async () => {
  const { items, resolution } = await read(saturday + hour - 20_000, saturday + hour + 20_000, 10_000);
  expect([resolution, items.map((i) => i.value)]).toEqual(['raw', [0, 0, 1, 1]]);
});

test('no value stands in the future', async () => {
  await ingest([sample(clock.now() - 60_000, 9)]);
  const { items } = await read(clock.now() - hour, clock.now() + hour, 15 * 60_000);
  expect(items.map((i) => i.value)).toEqual([null, null, null, null, 9, ...Array(4).fill(null)]);
  expect(items[4]?.coverage).toBeCloseTo(1 / 15);
});

test('raw samples are refused when there are more than the limit', async () => {
  const query = { ...point, from: saturday, to: saturday + 10 * hour };
  expect(await readRaw(store, query, 9)).toBeUndefined();
  expect((await readRaw(store, query, 10))?.map((i) => i.value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('what stands for thinned samples is told with minimum, maximum and count', async () => {
  const thinned = {
    ...{ spans: Float64Array.of(59_000), sizes: Float64Array.of(60) },
    ...{ minima: Float64Array.of(1), maxima: Float64Array.of(9) },
  };
  const own = { ...point, equipment: 'p2' };
  const { frame, samples } = frameOf(frameName(2), [
    { ...own, time: saturday, gatewayTime: saturday, value: 4, quality: 'good' },
  ]);
  await store.write([{ frame, samples: { ...samples, thinned } }]);
  const row = { time: saturday, value: 4, minimum: 1, maximum: 9, count: 60, quality: 0, coverage: 1 };
  expect(await readRaw(store, { ...own, from: saturday, to: monday }, 10)).toEqual([row]);
  await ingest([]);
  const { items } = await readSteps(
    source(),
    { ...own, from: saturday, to: saturday + hour },
    hour,
    'mean',
    berlin.offset,
  );
  expect(items).toEqual([row]);
});
