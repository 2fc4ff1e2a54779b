import type { Clock } from './clock.ts';

/** Less than this (ms) is a slow correction, or a process that waited for its turn between two readings of its clocks. */
const smallest = 500;

/** Tells when wall time has moved otherwise than monotonic time did: somebody set it, NTP stepped it, the machine slept. */
export class ClockSteps {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  #offset: number;

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
    this.#offset = this.#read();
  }

  /**
   * By how many ms wall time was stepped since the last look, ahead (positive) or back (negative); 0 for less than half a
   * second, which is kept until it has gathered to more. What was kept in wall time is moved by it to keep its age.
   */
  look(): number {
    const offset = this.#read();
    const step = offset - this.#offset;
    if (Math.abs(step) < smallest) return 0;
    this.#offset = offset;
    // Wall time is whole, and so are the moments that are moved by this.
    return Math.round(step);
  }

  #read(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
