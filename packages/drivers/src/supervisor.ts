import { type Clock, describeError, type Logger, retrySchedule, systemRandom } from '@plantroom/base';
import { DriverFailure } from './failure.ts';

/** A live session to the field that pushes. */
export interface Session {
  /** Resolves with a reason when the session is of no use any more; never rejects. */
  readonly lost: Promise<string>;
  /** Never rejects, never takes long. */
  close(): Promise<void>;
}

export interface SupervisorOptions<S extends Session> {
  /** Makes a session from nothing; throws DriverFailure within its own deadline. */
  readonly connect: (signal: AbortSignal) => Promise<S>;
  /** Starts the push on a new session; a throw ends the session. */
  readonly start: (session: S) => Promise<void>;
  /** The session is gone or cannot be had. */
  readonly down: (detail: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps a pushing session alive: whenever it is lost, it is thrown away and made anew, with growing pauses up to half a
 * minute. Libraries' own reconnecting is off, so that open and close always end.
 */
export class Supervisor<S extends Session> {
  readonly #options: SupervisorOptions<S>;
  #stop = new AbortController();
  #session: S | undefined;
  #connecting: Promise<S> | undefined;
  #running: Promise<void> | undefined;
  #delays = sessionDelays();

  constructor(options: SupervisorOptions<S>) {
    this.#options = options;
  }

  /** The session, made if there is none. Throws what `connect` throws. */
  async open(): Promise<S> {
    if (this.#stop.signal.aborted) this.#stop = new AbortController();
    if (this.#session) return this.#session;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Pushes from now on until `close`; gives at once. */
  run(): void {
    if (this.#stop.signal.aborted) this.#stop = new AbortController();
    this.#running ??= this.#supervise(this.#stop.signal);
  }

  /** Gives its session away, if it has one, open as it is. */
  release(): S | undefined {
    this.#stop.abort();
    const session = this.#session;
    this.#session = undefined;
    return session;
  }

  /** Goes on with the session that another gave away. */
  adopt(session: S): void {
    this.#session = session;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#connecting?.catch(() => undefined);
    await this.#running;
    this.#running = undefined;
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  async #connect(): Promise<S> {
    const { signal } = this.#stop;
    const session = await this.#options.connect(signal);
    if (signal.aborted) {
      await session.close();
      throw new DriverFailure('no-answer', 'The connection was closed while it was being opened.');
    }
    this.#session = session;
    return session;
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    const { start, down, clock, logger } = this.#options;
    const stopped = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    while (!signal.aborted) {
      let detail: string | undefined;
      let startedAt = Number.POSITIVE_INFINITY;
      try {
        const session = await this.open();
        const started = start(session).then(() => {
          startedAt = clock.monotonic();
          return stopped;
        });
        detail = await Promise.race([started, session.lost, stopped]);
      } catch (thrown) {
        detail = describeError(thrown);
      }
      if (signal.aborted) return;
      logger.warn({ detail }, 'session lost');
      down(detail ?? '');
      await this.#session?.close();
      this.#session = undefined;
      if (clock.monotonic() - startedAt >= lasting) this.#delays = sessionDelays();
      await clock.sleep(this.#delays.next().value, signal);
    }
  }
}

/**
 * A session that lived this long (ms) was a good one, and the next is tried at once. Servers keep a lost session for a
 * while and have few: over a link that breaks again and again, pauses must grow although each session starts well.
 */
const lasting = 30_000;

function sessionDelays(): Generator<number, never, void> {
  return retrySchedule({ initial: 500, maximum: 30_000, jitter: 0.5, random: systemRandom });
}
