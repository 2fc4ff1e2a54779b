import { sourceTolerance } from '@plantroom/model';

/** Further back than this (30 days, ms) no device has kept a value for us: its clock was never set. */
const neverSet = 30 * 86_400_000;

/**
 * How far a value may be moved from its own time when that is taken, in ms. A point that gives more values than this for
 * one moment has no clock that tells them apart, and moved further they would stand in the future.
 */
export const mostMoved = 1000;

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
export function decideTime(source: number | undefined, gateway: number, tolerance = sourceTolerance): DecidedTime {
  const now = Math.round(gateway);
  if (source === undefined) return { time: now, doubted: false, own: false };
  // So put that it holds for no number at all, too.
  if (!(source <= gateway + tolerance.ahead && source >= gateway - neverSet))
    return { time: now, doubted: true, own: false };
  return { time: Math.round(source), doubted: source < gateway - tolerance.behind, own: true };
}

/** How far (ms) the times of a slow clock may stray from their distance to ours, and how long they have to keep it. */
const steadyWithin = 5000;
const steadyFor = 30_000;
/** How far they may stray once they have: a message may be late on its way. */
const knownWithin = 60_000;

/**
 * Tells a clock that is slow from values that are late. The times of a slow clock move along with ours; those of values
 * that were kept come faster, or all at once, and that of an old value that is sent again stands still.
 */
export class SlowClock {
  #distance = Number.NaN;
  #since = 0;
  #newest = 0;
  #isKnown = false;

  /** Whether a source time from far back is of now by a slow clock; `monotonic` is when it came. */
  isOfNow(source: number, monotonic: number): boolean {
    const distance = monotonic - source;
    const moves = source > this.#newest;
    this.#newest = source;
    // So put that it holds at the first time, too.
    if (!(Math.abs(distance - this.#distance) <= (this.#isKnown ? knownWithin : steadyWithin))) {
      this.#distance = distance;
      this.#since = monotonic;
    }
    this.#isKnown = monotonic - this.#since >= steadyFor;
    return moves && this.#isKnown;
  }
}

/**
 * The milliseconds that a point has used up: a run around its newest value, and one around the last value that came later
 * but is older. Numbers in place, since every sample of the site passes here.
 */
export class TakenTimes {
  #newestFrom = Number.POSITIVE_INFINITY;
  #newestTo = Number.NEGATIVE_INFINITY;
  #lateFrom = Number.POSITIVE_INFINITY;
  #lateTo = Number.NEGATIVE_INFINITY;

  /**
   * Gives a value its millisecond, moved on by 1 ms when it already belongs to another value of the same point: stores keep
   * one value for a point and time, so the second would silently replace the first. Undefined when the next free one is
   * more than `most` ms away.
   */
  place(time: number, most = mostMoved): number | undefined {
    if (time > this.#newestTo) {
      this.#newestFrom = time;
      this.#newestTo = time;
      return time;
    }
    if (this.#isNewest(time)) return this.#newestTo + 1 - time > most ? undefined : ++this.#newestTo;
    const isLate = time >= this.#lateFrom && time <= this.#lateTo;
    const from = isLate ? this.#lateFrom : time;
    const placed = isLate ? this.#lateTo + 1 : time;
    if (placed - time > most) return undefined;
    if (!this.#isNewest(placed)) {
      this.#lateFrom = from;
      this.#lateTo = placed;
      return placed;
    }
    if (this.#newestTo + 1 - time > most) return undefined;
    // The run of late values has reached the newest one: they are one run from here on.
    this.#newestFrom = from;
    this.#lateFrom = Number.POSITIVE_INFINITY;
    this.#lateTo = Number.NEGATIVE_INFINITY;
    return ++this.#newestTo;
  }

  #isNewest(time: number): boolean {
    return time >= this.#newestFrom && time <= this.#newestTo;
  }
}
