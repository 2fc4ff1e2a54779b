import { type Clock, describeError, errorCode, type Logger, type Random, retrySchedule } from '@plantroom/base';

export interface WaitOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** What a server that is down, or not up yet, is answered with; everything else is a mistake that waiting does not mend. */
const away = ['records-unavailable', 'time-series-unavailable', 'broker-unavailable'];
/** ms between two words about the same wait. */
const saidEvery = 60_000;

/**
 * Runs `open` until what it needs is there, and says meanwhile what is waited for: a machine that comes back after a power
 * cut starts everything at once, in any order. Throws what else is wrong at once, and the last error when `signal` ends
 * the wait.
 */
export async function whenThere<T>(open: () => Promise<T>, { clock, logger, random, signal }: WaitOptions): Promise<T> {
  const delays = retrySchedule({ initial: 500, maximum: 5000, jitter: 0.5, random });
  let said = Number.NEGATIVE_INFINITY;
  for (;;) {
    try {
      return await open();
    } catch (thrown) {
      const code = errorCode(thrown);
      if (code === undefined || !away.includes(code) || signal?.aborted) throw thrown;
      if (clock.monotonic() - said >= saidEvery) {
        said = clock.monotonic();
        logger.warn({ code, detail: describeError(thrown) }, 'Waiting; nothing is taken from gateways meanwhile.');
      }
      await clock.sleep(delays.next().value, signal);
    }
  }
}
