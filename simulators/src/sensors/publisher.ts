import {
  type Clock,
  coerceError,
  type Logger,
  randomId,
  retrySchedule,
  systemRandom,
  type Timer,
} from '@plantroom/base';
import { connect, type MqttClient } from 'mqtt';

export interface BrokerOptions {
  url: string;
  user?: string;
  password?: string;
}

/** What became of the messages of one source. */
export interface Produced {
  /** Handed to the broker connection. */
  published: number;
  /** Confirmed by the broker (PUBACK). */
  acknowledged: number;
  /** Measured while there was no connection, and never sent. */
  dropped: number;
  /** Time of the newest message, ISO 8601, or null. */
  last: string | null;
}

export interface ProducedMessage {
  time: string;
  payload: unknown;
  acknowledged: boolean;
}

const mostMessages = 20_000;
const mostWaiting = 1000;

/** Publishes JSON over MQTT and keeps connecting until it is stopped; counts what was sent and confirmed. */
export class Publisher {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #keep: boolean;
  readonly #counts = new Map<string, Produced>();
  readonly #messages = new Map<string, ProducedMessage[]>();
  readonly #waiting: (() => void)[] = [];
  readonly #retry = () => retrySchedule({ initial: 250, maximum: 5000, jitter: 0.3, random: systemRandom });
  #delays = this.#retry();
  #client: MqttClient | undefined;
  #timer: Timer | undefined;
  #stopped = false;

  /** @param keep remembers every message for `messages` (the oracle of tests), up to 20,000 a source. */
  constructor(options: { clock: Clock; logger: Logger; keep: boolean }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#keep = options.keep;
  }

  start({ url, user, password }: BrokerOptions): void {
    const client = connect(url, {
      clientId: `harbour-tower-${randomId(4)}`,
      ...(user === undefined ? {} : { username: user }),
      ...(password === undefined ? {} : { password }),
      keepalive: 30,
      connectTimeout: 5000,
      // Our own schedule replaces the client's fixed period.
      reconnectPeriod: 0,
    });
    this.#client = client;
    client.on('connect', () => {
      this.#delays = this.#retry();
      this.#logger.info({ url }, 'Connected to the MQTT broker');
      for (const send of this.#waiting.splice(0)) send();
    });
    client.on('error', (error) => this.#logger.debug({ reason: error.message }, 'MQTT connection failed'));
    client.on('close', () => this.#reconnectLater(client));
  }

  get state(): 'off' | 'connecting' | 'connected' {
    if (!this.#client) return 'off';
    return this.#client.connected ? 'connected' : 'connecting';
  }

  /** Sends now, or drops the message when there is no connection. */
  publish(source: string, topic: string, time: string, payload: object): void {
    const counts = this.counts(source);
    if (this.#client?.connected) this.#send(source, topic, time, payload);
    else counts.dropped += 1;
  }

  /** Sends now, or as soon as there is a connection; for events, which must arrive. */
  publishSurely(source: string, topic: string, time: string, payload: object): void {
    if (this.#client?.connected) this.#send(source, topic, time, payload);
    else if (this.#client && this.#waiting.length < mostWaiting) {
      this.#waiting.push(() => this.#send(source, topic, time, payload));
    } else this.counts(source).dropped += 1;
  }

  counts(source: string): Produced {
    let counts = this.#counts.get(source);
    if (!counts) {
      counts = { published: 0, acknowledged: 0, dropped: 0, last: null };
      this.#counts.set(source, counts);
    }
    return counts;
  }

  /** Every message of a source, or undefined when they are not kept. */
  messages(source: string): readonly ProducedMessage[] | undefined {
    return this.#keep ? (this.#messages.get(source) ?? []) : undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#client?.endAsync(true);
  }

  #send(source: string, topic: string, time: string, payload: object): void {
    const counts = this.counts(source);
    const message: ProducedMessage = { time, payload, acknowledged: false };
    counts.published += 1;
    counts.last = time;
    if (this.#keep) this.#remember(source, message);
    this.#client?.publish(topic, JSON.stringify(payload), { qos: 1 }, (error) => {
      if (error) return;
      counts.acknowledged += 1;
      message.acknowledged = true;
    });
  }

  #remember(source: string, message: ProducedMessage): void {
    const kept = this.#messages.get(source) ?? [];
    kept.push(message);
    if (kept.length > mostMessages) kept.shift();
    this.#messages.set(source, kept);
  }

  #reconnectLater(client: MqttClient): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(this.#delays.next().value, () => {
      try {
        client.reconnect();
      } catch (thrown) {
        this.#logger.warn({ reason: coerceError(thrown).message }, 'Could not reconnect to the MQTT broker');
      }
    });
  }
}
