import { coerceError, systemClock } from '@plantroom/base';

export interface UntilOptions {
  /** Milliseconds until it gives up; 10 s unless told. */
  readonly timeout?: number;
  /** Milliseconds between two attempts; 100 unless told. */
  readonly every?: number;
}

/**
 * Asks again and again until the answer is neither undefined nor false, and gives that. An attempt that throws counts as
 * "not yet"; the last failure stands in the error when time is up.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { timeout = 10_000, every = 100 }: UntilOptions = {},
): Promise<T> {
  const end = systemClock.monotonic() + timeout;
  let last = 'the answer was "not yet"';
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (thrown) {
      last = coerceError(thrown).message;
    }
    await systemClock.sleep(every);
  } while (systemClock.monotonic() < end);
  throw new Error(`waited ${timeout} ms in vain until ${what}: ${last}`);
}
