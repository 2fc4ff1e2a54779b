/** A bucket of permits that fills at `perSecond` and holds at most one second's worth, or one. */
export class Rate {
  readonly #own: number;
  #perSecond: number;
  #permits: number;
  #at: number | undefined;

  constructor(perSecond: number) {
    this.#own = perSecond;
    this.#perSecond = perSecond;
    this.#permits = perSecond;
  }

  /** Fills no faster than this, and never faster than it was made for; undefined lifts the limit. */
  limit(perSecond: number | undefined): void {
    this.#perSecond = Math.min(this.#own, perSecond ?? this.#own);
    this.#permits = Math.min(this.#permits, Math.max(1, this.#perSecond));
  }

  /** Permits there are now; `now` is monotonic, in ms. */
  available(now: number): number {
    const passed = now - (this.#at ?? now);
    const most = Math.max(1, this.#perSecond);
    this.#permits = Math.min(most, this.#permits + (passed * this.#perSecond) / 1000);
    this.#at = now;
    return Math.floor(this.#permits);
  }

  use(count: number): void {
    this.#permits -= count;
  }
}
