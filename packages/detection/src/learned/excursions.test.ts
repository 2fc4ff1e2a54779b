import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Excursions, type ExcursionsState } from './excursions.ts';

const [lasting, learning, training] = [6, 20, 40];
const usual = (steps: number) => new Array<number>(steps).fill(0.3);
const odd = (steps: number, bars = 2) => new Array<number>(steps).fill(bars);

/** In which of the steps it is told. */
function told(bars: readonly number[], excursions = new Excursions(lasting, learning, training)): number[] {
  return [...bars.entries()].flatMap(([at, some]) => {
    excursions.add(some, false);
    return excursions.isTold ? [at] : [];
  });
}

/** How many excursions of this course are told. */
const timesTold = (bars: readonly number[]) => {
  const steps = told(bars);
  return steps.filter((at) => !steps.includes(at - 1)).length;
};

describe('an excursion', () => {
  test('is told once it lasts, until half an hour is usual again', () => {
    expect(told([...usual(50), ...odd(20), ...usual(20)])).toEqual(Array.from({ length: 20 }, (_, at) => 55 + at));
    expect(told([...usual(50), ...odd(5), ...usual(20)])).toEqual([]);
  });

  test('is not told in training', () => {
    expect(told([...usual(25), ...odd(14), ...usual(20)])).toEqual([]);
  });

  test('that has come twice is no news; one twice as large is', () => {
    const again = (times: number) => Array.from({ length: times }, () => [...odd(20), ...usual(80)]).flat();
    expect(timesTold([...usual(50), ...again(10)])).toBe(2);
    const learned = [...usual(21), ...odd(6), ...usual(6), ...odd(6), ...usual(20)];
    expect([timesTold([...learned, ...odd(11)]), timesTold([...learned, ...odd(13)])]).toEqual([0, 1]);
    expect(timesTold([...usual(50), ...again(10), ...odd(45)])).toBe(3);
  });

  test('of the first half of the training counts for nothing', () => {
    expect(timesTold([...odd(9, 3), ...usual(8), ...usual(30), ...odd(10)])).toBe(1);
  });

  test('is news again once it is forgotten', () => {
    const quarter = 90 * 288;
    const twice = [...odd(20), ...usual(80), ...odd(20)];
    expect(timesTold([...usual(50), ...twice, ...usual(2 * quarter), ...odd(20)])).toBe(3);
  });

  test('does not begin with an echo', () => {
    const excursions = new Excursions(lasting, learning, training);
    for (const bars of [...usual(50), ...odd(20)]) excursions.add(bars, bars > 1);
    expect(excursions.isTold).toBe(false);
  });

  test('goes on after a restart as if never stopped', () => {
    const course = fc
      .array(fc.tuple(fc.nat(30), fc.double({ min: 0, max: 5, noNaN: true })), { maxLength: 20 })
      .map((parts) => parts.flatMap(([steps, bars]) => odd(steps, bars)));
    fc.assert(
      fc.property(course, fc.nat(300), (bars, split) => {
        const before = new Excursions(lasting, learning, training);
        const first = told(bars.slice(0, split), before);
        const saved = JSON.parse(JSON.stringify(before.state())) as ExcursionsState;
        const after = new Excursions(lasting, learning, training, saved);
        const second = told(bars.slice(split), after).map((at) => at + Math.min(split, bars.length));
        expect([...first, ...second]).toEqual(told(bars));
      }),
    );
  });
});
