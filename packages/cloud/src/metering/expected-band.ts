import { createUsualLoad, type Expected } from '@plantroom/energy';
import type { Interval } from '@plantroom/model';

const day = 86_400_000;
/** What is usual is learned from the 28 days before each day; one more covers the zone's offset. */
const learningTime = 29 * day;

export type ReadIntervals = (
  site: string,
  equipment: readonly string[],
  from: number,
  to: number,
) => Promise<readonly Interval[]>;

interface Band {
  readonly from: number;
  readonly to: number;
  /** By start of the interval. */
  readonly expected: ReadonlyMap<number, Expected>;
}

/** The expected band of each meter, kept until new intervals of the meter are committed. */
export class ExpectedBands {
  readonly #read: ReadIntervals;
  readonly #bands = new Map<string, Promise<Band>>();

  constructor(read: ReadIntervals) {
    this.#read = read;
  }

  /** What was to be expected at each start in [from, to), by start; a start without enough history has no entry. */
  async of(
    site: string,
    meter: string,
    from: number,
    to: number,
    timezone: string,
  ): Promise<ReadonlyMap<number, Expected>> {
    const key = `${site}/${meter}`;
    const held = await this.#bands.get(key);
    if (held && held.from <= from && held.to >= to) return held.expected;
    const band = this.#learn(site, meter, from, to, timezone);
    this.#bands.set(key, band);
    // A failure must not stay in the cache.
    band.catch(() => this.#bands.delete(key));
    return (await band).expected;
  }

  forget(site: string, meters: readonly string[]): void {
    for (const meter of meters) this.#bands.delete(`${site}/${meter}`);
  }

  forgetAll(): void {
    this.#bands.clear();
  }

  async #learn(site: string, meter: string, from: number, to: number, timezone: string): Promise<Band> {
    const intervals = await this.#read(site, [meter], from - learningTime, to);
    const usual = createUsualLoad({ timezone });
    const expected = new Map<number, Expected>();
    // In the order of time: each is judged by what came before it alone.
    for (const interval of intervals) {
      if (interval.start >= from) {
        const band = usual.expected(meter, interval.start);
        if (band) expected.set(interval.start, band);
      }
      usual.add(interval);
    }
    return { from, to, expected };
  }
}
