import type { Random } from './random.ts';

export interface RetryOptions {
  /** The first delay in milliseconds. */
  initial: number;
  /** The largest delay in milliseconds. */
  maximum: number;
  /** How much each delay grows; 2 unless told. */
  factor?: number;
  /** Share of each delay drawn at random, 0 (exact) to 1 (full jitter). Many clients must not come back at once. */
  jitter?: number;
  random?: Random;
}

/** An endless sequence of delays in milliseconds: growing to a maximum, then staying there. */
export function* retrySchedule(options: RetryOptions): Generator<number, never, void> {
  const { initial, maximum, factor = 2, jitter = 0, random = () => 1 } = options;
  let delay = initial;
  for (;;) {
    yield Math.round(delay * (1 - jitter + jitter * random()));
    delay = Math.min(maximum, delay * factor);
  }
}
