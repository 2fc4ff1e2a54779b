import {
  type Clock,
  coerceError,
  describeError,
  errorCode,
  type Logger,
  type Random,
  retrySchedule,
} from '@plantroom/base';

/** Tries before a batch is given up. Then its gateways send it again: no frame is kept here for long. */
const tries = 4;

export interface Attempts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when ingest stops: no further attempt then. */
  readonly signal: AbortSignal;
  readonly random: Random;
}

/** Runs a commit until it succeeds or has failed too often; gives its result, or the last error. */
export async function attempt<T>(
  { clock, logger, signal, random }: Attempts,
  run: () => Promise<T>,
  isFinal: (error: Error) => boolean = () => false,
): Promise<{ result: T } | { error: Error }> {
  // Many workers must not come back to a database at once.
  const delays = retrySchedule({ initial: 200, maximum: 2000, jitter: 1, random });
  for (let n = 1; ; n++) {
    try {
      return { result: await run() };
    } catch (thrown) {
      const error = coerceError(thrown);
      if (isFinal(error)) return { error };
      const fields = { code: errorCode(error) ?? 'ingest-commit', attempt: n, detail: describeError(error) };
      logger.warn(fields, 'Frames could not be stored; they are not acknowledged.');
      if (n === tries || signal.aborted) return { error };
      await clock.sleep(delays.next().value, signal);
    }
  }
}
