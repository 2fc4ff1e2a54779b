import type { StoredColumns } from './time-series/contract.ts';

/** Rollups are made anew by the quarter of an hour in UTC: every day of every time zone is a whole number of them. */
export const quarterLength = 900_000;
/**
 * The longest time for which rollups let a value stand until the next; ms. A point that may be silent for longer shows gaps
 * in steps that are shorter than its silence.
 */
export const longestHold = 3_600_000;

export const quarterOf = (time: number) => Math.floor(time / quarterLength) * quarterLength;

/** The quarters that samples change: those they lie in, and those into which their values stand for up to `hold` ms. */
export function touchedQuarters({ times, thinned }: Pick<StoredColumns, 'times' | 'thinned'>, hold: number): number[] {
  const touched = new Set<number>();
  let lately = Number.NaN;
  for (let row = 0; row < times.length; row++) {
    const time = times[row] ?? 0;
    const first = quarterOf(time);
    const last = quarterOf(time + (thinned?.spans[row] ?? 0) + Math.min(hold, longestHold));
    // Nearly all rows of a frame lie in one quarter.
    if (first === lately && touched.has(last)) continue;
    lately = first;
    for (let quarter = first; quarter <= last; quarter += quarterLength) touched.add(quarter);
  }
  return [...touched];
}
