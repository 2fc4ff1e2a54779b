/** How many observations are remembered: a minute of live events, so that a corrected clock is believed soon. */
const remembered = 24;

/**
 * The server's clock as seen from here. Each observation is late by its way over the network, so the largest of the
 * recent differences is the closest to the truth.
 */
export class ServerClock {
  readonly #own: () => number;
  #differences: number[] = [];

  constructor(own: () => number) {
    this.#own = own;
  }

  /** Takes the server's time (ms since 1970 UTC) out of an answer that has just arrived. */
  note(serverTime: number): void {
    this.#differences = [...this.#differences, serverTime - this.#own()].slice(-remembered);
  }

  now(): number {
    return this.#own() + (this.#differences.length > 0 ? Math.max(...this.#differences) : 0);
  }
}

export const serverClock = new ServerClock(() => Date.now());
