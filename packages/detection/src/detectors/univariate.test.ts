import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnivariateDetector, type UnivariateState } from './univariate.ts';

const start = Date.UTC(2026, 2, 2);
const fiveMinutes = 300_000;
const perDay = 288;
const at = (row: number) => start + row * fiveMinutes;

/** Noise of uniform distribution in -1..1, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const judge = (values: readonly number[], detector = new UnivariateDetector()) =>
  values.map((value, row) => detector.observe(at(row), value));
const anomalies = (values: readonly number[]) => judge(values).flatMap(({ anomaly }, row) => (anomaly ? [row] : []));
const series = (days: number, value: (row: number) => number) =>
  Array.from({ length: days * perDay }, (_, row) => value(row));
const daily = (row: number) => 10 * Math.sin((2 * Math.PI * row) / perDay);

const anySeries = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 40 }) },
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constant(Number.NaN),
    ),
    { minLength: 1, maxLength: 400 },
  )
  .map((values) => [...values, ...values, ...values]);

describe('the detector that learns one series', () => {
  test('scores the same, wherever a restart falls', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(1200), (values, where) => {
        const split = where % values.length;
        const before = new UnivariateDetector();
        const first = judge(values.slice(0, split), before);
        const saved = JSON.parse(JSON.stringify(before.state())) as UnivariateState;
        const after = new UnivariateDetector(undefined, saved);
        const second = values.slice(split).map((value, row) => after.observe(at(split + row), value));
        expect([...first, ...second]).toEqual(judge(values));
      }),
      { numRuns: 60 },
    );
  });

  test('keeps its scores within 0 and 1, its warm-up silent, and takes no notice of what is no number', () => {
    fc.assert(
      fc.property(anySeries, (values) => {
        const judged = judge(values);
        for (const { score } of judged) expect(score >= 0 && score <= 1).toBe(true);
        expect(judged.slice(0, 150).every(({ score }) => score === 0)).toBe(true);
        const rows = values.flatMap((value, row) => (Number.isNaN(value) ? [] : [row]));
        const alone = new UnivariateDetector();
        expect(rows.map((row) => alone.observe(at(row), values[row] ?? 0))).toEqual(rows.map((row) => judged[row]));
      }),
      { numRuns: 60 },
    );
  });

  test('survives values of any size', () => {
    const values = [0, 1e300, Number.POSITIVE_INFINITY, -1e30, 1e30, 5e-324, -0, 1e-20];
    const judged = judge(Array.from({ length: 900 }, (_, row) => values[row % values.length] ?? 0));
    expect(judged.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
  });

  test('does not judge by where zero is, nor by the unit', () => {
    const random = noise(4);
    const values = series(6, (row) => Math.round(daily(row) * 64 + random() * 64) + (row === 1500 ? 4096 : 0));
    const scores = judge(values).map(({ score }) => score);
    const moved = judge(values.map((value) => value * 4 + 2 ** 20));
    for (const [row, { score }] of moved.entries()) expect(score).toBeCloseTo(scores[row] ?? -1, 9);
  });
});

describe('it is silent on', () => {
  const random = noise(1);
  const healthy: [string, number[]][] = [
    ['a constant', series(14, () => 21.5)],
    ['noise', series(14, () => 50 + random())],
    ['a daily course', series(14, (row) => daily(row) + random())],
    ['a pump that starts twice an hour', series(14, (row) => (row % 6 < 3 ? 40 : 0) + random())],
    ['a drift of the seasons', series(28, (row) => row / 500 + random())],
  ];
  // One false alarm in two weeks of values is what a technician bears with.
  test.each(healthy)('%s', (_, values) => expect(anomalies(values).length).toBeLessThanOrEqual(1));
});

describe('it finds', () => {
  const random = noise(2);
  const from = 8 * perDay + 100;
  const base = series(12, (row) => daily(row) + random());
  const changed = (change: (row: number, value: number) => number) =>
    base.map((value, row) => (row >= from ? change(row - from, value) : value));
  const faulty: [string, number[], number][] = [
    ['a spike of an hour', changed((after, value) => (after < 12 ? value + 30 : value)), 12],
    ['a fall to zero at noon', changed((after, value) => (after < 36 ? value - 25 : value)), 12],
    ['a step', changed((_, value) => value + 12), 24],
    [
      'a night that is like a day',
      changed((after, value) => (after < 144 ? value - 2 * daily(from + after) : value)),
      144,
    ],
    ['a sensor that stands still', changed((after, value) => (after === 0 ? value : (base[from] ?? 0))), 72],
    ['noise that is gone', changed((after) => daily(from + after)), 144],
    ['noise that grows fourfold', changed((_, value) => value + 6 * random()), 72],
  ];
  test.each(faulty)('%s', (_, values, within) => {
    const found = anomalies(values).filter((row) => row >= from);
    expect(found[0]).toBeLessThanOrEqual(from + within);
  });

  test('a Thursday that is like a Sunday', () => {
    const noisy = noise(3);
    const busy = (row: number) => (Math.floor(row / perDay) % 7 < 5 ? daily(row) : 0);
    const holiday = 38 * perDay;
    const values = series(42, (row) => (row >= holiday && row < holiday + perDay ? 0 : busy(row)) + noisy());
    const found = anomalies(values).filter((row) => row > 21 * perDay);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((row) => row < holiday || row >= holiday + perDay + 48)).toEqual([]);
  });

  test('nothing in values that come again after a gap, until one is unusual', () => {
    const detector = new UnivariateDetector();
    const later = (row: number) => at(row) + (row >= 2000 ? 40 * fiveMinutes * perDay : 0);
    const judged = base.map((value, row) => detector.observe(later(row), value + (row > 2500 ? 30 : 0)));
    expect(judged.findIndex(({ anomaly }, row) => anomaly && row >= 1500)).toBeGreaterThan(2500);
    expect(judged.slice(2501, 2510).some(({ anomaly }) => anomaly)).toBe(true);
  });

  test('an event once, until it is over', () => {
    const values = changed((after, value) => (after < 48 ? value + 40 : value));
    expect(anomalies(values).filter((row) => row >= from && row < from + 100)).toHaveLength(1);
  });
});
