const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps that a person reads off an axis easily; from 1 hour on they fit the local day. */
const ladder = [
  ...[1, 2, 3, 5, 6, 10, 15, 20, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 30].map((n) => n * day),
];

/** A run of equal steps, or one step of another length (the day on which the clocks change). */
export interface StepRun {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly isEven: boolean;
  /** Starts of the steps. */
  readonly starts: readonly number[];
}

/** ms that a zone's wall clock is ahead of UTC at an instant. */
export type OffsetAt = (instant: number) => number;

/**
 * The finest step that gives at most `wanted` of them and is not shorter than `silence`, the time a healthy point may
 * stay silent when nothing changes: a shorter step would show gaps that are none.
 */
export function automaticStep(span: number, silence: number, wanted: number): number {
  return ladder.find((step) => step >= silence && span / step <= wanted) ?? ladder.at(-1) ?? day;
}

/** Above 1 hour a step must divide the day or be whole days, or it could not start at the same local time every day. */
export function fitsTheDay(interval: number): boolean {
  return interval <= hour || day % interval === 0 || interval % day === 0;
}

/**
 * Steps that cover [from, to). Up to 1 hour they are even in elapsed time; longer ones start on the wall clock of the
 * zone, so that a day is the local day even when it has 23 or 25 hours.
 */
export function stepRuns(from: number, to: number, interval: number, offsetAt: OffsetAt): StepRun[] {
  const starts = interval <= hour ? evenStarts(from, to, interval, offsetAt) : wallStarts(from, to, interval, offsetAt);
  return runsOf(starts, interval);
}

function evenStarts(from: number, to: number, interval: number, offsetAt: OffsetAt): number[] {
  const offset = offsetAt(from);
  const first = Math.floor((from + offset) / interval) * interval - offset;
  const count = Math.ceil((to - first) / interval);
  return Array.from({ length: count + 1 }, (_, i) => first + i * interval);
}

function wallStarts(from: number, to: number, interval: number, offsetAt: OffsetAt): number[] {
  const starts: number[] = [];
  for (let wall = Math.floor((from + offsetAt(from)) / interval) * interval; ; wall += interval) {
    const guess = wall - offsetAt(wall - offsetAt(wall));
    const start = wall - offsetAt(guess);
    if (start > (starts.at(-1) ?? Number.NEGATIVE_INFINITY)) starts.push(start);
    if (start >= to) return starts;
  }
}

/** `starts` ends with the end of the last step. */
function runsOf(starts: readonly number[], interval: number): StepRun[] {
  const runs: { from: number; to: number; isEven: boolean; starts: number[] }[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    const from = starts[i] ?? 0;
    const to = starts[i + 1] ?? 0;
    const isEven = to - from === interval;
    const last = runs.at(-1);
    if (last?.isEven && isEven) {
      last.to = to;
      last.starts.push(from);
    } else runs.push({ from, to, isEven, starts: [from] });
  }
  return runs;
}
