import type { UnreadLimits } from './unread-limit.ts';

/** What the device broker takes on at most, so that no device costs it memory without end. */
export interface BrokerLimits extends UnreadLimits {
  /** Bytes of a packet; nothing that a field device sends is longer. */
  readonly packet: number;
  /** Devices signed in at once, in all and with one user's name. */
  readonly devices: number;
  readonly devicesOfUser: number;
  /** Connections of one address that have not signed in yet. */
  readonly unsigned: number;
  /** Topic filters of one device. */
  readonly subscriptions: number;
  /** Messages of QoS 2 that one device has begun and not released. */
  readonly unreleased: number;
  /** Topics whose last message is kept, and bytes of topic and message. */
  readonly retained: number;
  readonly retainedBytes: number;
}

const kibibyte = 1024;
export const brokerLimits: BrokerLimits = {
  packet: 256 * kibibyte,
  devices: 1000,
  devicesOfUser: 500,
  unsigned: 100,
  subscriptions: 100,
  unreleased: 100,
  unreadOfClient: 2048 * kibibyte,
  unreadInAll: 32_768 * kibibyte,
  retained: 1000,
  retainedBytes: 1024 * kibibyte,
};

/** Which topics keep their last message, and how much that is. */
export class RetainedBook {
  readonly #limits: BrokerLimits;
  readonly #bytes = new Map<string, number>();
  #sum = 0;

  constructor(limits: BrokerLimits) {
    this.#limits = limits;
  }

  /** Books a message that is to be kept; false when there is no room for it. An empty one removes what is kept (3.3.1.3). */
  take(topic: string, payload: number): boolean {
    const before = this.#bytes.get(topic);
    const bytes = payload === 0 ? 0 : Buffer.byteLength(topic) + payload;
    const sum = this.#sum - (before ?? 0) + bytes;
    const isMore = bytes > 0 && before === undefined && this.#bytes.size >= this.#limits.retained;
    if (bytes > 0 && (isMore || sum > this.#limits.retainedBytes)) return false;
    this.#sum = sum;
    if (bytes === 0) this.#bytes.delete(topic);
    else this.#bytes.set(topic, bytes);
    return true;
  }
}
