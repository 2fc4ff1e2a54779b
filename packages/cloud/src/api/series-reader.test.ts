import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timeZone } from '@plantroom/energy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameName, frameOf } from '../time-series/conformance-kit.ts';
import { type DuckdbStore, openDuckdbStore } from '../time-series/duckdb-store.ts';
import { readRaw, readSteps } from './series-reader.ts';

const hour = 3_600_000;
const day = 24 * hour;
const point = { site: 'werk', equipment: 'p1', point: 'speed' };
const berlin = timeZone('Europe/Berlin');
/** Saturday 28 March 2026, midnight in Berlin; the clocks go forward in the night to Sunday. */
const saturday = Date.UTC(2026, 2, 27, 23);
const monday = saturday + 47 * hour;

let directory: string;
let store: DuckdbStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plantroom-series-'));
  store = await openDuckdbStore(directory);
  const times = Array.from({ length: 71 }, (_, i) => saturday + i * hour);
  const samples = times.map((time, i) => ({ ...point, time, gatewayTime: time, value: i, quality: 'good' as const }));
  const spoilt = { ...point, time: monday + 1, gatewayTime: monday + 1, value: null };
  await store.write([frameOf(frameName(1), [...samples, { ...spoilt, quality: 'bad', reason: 'decode' }])]);
});
afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

const read = (from: number, to: number, interval: number, aggregate: 'mean' | 'count' | 'last' = 'mean') =>
  readSteps(store, { ...point, from, to }, interval, aggregate, berlin.offset);

test('a local day of 23 hours has the 23 samples of that day', async () => {
  const { from, to, items } = await read(saturday, monday + day, day, 'count');
  expect([from, to]).toEqual([saturday, monday + day]);
  expect(items.map((i) => [i.time, i.value])).toEqual([
    [saturday, 24],
    [saturday + day, 23],
    [monday, 24],
  ]);
});

test('the figures of the short day are those of its samples', async () => {
  const [, sunday] = (await read(saturday, monday + day, day)).items;
  expect(sunday).toMatchObject({ value: 35, minimum: 24, maximum: 46, count: 23, quality: 0 });
  expect((await read(saturday, monday + day, day, 'last')).items[1]?.value).toBe(46);
});

test('a bad sample marks its step without spoiling the figures', async () => {
  const [step] = (await read(monday, monday + hour, hour)).items;
  expect(step).toMatchObject({ value: 47, count: 1, quality: 203 });
});

test('steps without samples have nulls, before, between and after', async () => {
  const { items } = await read(saturday - hour, saturday + 2 * hour, 1_800_000);
  expect(items.map((i) => i.value)).toEqual([null, null, 0, null, 1, null]);
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
  const row = { time: saturday, value: 4, minimum: 1, maximum: 9, count: 60, quality: 0 };
  expect(await readRaw(store, { ...own, from: saturday, to: monday }, 10)).toEqual([row]);
  const { items } = await readSteps(
    store,
    { ...own, from: saturday, to: saturday + hour },
    hour,
    'mean',
    berlin.offset,
  );
  expect(items).toEqual([row]);
});
