import fc from 'fast-check';
import { expect, test } from 'vitest';
import { automaticStep, fitsTheDay, stepRuns } from './step-grid.ts';

const hour = 3_600_000;
const day = 24 * hour;
const shanghai = () => 8 * hour;

/** Berlin in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC. */
function berlin(instant: number): number {
  const summer = instant >= Date.UTC(2026, 2, 29, 1) && instant < Date.UTC(2026, 9, 25, 1);
  return summer ? 2 * hour : hour;
}

test('a day in Shanghai begins at 16:00 UTC', () => {
  const [run, ...rest] = stepRuns(Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 4), day, shanghai);
  expect(rest).toEqual([]);
  expect(run?.starts.map((t) => new Date(t).toISOString())).toEqual([
    '2026-01-01T16:00:00.000Z',
    '2026-01-02T16:00:00.000Z',
    '2026-01-03T16:00:00.000Z',
  ]);
});

test('the days on which the clocks change have 23 and 25 hours', () => {
  const spring = stepRuns(Date.UTC(2026, 2, 27, 23), Date.UTC(2026, 2, 30, 22), day, berlin);
  expect(spring.flatMap((r) => (r.isEven ? [] : [(r.to - r.from) / hour]))).toEqual([23]);
  const autumn = stepRuns(Date.UTC(2026, 9, 23, 22), Date.UTC(2026, 9, 26, 23), day, berlin);
  expect(autumn.flatMap((r) => (r.isEven ? [] : [(r.to - r.from) / hour]))).toEqual([25]);
});

test('hours go on evenly when the clocks change', () => {
  const runs = stepRuns(Date.UTC(2026, 2, 28, 23), Date.UTC(2026, 2, 29, 22), hour, berlin);
  expect(runs).toHaveLength(1);
  expect(runs[0]?.starts).toHaveLength(23);
});

test('steps cover the range without gap or overlap', () => {
  const from = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 1) });
  const interval = fc.constantFrom(60_000, 900_000, hour, 2 * hour, 6 * hour, day, 7 * day);
  fc.assert(
    fc.property(from, interval, fc.integer({ min: 1, max: 60 }), (start, step, count) => {
      const end = start + Math.floor(step * count * 0.9) + 1;
      const runs = stepRuns(start, end, step, berlin);
      const starts = runs.flatMap((r) => r.starts);
      expect(runs[0]?.from).toBeLessThanOrEqual(start);
      expect(runs.at(-1)?.to).toBeGreaterThanOrEqual(end);
      expect([...starts].sort((a, b) => a - b)).toEqual(starts);
      for (let i = 1; i < runs.length; i++) expect(runs[i]?.from).toBe(runs[i - 1]?.to);
      for (const r of runs) expect(r.isEven ? r.starts.length * step : r.to - r.from).toBe(r.to - r.from);
    }),
  );
});

test('the automatic step is never shorter than the silence of a healthy point', () => {
  expect(automaticStep(hour, 65_000, 500)).toBe(120_000);
  expect(automaticStep(hour, 330_000, 500)).toBe(360_000);
  expect(automaticStep(7 * day, 65_000, 500)).toBe(30 * 60_000);
  expect(automaticStep(365 * day, 65_000, 500)).toBe(day);
});

test('steps that would start at another local time each day are refused', () => {
  expect([hour, 6 * hour, day, 7 * day, 90_000].map(fitsTheDay)).toEqual([true, true, true, true, true]);
  expect([5 * hour, 36 * hour].map(fitsTheDay)).toEqual([false, false]);
});
