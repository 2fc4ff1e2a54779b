/** ms for which a limit holds after it was last said: the cloud may be several processes, and only one of them busy. */
const hold = 3000;

/** A bucket of permits that fills at `perSecond` and holds at most one second's worth, or one. */
export class Rate {
  readonly #own: number;
  #perSecond: number;
  #permits: number;
  #at: number | undefined;
  #limitedAt = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#own = perSecond;
    this.#perSecond = perSecond;
    this.#permits = perSecond;
  }

  /**
   * Fills no faster than this, and never faster than it was made for; what is faster than the limit that holds, or
   * undefined, which lifts it, counts when the limit has not been said for a while. `now` is monotonic, in ms.
   */
  limit(perSecond: number | undefined, now: number): void {
    const limit = Math.min(this.#own, perSecond ?? this.#own);
    if (limit > this.#perSecond && now - this.#limitedAt < hold) return;
    this.#perSecond = limit;
    if (perSecond !== undefined) this.#limitedAt = now;
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
