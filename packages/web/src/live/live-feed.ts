import type { LiveEvent } from '@plantroom/model/api';
import { apiUrl } from '../api/client.ts';
import { noteLiveEvent, setLiveStatus, silentAfter } from './live-status.ts';
import { serverClock } from './server-clock.ts';

export type LiveEventType = LiveEvent['type'];

const eventTypes: readonly LiveEventType[] = ['latest', 'alarm', 'work-order', 'gateway', 'intervals', 'model', 'tick'];

export interface FeedListener {
  readonly onEvent: (event: LiveEvent) => void;
  /** The stream is there again after a break: what came meanwhile was missed and must be asked for. */
  readonly onReturn: () => void;
}

const pauses = [1_000, 2_000, 5_000, 10_000] as const;

/**
 * Follows a site's events until stopped. The browser's own reconnecting gives up for good on an answer that is not 200
 * and trusts a socket that says nothing, so both are watched here: a closed or silent stream is opened anew.
 */
export class LiveFeed {
  readonly #url: string;
  readonly #listener: FeedListener;
  #source: EventSource | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #wasOpen = false;

  constructor(site: string, listener: FeedListener) {
    this.#url = apiUrl('/live', { site });
    this.#listener = listener;
  }

  start(): void {
    this.#open();
  }

  stop(): void {
    this.#close();
    clearTimeout(this.#retry);
  }

  #open(): void {
    const source = new EventSource(this.#url);
    this.#source = source;
    this.#watch();
    source.addEventListener('open', () => {
      this.#failures = 0;
      if (this.#wasOpen) this.#listener.onReturn();
      this.#wasOpen = true;
    });
    source.addEventListener('error', () => this.#again());
    for (const type of eventTypes)
      source.addEventListener(type, (message: MessageEvent<string>) => this.#take(type, message.data));
  }

  #take(type: LiveEventType, text: string): void {
    this.#watch();
    const event = { type, ...JSON.parse(text) } as LiveEvent;
    serverClock.note(event.now);
    noteLiveEvent();
    this.#listener.onEvent(event);
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#again(), silentAfter);
  }

  #again(): void {
    this.#close();
    setLiveStatus({ phase: 'connecting' });
    const pause = pauses[Math.min(this.#failures, pauses.length - 1)];
    this.#failures++;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#open(), pause);
  }

  #close(): void {
    clearTimeout(this.#watchdog);
    this.#source?.close();
    this.#source = undefined;
  }
}
