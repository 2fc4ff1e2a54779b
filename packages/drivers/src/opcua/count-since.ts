import type { Raw } from '../judge.ts';

/** Makes a count of one episode (door reopenings at this stop) from a count that goes on for ever and one that ends episodes. */
export class CountSince {
  #base: number | undefined;
  #count: number | undefined;
  #episode: Raw;

  /** The episode's number or state: whenever it changes, the count begins at 0. */
  startAfresh(episode: Raw): void {
    if (this.#episode !== undefined && episode !== this.#episode) this.#base = this.#count;
    this.#episode = episode;
  }

  of(raw: Raw): Raw {
    if (typeof raw !== 'number' && typeof raw !== 'bigint') return undefined;
    const count = Number(raw);
    // A count that went back was reset at its source.
    if (this.#base === undefined || count < this.#base) this.#base = count;
    this.#count = count;
    return count - this.#base;
  }
}
