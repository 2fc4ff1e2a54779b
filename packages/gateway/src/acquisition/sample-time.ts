/** How far a source's time may lie from the gateway's, in ms, before the gateway's own is taken. */
export interface TimeTolerance {
  readonly behind: number;
  readonly ahead: number;
}

/** Five minutes behind (buffering devices, slow publishing), ten seconds ahead (nobody reads the future). */
export const defaultTolerance: TimeTolerance = { behind: 300_000, ahead: 10_000 };

export interface DecidedTime {
  /** ms since 1970 UTC, whole. */
  readonly time: number;
  /** The source's clock was not believed. */
  readonly doubted: boolean;
}

/** The source's time if it lies within the tolerance of the gateway's, else the gateway's. */
export function decideTime(source: number | undefined, gateway: number, tolerance = defaultTolerance): DecidedTime {
  if (source === undefined) return { time: Math.round(gateway), doubted: false };
  const believed = source >= gateway - tolerance.behind && source <= gateway + tolerance.ahead;
  return { time: Math.round(believed ? source : gateway), doubted: !believed };
}

/** The times that a point has used up since the last undisturbed one: `from` to `to`, both taken. */
export interface TakenTimes {
  readonly from: number;
  readonly to: number;
}

/**
 * Moves a value on by 1 ms when its millisecond already belongs to another value of the same point: stores keep one
 * value for a point and time, so the second would silently replace the first.
 */
export function separate(time: number, taken: TakenTimes | undefined): { time: number; taken: TakenTimes } {
  if (taken && time >= taken.from && time <= taken.to)
    return { time: taken.to + 1, taken: { from: taken.from, to: taken.to + 1 } };
  // A late value from before leaves the newest times as they are.
  return { time, taken: taken && time < taken.from ? taken : { from: time, to: time } };
}
