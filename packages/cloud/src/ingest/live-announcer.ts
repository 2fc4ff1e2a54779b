import type { Clock, Timer } from '@plantroom/base';
import type { GatewayAddress } from '@plantroom/model/wire';
import type { StoredColumns } from '../time-series/contract.ts';
import type { LiveMessage } from './live-message.ts';
import { Present } from './present.ts';

/** Samples of one live message, so that it stays well below the broker's largest packet. */
const liveItems = 2000;
/** ms between two announcements: under load a point has many new values in that time, and only the last is the present. */
const pause = 100;

interface Pending {
  readonly from: GatewayAddress;
  readonly samples: StoredColumns[];
}

/** Tells followers the newest committed values: at once after a quiet moment, else what has come together in `pause`. */
export class LiveAnnouncer {
  readonly #clock: Clock;
  readonly #announce: (message: LiveMessage) => void;
  readonly #present = new Present();
  #pending = new Map<string, Pending>();
  #resting: Timer | undefined;

  constructor(clock: Clock, announce: (message: LiveMessage) => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  /** Takes committed samples of a gateway. */
  add(from: GatewayAddress, samples: StoredColumns): void {
    const key = `${from.site}/${from.gateway}`;
    const pending = this.#pending.get(key) ?? { from, samples: [] };
    pending.samples.push(samples);
    this.#pending.set(key, pending);
  }

  /** Tells of all that was added, now or when the pause is over. */
  tell(): void {
    if (this.#resting || this.#pending.size === 0) return;
    this.#flush();
    this.#resting = this.#clock.after(pause, () => {
      this.#resting = undefined;
      this.tell();
    });
  }

  /** Tells of what is left. */
  stop(): void {
    this.#resting?.cancel();
    this.#flush();
  }

  #flush(): void {
    const committedAt = this.#clock.now();
    const all = this.#pending;
    this.#pending = new Map();
    for (const { from, samples } of all.values()) {
      const { site, gateway } = from;
      const items = this.#present.advance(samples, committedAt);
      for (let at = 0; at < items.length; at += liveItems)
        this.#announce({ type: 'samples', site, gateway, committedAt, items: items.slice(at, at + liveItems) });
    }
  }
}
