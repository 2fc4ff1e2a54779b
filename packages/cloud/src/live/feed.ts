import type { Clock, Logger, Timer } from '@plantroom/base';
import type { LatestPoint, LiveEvent } from '@plantroom/model/api';
import { Pending } from './pending.ts';

/** One browser's stream. */
export interface Reader {
  /** Whether the reader has taken all that was written before. */
  ready(): boolean;
  write(text: string): void;
  /** Whether its sign-in still holds. */
  stillAllowed(): Promise<boolean>;
  end(): void;
}

interface Subscription {
  readonly site: string;
  readonly reader: Reader;
  readonly pending: Pending;
  /** On the monotonic clock: since when it has not taken what was written. */
  blockedSince: number | undefined;
}

export interface FeedOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** All current values of a site: the first thing that a reader is sent. */
  readonly snapshot: (site: string) => LatestPoint[];
}

/** At most four messages a second for each reader. */
const flushPeriod = 250;
const tickPeriod = 5_000;
/** A reader that takes nothing for this long is dropped; it comes back by itself and starts from the present. */
const patience = 15_000;
/** What a browser is told to wait before it connects again. */
const retry = 2_000;

/** Fans committed changes out to the readers of each site. */
export class LiveFeed {
  readonly #options: FeedOptions;
  readonly #subscriptions = new Set<Subscription>();
  readonly #timers: Timer[];
  #isFollowing = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { clock } = options;
    this.#timers = [clock.every(flushPeriod, () => this.#flush()), clock.every(tickPeriod, () => this.#tick())];
  }

  /** Whether what is committed comes in; while it does not, there is nothing to read here that could be trusted. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** What is committed comes in from now on, and all from before was read. */
  resume(): void {
    this.#isFollowing = true;
  }

  /** Something may be missed from now on: readers go, and ask for everything when they are let in again. */
  interrupt(): void {
    this.#isFollowing = false;
    for (const s of this.#subscriptions) this.#drop(s, 'what is committed cannot be followed');
  }

  hasReaders(site: string): boolean {
    return [...this.#subscriptions].some((s) => s.site === site);
  }

  /** Starts with the site's present values, so that a reader needs nothing else to be current. */
  open(site: string, reader: Reader): () => void {
    const subscription: Subscription = { site, reader, pending: new Pending(), blockedSince: undefined };
    const now = this.#options.clock.now();
    reader.write(`retry: ${retry}\n\n`);
    reader.write(format({ type: 'latest', now, items: this.#options.snapshot(site) }));
    this.#subscriptions.add(subscription);
    return () => void this.#subscriptions.delete(subscription);
  }

  publish(site: string, event: LiveEvent): void {
    for (const s of this.#subscriptions) if (s.site === site) s.pending.add(event);
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    for (const s of this.#subscriptions) s.reader.end();
    this.#subscriptions.clear();
  }

  #flush(): void {
    for (const s of this.#subscriptions) {
      if (s.pending.isEmpty || !this.#isReady(s)) continue;
      const text = s.pending.take(this.#options.clock.now()).map(format).join('');
      s.reader.write(text);
    }
  }

  /** False while the reader is blocked; one that stays so is dropped. */
  #isReady(s: Subscription): boolean {
    if (s.reader.ready()) {
      s.blockedSince = undefined;
      return true;
    }
    const now = this.#options.clock.monotonic();
    s.blockedSince ??= now;
    if (now - s.blockedSince >= patience) this.#drop(s, 'it was too slow');
    return false;
  }

  #tick(): void {
    const text = format({ type: 'tick', now: this.#options.clock.now() });
    for (const s of this.#subscriptions) {
      if (this.#isReady(s)) s.reader.write(text);
      s.reader.stillAllowed().then(
        (allowed) => allowed || this.#drop(s, 'its sign-in ended'),
        () => this.#drop(s, 'its sign-in could not be checked'),
      );
    }
  }

  #drop(s: Subscription, reason: string): void {
    if (!this.#subscriptions.delete(s)) return;
    this.#options.logger.info({ site: s.site, reason }, 'dropped a reader of the live feed');
    s.reader.end();
  }
}

function format({ type, ...data }: LiveEvent): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
