import { type Random, retrySchedule } from '@plantroom/base';
import type { FailureKind } from '@plantroom/drivers';

export const firstRetry = 2000;
export const longestRetry = 300_000;

/** 2 s, 4 s, ... 5 min, each drawn from the upper half, so that devices which fell together do not come back in step. */
export function backOff(random: Random): Iterator<number, never, void> {
  return retrySchedule({ initial: firstRetry, maximum: longestRetry, jitter: 0.5, random });
}

/** How one device answers: its failures in a row, and how long to leave it alone. */
export class DeviceHealth {
  readonly #random: Random;
  #delays: Iterator<number, never, void>;
  #failures = 0;
  silent = false;
  /** The last failure of this row; undefined while the device answers. */
  last: { readonly kind: FailureKind; readonly detail: string } | undefined;

  constructor(random: Random) {
    this.#random = random;
    this.#delays = backOff(random);
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Gives true when this ends a silence. */
  answered(): boolean {
    const returned = this.silent;
    this.silent = false;
    if (this.#failures > 0) this.#delays = backOff(this.#random);
    this.#failures = 0;
    this.last = undefined;
    return returned;
  }

  /**
   * Books a failure and gives the delay until the next try in ms, and whether the device has now fallen silent: at the
   * second failure in a row, or at the first when it was never heard, because one lost packet is not a dead device.
   */
  failed(wasHeard: boolean, kind: FailureKind, detail: string): { delay: number; fellSilent: boolean } {
    this.#failures++;
    this.last = { kind, detail };
    const fellSilent = !this.silent && (this.#failures > 1 || !wasHeard);
    if (fellSilent) this.silent = true;
    return { delay: this.#delays.next().value, fellSilent };
  }
}
