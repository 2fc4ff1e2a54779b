import type { Clock } from '@plantroom/base';
import type { OutboxCapacity, SpaceOutlook } from './contract.ts';

/** How often the free space of the disk is asked for, in ms. */
const freeSpaceEvery = 5000;
/** Growth is told from this many looks, this far apart (ms): ten minutes, so that a commit or a burst is no trend. */
const looks = 21;
const lookEvery = 30_000;

export interface SpaceOptions {
  readonly capacity: OutboxCapacity;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Free bytes of the disk. */
  readonly measure: () => number;
}

/** Watches how the log fills its space. */
export class Space {
  readonly #options: SpaceOptions;
  readonly #looks: { readonly at: number; readonly used: number }[] = [];
  #free = Number.MAX_SAFE_INTEGER;
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(options: SpaceOptions) {
    this.#options = options;
  }

  /** Free bytes of the disk, a few seconds old at most. */
  get free(): number {
    const now = this.#options.clock.monotonic();
    if (now - this.#measuredAt > freeSpaceEvery) {
      this.#free = this.#options.measure();
      this.#measuredAt = now;
    }
    return this.#free;
  }

  /** Notes how much the log uses, in bytes. */
  look(used: number): void {
    const at = this.#options.clock.monotonic();
    const last = this.#looks.at(-1);
    if (last && at - last.at < lookEvery) return;
    this.#looks.push({ at, used });
    if (this.#looks.length > looks) this.#looks.shift();
  }

  outlook(used: number): SpaceOutlook {
    this.look(used);
    const { maximumBytes, freeFloor } = this.#options.capacity;
    const room = Math.max(0, Math.min(maximumBytes - used, this.free - freeFloor));
    const first = this.#looks[0];
    const passed = this.#options.clock.monotonic() - (first?.at ?? 0);
    const growth = first && passed > 0 ? (used - first.used) / passed : 0;
    return { maximum: maximumBytes, free: this.free, fullIn: growth > 0 ? Math.round(room / growth) : null };
  }
}
