import assert from 'node:assert/strict';
import {
  type ConformanceCase,
  day,
  frameName,
  frameOf,
  minute,
  type StoreUnderTest,
  sampleAt,
  series,
  silent,
  start,
} from './conformance-kit.ts';
import type { Rollup, ScannedSeries, TimeSeriesStore } from './contract.ts';

/** Before and after a month's (and, two months on, a year's) end, so that rollups lie on both sides. */
const quarter = 15 * minute;
const site = series.site;
const whole = { site, from: start - day, to: start + day };

function rollupAt(time: number, mean: number | null, more: Partial<Rollup> = {}): Rollup {
  const figures = { mean, minimum: mean, maximum: mean, first: mean, last: mean };
  return { time, ...figures, count: 2, bad: 1, covered: 40_000, silent: 20_000, quality: 201, ...more };
}

async function scanned(store: TimeSeriesStore, range: Parameters<TimeSeriesStore['scan']>[0]) {
  const all: ScannedSeries[] = [];
  for await (const one of store.scan(range)) all.push(one);
  const key = (s: ScannedSeries) => `${s.equipment}/${s.point}`;
  return all
    .map((s) => [key(s), s.rows.map((r) => [r.time - start, r.value])] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function scansASite(under: StoreUnderTest): Promise<void> {
  const store = under.store();
  const flow = [0, 10, 20].map((n) => sampleAt(start + n * minute, n));
  const head = [sampleAt(start + minute, null, { point: 'head', ...silent })];
  const others = [sampleAt(start, 5, { equipment: 'pump-2' }), sampleAt(start, 9, { site: 'other' })];
  await store.write([frameOf(frameName(1), [...flow, ...head, ...others])]);
  assert.deepEqual(await scanned(store, whole), [
    ['pump-1/flow', [0, 10, 20].map((n) => [n * minute, n])],
    ['pump-1/head', [[minute, null]]],
    ['pump-2/flow', [[0, 5]]],
  ]);
  assert.deepEqual(await scanned(store, { site, from: start + 10 * minute, to: start + 20 * minute }), [
    ['pump-1/flow', [[10 * minute, 10]]],
  ]);
  assert.deepEqual(await scanned(store, { ...whole, site: 'unknown' }), []);
}

async function knowsTheOldest(under: StoreUnderTest): Promise<void> {
  const store = under.store();
  await store.write([frameOf(frameName(1), [sampleAt(start + day, 2), sampleAt(start, 1)])]);
  await store.write([frameOf(frameName(2), [sampleAt(start + minute, 3, { site: 'other' })], 'water-tank')]);
  assert.deepEqual(await Promise.all([site, 'other', 'unknown'].map((s) => store.oldest(s))), [
    start,
    start + minute,
    undefined,
  ]);
}

async function scansThinned(under: StoreUnderTest): Promise<void> {
  const { frame, samples } = frameOf(frameName(1), [sampleAt(start, 2)]);
  const column = (...numbers: number[]) => Float64Array.from(numbers);
  const thinned = { spans: column(40_000), minima: column(1), maxima: column(6), sizes: column(3) };
  await under.store().write([{ frame, samples: { ...samples, thinned } }]);
  await under.store().write([frameOf(frameName(2), [sampleAt(start + minute, 7), sampleAt(start - minute, 6)])]);
  for await (const { rows } of under.store().scan(whole))
    assert.deepEqual(
      rows.map((r) => [r.time - start, r.value, r.thinned]),
      [
        [-minute, 6, undefined],
        [0, 2, { minimum: 1, maximum: 6, count: 3, span: 40_000 }],
        [minute, 7, undefined],
      ],
    );
}

async function keepsRollups(under: StoreUnderTest): Promise<void> {
  const flow = [rollupAt(start, 1.5), rollupAt(start + minute, null), rollupAt(start + quarter, -3, { last: 7 })];
  const head = [rollupAt(start + minute, 4, { count: 0, first: null })];
  const all = [
    { equipment: 'pump-1', point: 'flow', rollups: flow },
    { equipment: 'pump-1', point: 'head', rollups: head },
  ];
  await under.store().replaceRollups('minute', whole, all);
  await under
    .store()
    .replaceRollups('quarter', whole, [{ equipment: 'pump-1', point: 'flow', rollups: [flow[0]] }] as typeof all);
  const query = { ...series, from: start, to: start + quarter + 1 };
  for (const again of [false, true]) {
    if (again) await under.reopen();
    const store = under.store();
    assert.deepEqual(await store.rollups('minute', query), flow);
    assert.deepEqual(await store.rollups('minute', { ...query, from: start + 1, to: start + quarter }), [flow[1]]);
    assert.deepEqual(await store.rollups('quarter', query), [flow[0]]);
    assert.deepEqual(await store.rollups('day', query), []);
    assert.deepEqual(await store.rollups('minute', { ...query, site: 'other' }), []);
    assert.deepEqual(await store.siteRollups('minute', whole), all);
    assert.deepEqual(await store.siteRollups('minute', { ...whole, site: 'other' }), []);
    assert.deepEqual(await store.siteRollups('minute', { ...whole, to: start }), []);
  }
}

/** Rewriting is all or nothing of a range, and touches nothing beside it. */
async function replacesRollups(under: StoreUnderTest): Promise<void> {
  const store = under.store();
  const of = (point: string, rollups: Rollup[]) => ({ equipment: 'pump-1', point, rollups });
  const times = [0, 1, 2, 3].map((n) => start + n * quarter);
  const write = (range: Parameters<TimeSeriesStore['replaceRollups']>[1], ...all: ReturnType<typeof of>[]) =>
    store.replaceRollups('quarter', range, all);
  await write(
    whole,
    of(
      'flow',
      times.map((t) => rollupAt(t, 1)),
    ),
    of('head', [rollupAt(start + quarter, 1)]),
  );
  await store.replaceRollups('quarter', { ...whole, site: 'other' }, [of('flow', [rollupAt(start, 9)])]);
  const middle = { site, from: start + quarter, to: start + 3 * quarter };
  // The third is known no longer, and `head` not at all.
  for (let twice = 0; twice < 2; twice++) await write(middle, of('flow', [rollupAt(start + quarter, 2)]));
  await under.reopen();
  assert.deepEqual(
    (await under.store().siteRollups('quarter', whole)).map((s) => [
      s.point,
      s.rollups.map((r) => [(r.time - start) / quarter, r.mean]),
    ]),
    [
      [
        'flow',
        [
          [0, 1],
          [1, 2],
          [3, 1],
        ],
      ],
    ],
  );
  const other = { ...series, site: 'other', from: 0, to: 4e12 };
  assert.deepEqual(
    (await under.store().rollups('quarter', other)).map((r) => r.mean),
    [9],
  );
}

async function keepsManyRollups(under: StoreUnderTest): Promise<void> {
  const rollups = Array.from({ length: 12_000 }, (_, n) => rollupAt(start + n * minute, n));
  const range = { site, from: start, to: start + 12_000 * minute };
  await under.store().replaceRollups('minute', range, [{ equipment: 'pump-1', point: 'flow', rollups }]);
  assert.deepEqual(await under.store().rollups('minute', { ...series, ...range }), rollups);
  const [first] = await under.store().siteRollups('minute', range);
  assert.equal(first?.rollups.length, 12_000);
}

export const rollupCases: readonly ConformanceCase[] = [
  { name: 'gives all points of a site, one after the other', run: scansASite },
  { name: 'knows the oldest sample of a site', run: knowsTheOldest },
  { name: 'gives what stands for thinned samples among them', run: scansThinned },
  { name: 'keeps rollups of each width, over months and restarts', run: keepsRollups },
  { name: 'puts rollups in the place of those of a range', run: replacesRollups },
  { name: 'keeps more rollups than an answer holds', run: keepsManyRollups },
];
