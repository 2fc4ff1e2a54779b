import type { Clock, Logger } from '@plantroom/base';

/** Days at the limit of space are not days of log lines: one line each ten minutes says what came together; ms. */
const sayEvery = 600_000;

/** Says that space is short, and what it has cost. */
export class TightLog {
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #saidAt = Number.NEGATIVE_INFINITY;
  #thinned = 0;
  #dropped = 0;

  constructor(logger: Logger, clock: Pick<Clock, 'monotonic'>) {
    this.#logger = logger;
    this.#clock = clock;
  }

  add({ thinned, dropped, isFull }: { thinned: number; dropped: number; isFull: boolean }): void {
    this.#thinned += thinned;
    this.#dropped += dropped;
    if (this.#clock.monotonic() - this.#saidAt < sayEvery) return;
    this.#saidAt = this.#clock.monotonic();
    const samples = { thinned: this.#thinned, dropped: this.#dropped };
    [this.#thinned, this.#dropped] = [0, 0];
    if (isFull)
      this.#logger.error(
        { code: 'outbox-full', ...samples },
        'The outbox is beyond its limit with alarms and orders, which are never dropped, and what may have been sent; other telemetry is not kept. Bring the cloud back, or give the log more space.',
      );
    else
      this.#logger.warn(
        { code: 'outbox-tight', ...samples },
        'The outbox is at its limit of disk space: the oldest telemetry was thinned to minimum, mean and maximum, or dropped; gap records say what.',
      );
  }
}
