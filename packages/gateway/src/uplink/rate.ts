/** A bucket of permits that fills at `perSecond` and holds at most one second's worth. */
export class Rate {
  readonly #perSecond: number;
  #permits: number;
  #at: number | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#permits = perSecond;
  }

  /** Permits there are now; `now` is monotonic, in ms. */
  available(now: number): number {
    const passed = now - (this.#at ?? now);
    this.#permits = Math.min(this.#perSecond, this.#permits + (passed * this.#perSecond) / 1000);
    this.#at = now;
    return Math.floor(this.#permits);
  }

  use(count: number): void {
    this.#permits -= count;
  }
}
