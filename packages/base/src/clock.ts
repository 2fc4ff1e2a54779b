/** A timer that was started; `cancel` may be called more than once. */
export interface Timer {
  cancel(): void;
}

/** Time as the product sees it. All durations and instants are milliseconds. */
export interface Clock {
  /** Wall time, milliseconds since 1970-01-01T00:00:00Z. It may jump. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. Use it for every duration. */
  monotonic(): number;
  after(delay: number, run: () => void): Timer;
  every(period: number, run: () => void): Timer;
  /** Resolves after `delay`, or at once when the signal is aborted (it never rejects). */
  sleep(delay: number, signal?: AbortSignal): Promise<void>;
}

function sleepOn(clock: Pick<Clock, 'after'>, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delay, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** From the start of this thread's clock to that of the machine, ms. */
const sinceBoot = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Its monotonic time is the machine's (since boot, where the system has it so): the same in every thread and process. */
/** Waits for something, but not longer than `patience` ms, and leaves no timer behind; a failure counts as done. */
export async function atMost(clock: Clock, patience: number, something: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  await Promise.race([something.catch(() => {}), clock.sleep(patience, enough.signal)]);
  enough.abort();
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() + sinceBoot,
  after(delay, run) {
    const handle = setTimeout(run, delay);
    return { cancel: () => clearTimeout(handle) };
  },
  every(period, run) {
    const handle = setInterval(run, period);
    return { cancel: () => clearInterval(handle) };
  },
  sleep(delay, signal) {
    return sleepOn(this, delay, signal);
  },
};

interface Pending {
  at: number;
  run: () => void;
  period: number | undefined;
}

/** A clock that stands still until `advance` moves it; timers fire in the order of their time. For tests and simulation. */
export class ManualClock implements Clock {
  #now: number;
  #monotonic = 0;
  readonly #pending = new Set<Pending>();

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Moves wall time alone, as an NTP step does; no timer fires. */
  jump(by: number): void {
    this.#now += by;
  }

  /** Moves both clocks on without firing a timer, as a suspended machine does; what is due fires at the next `advance`. */
  stand(by: number): void {
    this.#moveTo(this.#monotonic + by);
  }

  after(delay: number, run: () => void): Timer {
    return this.#schedule({ at: this.#monotonic + Math.max(0, delay), run, period: undefined });
  }

  every(period: number, run: () => void): Timer {
    return this.#schedule({ at: this.#monotonic + period, run, period });
  }

  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delay, signal);
  }

  /** Moves both clocks on and fires what falls due, letting promises settle between timers. */
  async advance(by: number): Promise<void> {
    const end = this.#monotonic + by;
    for (;;) {
      await settle();
      const next = this.#next(end);
      if (!next) break;
      if (next.at > this.#monotonic) this.#moveTo(next.at);
      if (next.period === undefined) this.#pending.delete(next);
      else next.at = Math.max(next.at, this.#monotonic) + next.period;
      next.run();
    }
    this.#moveTo(end);
    await settle();
  }

  #schedule(pending: Pending): Timer {
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  #next(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const p of this.#pending) if (p.at <= end && (!first || p.at < first.at)) first = p;
    return first;
  }

  #moveTo(at: number): void {
    this.#now += at - this.#monotonic;
    this.#monotonic = at;
  }
}

/** Lets every promise that is already settled run its continuations. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
