import { type Clock, coerceError, type Logger } from '@plantroom/base';
import type { Aedes, AedesPublishPacket, Client, PublishPacket } from 'aedes';

export interface HeldOptions {
  readonly aedes: Aedes;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether it is one of the gateway's own connections. */
  readonly isOwn: (client: Client) => boolean;
}

/** What the gateway's own connection was handed and has acknowledged: in their order, as MQTT 3.1.1, 4.6 has it. */
interface Own {
  handed: number;
  taken: number;
  waiting: { readonly upTo: number; readonly resolve: () => void; readonly reject: (why: Error) => void }[];
}

/** Milliseconds after which a message that is not in the log is not acknowledged any more: its device sends it again. */
const deadline = 10_000;
const leftBroker = 'the gateway has left its broker';

/**
 * Holds the acknowledgement of what a device publishes with QoS 1 or 2 until the gateway's own connections have taken it in
 * and what it led to is in the log: a report that its panel may forget survives the loss of this process. Where that fails,
 * the device's connection is ended without an acknowledgement, so that it sends again; a report that comes twice has one id.
 */
export class HeldAcknowledgements {
  readonly #options: HeldOptions;
  readonly #own = new Map<Client, Own>();
  /** Messages on their way to those who subscribed, each with the losses before it. */
  readonly #begun = new WeakMap<object, number>();
  /** Messages that were published before the library acknowledges them and would publish them again. */
  readonly #published = new WeakSet<object>();
  readonly #publish: (packet: object, client: Client, done: (error?: Error) => void) => void;
  /** How often a connection of the gateway's own has gone with messages that it had not acknowledged. */
  #losses = 0;
  #logged: () => Promise<void> = () => Promise.resolve();

  constructor(options: HeldOptions) {
    this.#options = options;
    const { aedes } = options;
    aedes.authorizeForward = (client, packet) => this.#forward(client, packet);
    aedes.on('ack', (_, client) => this.#taken(client));
    aedes.on('clientDisconnect', (client) => this.#left(client));
    // Comes when all who subscribed have been sent it.
    aedes.published = (packet, client, done) => {
      const losses = this.#begun.get(packet);
      if (losses === undefined) return done();
      this.#settled(losses).then(
        () => done(),
        (thrown: unknown) => this.#refuse(client, packet.topic, thrown, done),
      );
    };
    const publish = aedes.publish.bind(aedes) as (...given: unknown[]) => void;
    this.#publish = publish;
    aedes.publish = (packet: object, ...rest: unknown[]) => {
      const done = rest.at(-1);
      if (!this.#published.delete(packet)) publish(packet, ...rest);
      else if (typeof done === 'function') done();
    };
  }

  /** What resolves when all that the gateway has taken in so far is in the log. */
  use(logged: () => Promise<void>): void {
    this.#logged = logged;
  }

  /**
   * Publishes a message that its device may publish, and calls `done` when it may be acknowledged. The library acknowledges
   * QoS 1 before it publishes, so that is done here, before; the others it publishes first.
   */
  publish(client: Client, packet: PublishPacket, done: (error?: Error | null) => void): void {
    if (packet.qos !== 0) this.#begun.set(packet, this.#losses);
    if (packet.qos !== 1) {
      done(null);
      return;
    }
    this.#published.add(packet);
    const first = { ...packet };
    this.#begun.set(first, this.#losses);
    this.#publish(first, client, (error) => done(error ?? null));
  }

  #forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket {
    const own = this.#options.isOwn(client) ? this.#bookOf(client) : undefined;
    if (!own || packet.qos === 0) return packet;
    own.handed++;
    // It subscribes with QoS 1: a message of QoS 2 would be acknowledged out of turn.
    return packet.qos === 1 ? packet : { ...packet, qos: 1 };
  }

  #bookOf(client: Client): Own {
    const book = this.#own.get(client) ?? { handed: 0, taken: 0, waiting: [] };
    this.#own.set(client, book);
    return book;
  }

  #taken(client: Client): void {
    const own = this.#own.get(client);
    if (!own) return;
    const taken = ++own.taken;
    for (const { upTo, resolve } of own.waiting) if (upTo <= taken) resolve();
    own.waiting = own.waiting.filter(({ upTo }) => upTo > taken);
  }

  #left(client: Client): void {
    const own = this.#own.get(client);
    if (!own) return;
    this.#own.delete(client);
    if (own.taken < own.handed) this.#losses++;
    for (const { reject } of own.waiting) reject(new Error(leftBroker));
  }

  /** Resolves when all that was handed to the gateway so far is in its log; rejects at the deadline. */
  async #settled(losses: number): Promise<void> {
    if (losses !== this.#losses) throw new Error(leftBroker);
    const { clock } = this.#options;
    const all = Promise.all([...this.#own.values()].map((own) => handedOver(own))).then(() => this.#logged());
    const late = Promise.withResolvers<never>();
    const timer = clock.after(deadline, () => late.reject(new Error(`it is not in the log after ${deadline} ms`)));
    await Promise.race([all, late.promise]).finally(() => timer.cancel());
  }

  #refuse(client: Client | null, topic: string, thrown: unknown, done: (error: Error) => void): void {
    const error = coerceError(thrown);
    this.#options.logger.warn(
      { code: 'device-broker-held', client: client?.id, topic, reason: error.message },
      'A message of a device is not known to be in the log: it was not acknowledged, and its device disconnected to send again.',
    );
    done(error);
  }
}

function handedOver(own: Own): Promise<void> {
  const upTo = own.handed;
  if (own.taken >= upTo) return Promise.resolve();
  return new Promise((resolve, reject) => own.waiting.push({ upTo, resolve, reject }));
}
