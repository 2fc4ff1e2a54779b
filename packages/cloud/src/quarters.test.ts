import { expect, it } from 'vitest';
import { longestHold, quarterLength as quarter, touchedQuarters } from './quarters.ts';

const touched = (times: number[], hold: number, spans?: number[]) => {
  const none = new Float64Array(times.length);
  const thinned = spans && { spans: Float64Array.from(spans), minima: none, maxima: none, sizes: none };
  return touchedQuarters({ times: Float64Array.from(times), ...(thinned && { thinned }) }, hold);
};

it('names the quarters that samples lie in and those that they reach into', () => {
  expect(touched([10, 20, quarter - 1], 0)).toEqual([0]);
  expect(touched([quarter - 1, 10], 2)).toEqual([0, quarter]);
  expect(touched([10, quarter - 1], 2)).toEqual([0, quarter]);
  expect(touched([-1, 5 * quarter], 0)).toEqual([-quarter, 5 * quarter]);
  expect(touched([10], 1, [quarter])).toEqual([0, quarter]);
  expect(touched([0], 1e12)).toHaveLength(1 + longestHold / quarter);
});
