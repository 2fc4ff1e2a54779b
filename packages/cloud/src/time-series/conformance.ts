import assert from 'node:assert/strict';
import { type QualityMark, qualityCode } from '@plantroom/model';
import {
  all,
  type ConformanceCase,
  day,
  frameName,
  frameOf,
  held,
  minute,
  type StoreUnderTest,
  sampleAt,
  series,
  silent,
  start,
} from './conformance-kit.ts';
import { rollupCases } from './conformance-rollups.ts';
import type { TimeSeriesStore } from './contract.ts';

const valuesOf = async (store: TimeSeriesStore, query = all, limit = 1000) =>
  (await store.raw(query, limit)).map((r) => r.value);

async function givesSamplesBack(under: StoreUnderTest): Promise<void> {
  const samples = [sampleAt(start + 30 * minute, 3), sampleAt(start, 1, held), sampleAt(start + minute, null, silent)];
  assert.deepEqual(await under.store().write([frameOf(frameName(1), samples)]), []);
  for (const again of [false, true]) {
    if (again) await under.reopen();
    const rows = await under.store().raw(all, 1000);
    assert.deepEqual(
      rows.map((r) => [r.time, r.value, qualityCode(r)]),
      [
        [start, 1, 110],
        [start + minute, null, 201],
        [start + 30 * minute, 3, 0],
      ],
    );
  }
}

/** Three samples thinned to one row, then raw ones of the next minute. */
async function tellsThinnedFromRaw(under: StoreUnderTest): Promise<void> {
  const { frame, samples } = frameOf(frameName(1), [sampleAt(start, 2), sampleAt(start + 5 * minute, null, silent)]);
  const column = (...numbers: number[]) => Float64Array.from(numbers);
  const thinned = {
    spans: column(40_000, 0),
    minima: column(1, Number.NaN),
    maxima: column(6, Number.NaN),
    sizes: column(3, 0),
  };
  const raw = [sampleAt(start + minute, 10), sampleAt(start + minute + 1, 14)];
  for (const again of [false, true]) {
    if (again) await under.reopen();
    await under.store().write([{ frame, samples: { ...samples, thinned } }, frameOf(frameName(2), raw)]);
    assert.deepEqual(
      (await under.store().raw(all, 1000)).map((r) => [r.time - start, r.value, r.thinned]),
      [
        [0, 2, { minimum: 1, maximum: 6, count: 3, span: 40_000 }],
        [minute, 10, undefined],
        [minute + 1, 14, undefined],
        [5 * minute, null, { minimum: null, maximum: null, count: 0, span: 0 }],
      ],
    );
    assert.deepEqual(await valuesOf(under.store(), all, 2), [2, 10]);
    const steps = await under.store().steps(all, 5 * minute, 0);
    assert.deepEqual(steps, [
      { time: start, mean: 6, minimum: 1, maximum: 14, last: 14, count: 5, quality: 0 },
      { time: start + 5 * minute, mean: null, minimum: null, maximum: null, last: null, count: 0, quality: 201 },
    ]);
    assert.deepEqual(
      (await under.store().latest(4e12)).map((r) => [r.time - start, r.value]),
      [[minute + 1, 14]],
    );
  }
}

async function keepsFramesSingle(under: StoreUnderTest): Promise<void> {
  const write = (sequence: number, value: number) =>
    under.store().write([frameOf(frameName(sequence), [sampleAt(start + sequence * 20 * minute, value)])]);
  for (const n of [1, 1, 2]) await write(n, n * 10);
  await under.reopen();
  for (const n of [2, 1]) await write(n, n * 10);
  const twice = frameOf(frameName(3), [sampleAt(start + 5, 30)]);
  await under.store().write([twice, twice]);
  assert.deepEqual(await valuesOf(under.store()), [30, 10, 20]);
}

/** A device says something again, or with another value for the same second: nothing that was stored gives way to it. */
async function keepsTwoOfOneTime(under: StoreUnderTest): Promise<void> {
  const heard = [5, 12_000, -1, 336_843];
  const frames = heard.map((lag, n) => {
    const mark = n === 3 ? ({ quality: 'uncertain', reason: 'clock' } as const) : {};
    return frameOf(frameName(n + 1), [sampleAt(start, n === 3 ? 1 : n, { gatewayTime: start + lag, ...mark })]);
  });
  for (const frame of [...frames, ...frames]) await under.store().write([frame]);
  const rows = await under.store().raw(all, 10);
  assert.deepEqual(rows.map((r) => [r.time, r.value, r.quality]).sort(), [
    [start, 0, 'good'],
    [start, 1, 'good'],
    [start, 1, 'uncertain'],
    [start, 2, 'good'],
  ]);
  assert.equal((await under.store().steps(all, 5 * minute, 0))[0]?.count, 4);
  assert.deepEqual(
    (await under.store().latest(start)).map((r) => [r.time, r.changedAt]),
    [[start, start]],
  );
}

async function keepsFrameOfTwoMonthsSingle(under: StoreUnderTest): Promise<void> {
  const frame = frameOf(frameName(7), [sampleAt(start, 1), sampleAt(start + 20 * minute, 2)]);
  await under.store().write([frame]);
  await under.reopen();
  await under.store().write([frame]);
  assert.deepEqual(await valuesOf(under.store()), [1, 2]);
}

async function tellsStreamsApart(under: StoreUnderTest): Promise<void> {
  const others = [{}, { site: 'other' }, { gateway: 'gw-2' }, { epoch: 'epoch-0002' }];
  const frames = others.map((o, i) => frameOf(frameName(1, o), [sampleAt(start + i, i)]));
  await under.store().write(frames);
  assert.deepEqual(await valuesOf(under.store()), [0, 1, 2, 3]);
}

async function acceptsAnyOrder(under: StoreUnderTest): Promise<void> {
  for (const sequence of [5, 1, 3, 2, 4, 3, 1])
    await under.store().write([frameOf(frameName(sequence), [sampleAt(start + sequence, sequence)])]);
  assert.deepEqual(await valuesOf(under.store()), [1, 2, 3, 4, 5]);
}

async function answersForOneSeries(under: StoreUnderTest): Promise<void> {
  const samples = [0, 1, 2, 3].map((n) => sampleAt(start + n * minute, n));
  const others = [{ site: 'other' }, { equipment: 'pump-2' }, { point: 'head' }].map((o) => sampleAt(start, 99, o));
  const store = under.store();
  await store.write([frameOf(frameName(1), [...samples, ...others])]);
  assert.deepEqual(await valuesOf(store, { ...series, from: start + minute, to: start + 3 * minute }), [1, 2]);
  assert.deepEqual(
    (await store.raw(all, 2)).map((r) => r.value),
    [0, 1],
  );
  assert.deepEqual(await store.raw({ ...all, point: 'unknown' }, 10), []);
  assert.deepEqual(await store.steps({ ...all, equipment: 'unknown' }, minute, 0), []);
}

/** More rows than any one answer of a database holds. */
async function readsManyRows(under: StoreUnderTest): Promise<void> {
  const count = 25_001;
  const samples = Array.from({ length: count }, (_, n) => sampleAt(start + n * 1000, n));
  const store = under.store();
  await store.write([frameOf(frameName(1), samples)]);
  const numbers = (length: number) => Array.from({ length }, (_, n) => n);
  assert.deepEqual(await valuesOf(store, all, 1e9), numbers(count));
  assert.deepEqual(await valuesOf(store, all, 20_000), numbers(20_000));
  const steps = await store.steps(all, 1000, 0);
  assert.deepEqual(
    steps.map((s) => s.mean),
    numbers(count),
  );
}

async function computesSteps(under: StoreUnderTest): Promise<void> {
  const at = (seconds: number, value: number | null, mark: Partial<QualityMark> = {}) =>
    sampleAt(start + seconds * 1000, value, mark);
  const samples = [
    at(0, 2),
    at(30, 4, held),
    at(59.999, 999, { quality: 'bad', reason: 'out-of-range' }),
    at(120, null, silent),
    at(20 * 60, -1),
  ];
  await under.store().write([frameOf(frameName(1), samples)]);
  assert.deepEqual(await under.store().steps(all, minute, 0), [
    { time: start, mean: 3, minimum: 2, maximum: 4, last: 4, count: 2, quality: 204 },
    { time: start + 2 * minute, mean: null, minimum: null, maximum: null, last: null, count: 0, quality: 201 },
    { time: start + 20 * minute, mean: -1, minimum: -1, maximum: -1, last: -1, count: 1, quality: 0 },
  ]);
}

async function alignsSteps(under: StoreUnderTest): Promise<void> {
  // 16:00 UTC is midnight in Shanghai.
  const midnight = Date.UTC(2026, 0, 31, 16);
  const samples = [sampleAt(midnight - 1, 1), sampleAt(midnight, 2), sampleAt(midnight + day - 1, 4)];
  await under.store().write([frameOf(frameName(1), samples)]);
  const steps = await under.store().steps(all, day, -8 * 3_600_000);
  assert.deepEqual(
    steps.map((s) => [s.time, s.mean]),
    [
      [midnight - day, 1],
      [midnight, 3],
    ],
  );
}

async function knowsTheNewest(under: StoreUnderTest): Promise<void> {
  const flow = [5, 7, 7, 7].map((v, n) => sampleAt(start + n * 7 * minute, v));
  const lost = sampleAt(start + minute, null, { point: 'head', ...silent });
  const never = [0, 1, 2].map((n) => sampleAt(start + n * minute, 0, { point: 'tripped' }));
  const samples = [...flow, sampleAt(start, 1, { point: 'head' }), lost, ...never];
  await under.store().write([frameOf(frameName(1), samples)]);
  const rows = (await under.store().latest(start + 60 * minute)).sort((a, b) => a.point.localeCompare(b.point));
  assert.deepEqual(rows, [
    { ...sampleAt(start + 21 * minute, 7), changedAt: start + 7 * minute },
    { ...lost, changedAt: start + minute },
    { ...sampleAt(start + 2 * minute, 0, { point: 'tripped' }), changedAt: start },
  ]);
}

async function knowsTheNewestOfAnySize(under: StoreUnderTest): Promise<void> {
  const values = [0, -0.5, 1e-300, -1.5e-7, 123456789.125, -2.5e21, 1e300, 1.7976931348623157e308];
  const samples = values.flatMap((value, n) =>
    [value + 1, value, value].map((v, at) => sampleAt(start + at * minute, v, { point: `value[${n}]` })),
  );
  await under.store().write([frameOf(frameName(1), samples)]);
  const rows = (await under.store().latest(start + day)).sort((a, b) => a.point.localeCompare(b.point));
  assert.deepEqual(
    rows.map((r) => [r.value, r.changedAt]),
    values.map((value) => [value, value + 1 === value ? start : start + minute]),
  );
}

async function takesTheNewestByTime(under: StoreUnderTest): Promise<void> {
  await under.store().write([frameOf(frameName(2), [sampleAt(start + minute, 2)])]);
  await under.store().write([frameOf(frameName(1), [sampleAt(start, 1)])]);
  const rows = await under.store().latest(start + 60 * minute);
  assert.deepEqual(
    rows.map((r) => [r.value, r.changedAt]),
    [[2, start + minute]],
  );
}

async function leavesOutTheFuture(under: StoreUnderTest): Promise<void> {
  const ahead = sampleAt(start + 9 * minute, 9, { point: 'head' });
  await under.store().write([frameOf(frameName(1), [sampleAt(start, 1), sampleAt(start + 9 * minute, 9), ahead])]);
  const rows = await under.store().latest(start + minute);
  assert.deepEqual(
    rows.map((r) => [r.point, r.value]),
    [[sampleAt(start, 1).point, 1]],
  );
}

async function keepsValuesExact(under: StoreUnderTest): Promise<void> {
  const exact = [0.1 + 0.2, 0, 1e-300, 1.7976931348623157e308, 123456789.123456];
  const write = (value: number, n: number) =>
    under.store().write([frameOf(frameName(n + 1), [sampleAt(start + n * 5 * minute, value)])]);
  await Promise.all(exact.map(write));
  assert.deepEqual(await valuesOf(under.store()), exact);
}

export const timeSeriesConformance: readonly ConformanceCase[] = [
  { name: 'gives samples back by time, with quality, over months and restarts', run: givesSamplesBack },
  { name: 'keeps a frame once, however often it comes', run: keepsFramesSingle },
  { name: 'keeps two samples of one time', run: keepsTwoOfOneTime },
  { name: 'keeps what stands for thinned samples apart, and counts it by its number', run: tellsThinnedFromRaw },
  { name: 'keeps a frame that lies in two months once', run: keepsFrameOfTwoMonthsSingle },
  { name: 'tells streams apart by site, gateway and epoch', run: tellsStreamsApart },
  { name: 'accepts sequences in any order and fills holes', run: acceptsAnyOrder },
  { name: 'answers for one series and a half-open range, with a limit', run: answersForOneSeries },
  { name: 'gives tens of thousands of rows whole', run: readsManyRows },
  { name: 'computes steps from usable values, keeps the worst quality, leaves gaps out', run: computesSteps },
  { name: 'aligns steps to multiples of the interval plus the offset, across months', run: alignsSteps },
  { name: 'knows the newest sample of every point and when its value changed', run: knowsTheNewest },
  { name: 'knows the newest of very small and very large values', run: knowsTheNewestOfAnySize },
  { name: 'takes the newest by time, not by arrival', run: takesTheNewestByTime },
  { name: 'leaves what is later than asked for out of the newest', run: leavesOutTheFuture },
  { name: 'keeps values exact with many writers at once', run: keepsValuesExact },
  ...rollupCases,
];
