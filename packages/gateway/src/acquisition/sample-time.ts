/** How far a source's time may lie from the gateway's, in ms, before the gateway's own is taken. */
export interface TimeTolerance {
  readonly behind: number;
  readonly ahead: number;
}

/** Five minutes behind (buffering devices, slow publishing), ten seconds ahead (nobody reads the future). */
export const defaultTolerance: TimeTolerance = { behind: 300_000, ahead: 10_000 };

/** Further back than this (30 days, ms) no device has kept a value for us: its clock was never set. */
const neverSet = 30 * 86_400_000;

export interface DecidedTime {
  /** ms since 1970 UTC, whole. */
  readonly time: number;
  /** The source's clock was not believed: the value is uncertain at best. */
  readonly doubted: boolean;
  /** The time is the source's own. */
  readonly own: boolean;
}

/**
 * The source's time if it lies within the tolerance of the gateway's, else the gateway's. A time from further back stays
 * what it is, doubted: an old value must not look new, whether it was kept somewhere on the way or the clock is wrong.
 */
export function decideTime(source: number | undefined, gateway: number, tolerance = defaultTolerance): DecidedTime {
  const now = Math.round(gateway);
  if (source === undefined) return { time: now, doubted: false, own: false };
  if (source > gateway + tolerance.ahead || source < gateway - neverSet)
    return { time: now, doubted: true, own: false };
  return { time: Math.round(source), doubted: source < gateway - tolerance.behind, own: true };
}

/** Times in a row that are taken: `from` to `to`, both included. */
export interface TimeRun {
  readonly from: number;
  readonly to: number;
}

/** The times that a point has used up: around its newest value, and around the last one that came later but is older. */
export interface TakenTimes {
  readonly newest: TimeRun;
  readonly late?: TimeRun | undefined;
}

/**
 * Moves a value on by 1 ms when its millisecond already belongs to another value of the same point: stores keep one
 * value for a point and time, so the second would silently replace the first.
 */
export function separate(time: number, taken: TakenTimes | undefined): { time: number; taken: TakenTimes } {
  if (!taken || time > taken.newest.to) return { time, taken: { newest: runFrom(time, time), late: taken?.late } };
  const { newest, late } = taken;
  if (isIn(newest, time)) return { time: newest.to + 1, taken: { newest: runFrom(newest.from, newest.to + 1), late } };
  const start = late && isIn(late, time) ? late.from : time;
  const placed = late && isIn(late, time) ? late.to + 1 : time;
  if (!isIn(newest, placed)) return { time: placed, taken: { newest, late: runFrom(start, placed) } };
  // The run of late values has reached the newest one: they are one run from here on.
  return { time: newest.to + 1, taken: { newest: runFrom(start, newest.to + 1) } };
}

function runFrom(from: number, to: number): TimeRun {
  return { from, to };
}

function isIn(run: TimeRun, time: number): boolean {
  return time >= run.from && time <= run.to;
}
