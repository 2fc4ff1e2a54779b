import {
  atMost,
  type Clock,
  describeError,
  type Logger,
  limitInbound,
  type Random,
  retrySchedule,
  type Timer,
  withoutCredentials,
} from '@plantroom/base';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { adviceFor } from './advice.ts';

export interface LinkOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  readonly clientId: string;
  readonly user: string;
  readonly password: string;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly subscriptions: readonly string[];
  /** Asked at each connect: what the broker is to publish (retained) when this side falls silent. */
  readonly will: () => { topic: string; payload: string };
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
}

/** Full jitter from 1 to 30 s, never a tight loop: a cloud that is back is found within half a minute. */
const firstDelay = 1000;
const longestDelay = 30_000;
const shortestDelay = 100;
/**
 * A connection that held this long (ms) was a good one, and the delays begin anew. One that is pushed out by another gateway of the
 * same name is not: both then come back more and more slowly, and each has time to send.
 */
const stable = 30_000;
/** Bytes of a packet from the cloud at most; its answers and commands are far shorter. */
const largestPacket = 1024 * 1024;

/**
 * One outbound MQTT connection that comes back by itself. A new client each time: the library's own store would send
 * old packets again, and our log is the only memory.
 */
export class Link {
  readonly #options: LinkOptions;
  #client: MqttClient | undefined;
  #delays = retrySchedule({ initial: firstDelay, maximum: longestDelay });
  #retry: Timer | undefined;
  #up = false;
  #upSince = 0;
  #closed = false;
  #complained = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get up(): boolean {
    return this.#up;
  }

  open(): void {
    const { url, logger } = this.#options;
    this.#retry = undefined;
    const client = connect(url, this.#clientOptions());
    this.#client = client;
    limitInbound(client.stream, largestPacket, (topic) =>
      this.#complain(`the broker sent more than ${largestPacket} bytes on ${topic}`),
    );
    client.on('connect', () => this.#subscribe(client));
    client.on('message', (topic, payload) => this.#options.onMessage(topic, payload));
    client.on('error', (error) => this.#complain(describeError(error)));
    client.on('close', () => this.#onClose(client));
    logger.debug({ url: withoutCredentials(url) }, 'Connecting to the cloud.');
  }

  publish(topic: string, payload: Uint8Array | string, retain = false): void {
    if (!this.#up) return;
    // What a failed publish means is decided by the missing acknowledgement of the application.
    this.#client?.publish(topic, Buffer.from(payload), { qos: 1, retain }, () => {});
  }

  /** Publishes a last word and leaves in good order, within `patience` ms. */
  async close(last: { topic: string; payload: string }, patience: number): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    const client = this.#client;
    if (!client) return;
    const { clock } = this.#options;
    if (this.#up) {
      const said = client
        .publishAsync(last.topic, last.payload, { qos: 1, retain: true })
        .then(() => client.endAsync());
      await atMost(clock, patience, said);
    }
    client.end(true);
  }

  #clientOptions(): IClientOptions {
    const { clientId, user, password, ca } = this.#options;
    const { topic, payload } = this.#options.will();
    return {
      clientId,
      username: user,
      password,
      protocolVersion: 4,
      clean: true,
      keepalive: 30,
      connectTimeout: 10_000,
      reconnectPeriod: 0,
      queueQoSZero: false,
      // Else the library keeps a buffer for each of 65,536 packet ids, 10 MB, for what takes it no time.
      writeCache: false,
      resubscribe: false,
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
      will: { topic, payload: Buffer.from(payload), qos: 1, retain: true },
    };
  }

  #subscribe(client: MqttClient): void {
    client.subscribe([...this.#options.subscriptions], { qos: 1 }, (error, grants) => {
      if (client !== this.#client || this.#closed) return;
      const refused = grants?.find((g) => g.qos === 128);
      if (error || refused) {
        this.#complain(error ? describeError(error) : `the broker refuses ${refused?.topic}`);
        client.end(true);
        return;
      }
      this.#up = true;
      this.#upSince = this.#options.clock.monotonic();
      this.#complained = false;
      this.#options.logger.info({ url: this.#options.url }, 'Connected to the cloud.');
      this.#options.onUp();
    });
  }

  #onClose(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    client.end(true);
    if (this.#up) {
      this.#up = false;
      if (this.#options.clock.monotonic() - this.#upSince >= stable)
        this.#delays = retrySchedule({ initial: firstDelay, maximum: longestDelay });
      this.#options.onDown();
      this.#complain('the connection ended');
    }
    if (this.#closed) return;
    const { clock, random } = this.#options;
    const delay = Math.max(shortestDelay, Math.round(this.#delays.next().value * random()));
    this.#retry = clock.after(delay, () => this.open());
  }

  /** The first failure and the recovery are logged, nothing between: an outage of a day is not a day of log lines. */
  #complain(detail: string): void {
    if (this.#complained || this.#closed) return;
    this.#complained = true;
    const { url, logger } = this.#options;
    logger.warn(
      { code: 'cloud-unreachable', url: withoutCredentials(url), detail },
      `No connection to the cloud. Data is kept in the outbox; the gateway keeps trying. ${adviceFor(detail)}`,
    );
  }
}
