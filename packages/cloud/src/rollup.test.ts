import { qualityCode, qualityOfCode } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineRollups, regroup, rollUp } from './rollup.ts';
import type { RawRow, Rollup } from './time-series/contract.ts';

const minute = 60_000;
const at = (time: number, value: number | null, code = value === null ? 201 : 0): RawRow => ({
  ...{ time, value },
  ...qualityOfCode(code),
});
const grid = { from: 0, to: 3 * minute, width: minute };
const known = { count: 0, bad: 0, covered: 0, silent: 0, quality: 0 };

describe('a rollup', () => {
  it('weighs values by the time they stood, not by their number', () => {
    const rows = [at(0, 10), at(30_000, 20), at(30_100, 20), at(30_200, 20)];
    expect(rollUp(rows, { ...grid, to: minute }, minute)).toEqual([
      { ...known, time: 0, mean: 15, minimum: 10, maximum: 20, first: 10, last: 20, count: 4, covered: minute },
    ]);
  });

  it('lets a value stand until it is stale, and leaves out what nothing is known of', () => {
    const value = { mean: 20.1, minimum: 20.1, maximum: 20.1, first: 20.1, last: 20.1 };
    expect(rollUp([at(-30_000, 20.1)], grid, 50_000)).toEqual([{ ...known, ...value, time: 0, covered: 20_000 }]);
    expect(rollUp([at(90_000, 20.1)], grid, 50_000)).toEqual([
      { ...known, ...value, time: minute, count: 1, covered: 30_000 },
      { ...known, ...value, time: 2 * minute, covered: 20_000 },
    ]);
    expect(rollUp([at(-minute, 1)], grid, minute)).toEqual([]);
    expect(rollUp([at(3 * minute, 1)], grid, minute)).toEqual([]);
  });

  it('tells a silent device from one that nobody has heard', () => {
    const bad = at(20_000, 999, 204);
    expect(rollUp([at(0, 5), bad, at(45_000, null)], { ...grid, to: minute }, minute)).toEqual([
      {
        ...known,
        ...{ time: 0, mean: 5, minimum: 5, maximum: 5, first: 5, last: 5, count: 1, bad: 2 },
        ...{ covered: 20_000, silent: 40_000, quality: 204 },
      },
    ]);
  });

  it('counts what stands for thinned samples by their number and their time', () => {
    const thinned = { minimum: 1, maximum: 6, count: 3, span: 40_000 };
    const [first, second] = rollUp([{ ...at(10_000, 2), thinned }], { ...grid, to: 2 * minute }, 20_000);
    expect([first?.mean, first?.minimum, first?.maximum, first?.count, first?.covered]).toEqual([2, 1, 6, 3, 50_000]);
    expect([first?.last, second?.count, second?.covered]).toEqual([null, 0, 10_000]);
  });
});

const rows = fc
  .uniqueArray(fc.integer({ min: -200, max: 920 }), { maxLength: 40 })
  .chain((times) =>
    fc.tuple(
      fc.constant(times.sort((a, b) => a - b)),
      fc.array(fc.option(fc.integer({ min: -9, max: 9 })), { minLength: times.length, maxLength: times.length }),
      fc.array(fc.constantFrom(0, 0, 110, 204), { minLength: times.length, maxLength: times.length }),
    ),
  )
  .map(([times, values, codes]) => times.map((t, n) => at(t, values[n] ?? null, values[n] === null ? 201 : codes[n])));

/** The same, one ms after the other. */
function slowly(samples: readonly RawRow[], from: number, to: number, hold: number): Partial<Rollup> {
  const stood: number[] = [];
  let silent = 0;
  for (let ms = from; ms < to; ms++) {
    const row = samples.findLast((r) => r.time <= ms);
    if (!row || ms - row.time >= hold) continue;
    if (row.value !== null && qualityCode(row) < 200) stood.push(row.value);
    else silent++;
  }
  const mean = stood.length === 0 ? null : stood.reduce((a, b) => a + b, 0) / stood.length;
  return { mean, covered: stood.length, silent };
}

it('is what a look at every millisecond gives', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 200 }), (samples, hold) => {
      const found = new Map(rollUp(samples, { from: 0, to: 900, width: 60 }, hold).map((r) => [r.time, r]));
      for (let from = 0; from < 900; from += 60) {
        const expected = slowly(samples, from, from + 60, hold);
        const { mean = null, covered = 0, silent = 0 } = found.get(from) ?? {};
        expect([covered, silent]).toEqual([expected.covered, expected.silent]);
        expect(mean === null).toBe(expected.mean === null);
        expect(mean ?? 0).toBeCloseTo(expected.mean ?? 0, 9);
      }
    }),
  );
});

it('is the same whether it is made at once or of finer ones', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 200 }), (samples, hold) => {
      const direct = rollUp(samples, { from: 0, to: 900, width: 300 }, hold);
      const fine = rollUp(samples, { from: 0, to: 900, width: 20 }, hold);
      const regrouped = regroup(fine, (t) => Math.floor(t / 300) * 300);
      const bare = (all: readonly Rollup[]) => all.map((r) => ({ ...r, mean: null }));
      expect(bare(regrouped)).toEqual(bare(direct));
      for (const [n, { mean }] of direct.entries()) expect(regrouped[n]?.mean ?? 0).toBeCloseTo(mean ?? 0, 9);
    }),
  );
});

it('of none is none', () => {
  expect(combineRollups(0, [])).toBeUndefined();
});
