import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import { retrySchedule } from './retry-schedule.ts';

const take = (n: number, options: Parameters<typeof retrySchedule>[0]) => {
  const schedule = retrySchedule(options);
  return Array.from({ length: n }, () => schedule.next().value);
};

it('grows to its maximum and stays there', () => {
  expect(take(6, { initial: 2000, maximum: 20_000 })).toEqual([2000, 4000, 8000, 16_000, 20_000, 20_000]);
});

it('never leaves [0, maximum] with full jitter', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 60_000 }),
      (seed, initial, more) => {
        const maximum = initial + more;
        const delays = take(20, { initial, maximum, jitter: 1, random: seededRandom(seed) });
        return delays.every((d) => d >= 0 && d <= maximum);
      },
    ),
  );
});
