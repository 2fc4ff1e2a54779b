import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, errorCode, type Logger, PacketLimit, PlantroomError } from '@plantroom/base';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { type BrokerLimits, brokerLimits, RetainedBook } from './broker-limits.ts';
import { type DeclaredTopics, refusePublish, refuseSubscribe } from './device-rights.ts';
import { HeldAcknowledgements } from './held-acknowledgements.ts';
import { SignedIn } from './signed-in.ts';
import { limitUnread } from './unread-limit.ts';

export interface DeviceUser {
  readonly password: string;
  /** Filters of what it may publish and subscribe to; anything but `$` topics and everything at once when left out. */
  readonly topics?: DeclaredTopics;
}

export interface DeviceBrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly users: ReadonlyMap<string, DeviceUser>;
  /** The gateway's own user, which takes in what devices publish. */
  readonly own: { readonly name: string; readonly password: string };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<BrokerLimits>;
}

/** Return codes of MQTT 3.1.1: server unavailable, not authorized. */
const unavailableNow = 3;
const notAuthorized = 5;
/** Milliseconds in which a connection must sign in. */
const signInTime = 10_000;
/** Connections beyond the devices: the gateway's own, and those that sign in at the moment. */
const spare = 200;

/** A broker (MQTT 3.1.1) on the gateway for devices that publish and have no broker of their own. */
export class DeviceBroker {
  readonly port: number;
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #intake: Intake;
  readonly #held: HeldAcknowledgements;

  private constructor(parts: Parts) {
    this.#aedes = parts.aedes;
    this.#server = parts.server;
    this.#sockets = parts.sockets;
    this.#intake = parts.intake;
    this.#held = parts.held;
    const address = parts.server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /**
   * Listens; only the gateway's own connections are let in until `admitDevices`. Throws PlantroomError
   * `device-broker-port` when the port cannot be had.
   */
  static async start(options: DeviceBrokerOptions): Promise<DeviceBroker> {
    const { clock, logger } = options;
    const limits = { ...brokerLimits, ...options.limits };
    const aedes = await Aedes.createBroker({
      concurrency: 100,
      heartbeatInterval: 60_000,
      connectTimeout: signInTime,
      maxInflightInbound: limits.unreleased,
      // What a device subscribed to is not gathered while it is away: it begins anew each time.
      preConnect: (_, packet, done) => {
        packet.clean = true;
        done(null, true);
      },
    });
    const intake = new Intake();
    const signedIn = new SignedIn(limits);
    const held = new HeldAcknowledgements({ aedes, clock, logger, isOwn: (client) => intake.isOwn(client) });
    guard({ ...options, aedes, limits, intake, held, signedIn });
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      if (!signedIn.expect(socket)) {
        const { remoteAddress: from } = socket;
        const what = { code: 'device-broker-strangers', from, maximum: limits.unsigned };
        logger.warn(what, 'A connection was refused: too many of its address have not signed in.');
        socket.destroy();
        return;
      }
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      limitPackets(socket, limits.packet, logger);
      const client = aedes.handle(socket);
      const slow = (unread: number) =>
        logger.warn(
          { code: 'device-broker-slow', client: client.id, from: socket.remoteAddress, unread },
          'A device does not read what it subscribed to; it was disconnected.',
        );
      limitUnread(socket, sockets, limits, () => intake.isOwn(client), slow);
    });
    server.maxConnections = limits.devices + spare;
    server.on('drop', (from) =>
      logger.warn(
        { code: 'device-broker-full', from: from?.remoteAddress, maximum: limits.devices + spare },
        'A connection to the device broker was refused: it has as many as it takes.',
      ),
    );
    await listen(server, options).catch((thrown: unknown) => {
      aedes.close();
      throw thrown;
    });
    return new DeviceBroker({ aedes, server, sockets, intake, held });
  }

  /** From now on a device's message is acknowledged once `logged` resolves: all that was taken in by then is in the log. */
  acknowledgeAfter(logged: () => Promise<void>): void {
    this.#held.use(logged);
  }

  /** Lets devices in whenever the gateway's own connections have subscribed to all these topics. */
  admitDevices(topics: readonly string[]): void {
    this.#intake.need(topics);
  }

  /** Takes nothing more in from devices, and so acknowledges nothing: for the time before the gateway's own connections go. */
  refuseDevices(): void {
    this.#intake.need(undefined);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

interface Parts {
  readonly aedes: Aedes;
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
  readonly intake: Intake;
  readonly held: HeldAcknowledgements;
}

/**
 * Whether the gateway takes in what devices publish. The broker acknowledges a message that nobody subscribed to, so no device
 * may publish while the gateway's own subscriptions are not all there.
 */
class Intake {
  readonly #subscribed = new Map<Client, string[]>();
  #needed: readonly string[] | undefined;
  #isOpen = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  isOwn(client: Client | null): boolean {
    return client !== null && this.#subscribed.has(client);
  }

  joined(client: Client): void {
    this.#subscribed.set(client, []);
  }

  left(client: Client): void {
    this.#subscribed.delete(client);
    this.#look();
  }

  subscribed(client: Client, topics: readonly string[]): void {
    const before = this.#subscribed.get(client);
    // A connection that goes on with another site file asks for its topics again.
    if (before) this.#subscribed.set(client, [...new Set([...before, ...topics])]);
    this.#look();
  }

  unsubscribed(client: Client, topics: readonly string[]): void {
    const left = this.#subscribed.get(client)?.filter((topic) => !topics.includes(topic));
    if (left) this.#subscribed.set(client, left);
    this.#look();
  }

  need(topics: readonly string[] | undefined): void {
    this.#needed = topics;
    this.#look();
  }

  #look(): void {
    const there = new Set([...this.#subscribed.values()].flat());
    this.#isOpen = this.#needed?.every((topic) => there.has(topic)) ?? false;
  }
}

interface Guarded extends DeviceBrokerOptions {
  readonly aedes: Aedes;
  readonly limits: BrokerLimits;
  readonly intake: Intake;
  readonly held: HeldAcknowledgements;
  readonly signedIn: SignedIn;
}

/** Who may enter and do what; what is refused is refused aloud instead of being granted without effect. */
function guard(guarded: Guarded): void {
  const { aedes, intake } = guarded;
  guardEntry(guarded);
  guardPublishing(guarded);
  guardSubscribing(guarded);
  aedes.on('subscribe', (subscriptions, client) => {
    // What was refused stands here with the failure code of SUBACK.
    const granted = subscriptions.filter((s) => Number(s.qos) !== 128).map((s) => s.topic);
    intake.subscribed(client, granted);
  });
  aedes.on('unsubscribe', (topics, client) => intake.unsubscribed(client, topics));
  aedes.on('clientDisconnect', (client) => intake.left(client));
}

function guardEntry({ aedes, users, own, logger, intake, signedIn }: Guarded): void {
  aedes.authenticate = (client, user = '', password, done) => {
    const isOwn = user === own.name && matches(own.password, password);
    const device = users.get(user);
    if (!isOwn && !matches(device?.password, password)) {
      logger.warn({ code: 'device-broker-refused', client: client.id, user }, explainRefusal(user));
      return done(refusal(notAuthorized, 'not authorized'), null);
    }
    if (!isOwn && !intake.isOpen) return done(refusal(unavailableNow, 'the gateway is not ready yet'), null);
    // A client id is worth nothing beyond its own user: nobody may push another's connection out.
    Object.assign(client, { id: `${user}:${client.id}` });
    const full = isOwn ? undefined : signedIn.refuse(client, user);
    if (full) {
      logger.warn({ code: 'device-broker-full', client: client.id, reason: full }, 'A device was refused.');
      return done(refusal(unavailableNow, full), null);
    }
    if (isOwn) {
      signedIn.joinedOwn(client);
      intake.joined(client);
    } else signedIn.joined(client, user, device?.topics);
    done(null, true);
  };
}

function guardPublishing({ aedes, logger, limits, intake, held, signedIn }: Guarded): void {
  const book = new RetainedBook(limits);
  let wasFull = false;
  aedes.authorizePublish = (client, packet, done) => {
    if (client === null || intake.isOwn(client)) return done(null);
    const topics = signedIn.topicsOf(client);
    const { topic } = packet;
    const reason = intake.isOpen ? refusePublish(topics, topic) : 'the gateway does not take anything in now';
    if (reason) {
      logger.warn({ code: 'device-broker-publish', client: client.id, topic, reason }, refusedAloud);
      return done(new Error(reason));
    }
    // What is kept takes memory for ever, so that is for topics that somebody declared.
    if (!topics) packet.retain = false;
    if (packet.retain) {
      const isFull = !book.take(topic, packet.payload.length);
      if (isFull) packet.retain = false;
      if (isFull && !wasFull)
        logger.warn(
          {
            code: 'device-broker-retained',
            client: client.id,
            topic,
            topics: limits.retained,
            bytes: limits.retainedBytes,
          },
          'The device broker keeps as much as it takes: this message was handed on, but is not kept.',
        );
      wasFull = isFull;
    }
    held.publish(client, packet, done);
  };
}

function guardSubscribing({ aedes, logger, limits, intake, signedIn }: Guarded): void {
  aedes.authorizeSubscribe = (client, subscription, done) => {
    if (intake.isOwn(client)) return done(null, subscription);
    const { topic } = subscription;
    const isMany = !signedIn.mayHear(client, topic);
    const reason = isMany
      ? `it has ${limits.subscriptions} subscriptions already`
      : refuseSubscribe(client && signedIn.topicsOf(client), topic);
    if (reason) logger.warn({ code: 'device-broker-subscribe', client: client?.id, topic, reason }, refusedAloud);
    else signedIn.hears(client, topic);
    done(null, reason ? null : subscription);
  };
  aedes.on('unsubscribe', (topics, client) => signedIn.hearsNoMore(client, topics));
}

const refusedAloud = 'The device broker refused a device something.';

function refusal(returnCode: number, message: string): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}

/** Looks at what the broker reads, and ends a connection before it gathers a packet beyond the maximum. */
function limitPackets(socket: Socket, maximum: number, logger: Logger): void {
  const limit = new PacketLimit(maximum);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const bytes: unknown = read(size);
    if (!(bytes instanceof Uint8Array) || limit.accepts(bytes)) return bytes;
    const from = socket.remoteAddress;
    logger.warn(
      { code: 'device-broker-packet', from, maximum },
      'A device announced too large a packet; it was disconnected.',
    );
    socket.destroy();
    return null;
  };
}

function matches(expected: string | undefined, given: Readonly<Buffer> | undefined): boolean {
  if (expected === undefined || given === undefined) return false;
  const wanted = Buffer.from(expected);
  return wanted.length === given.length && timingSafeEqual(wanted, Buffer.from(given));
}

function explainRefusal(user: string): string {
  return user === ''
    ? 'A device without a user name was refused; add a user under `broker.users` and give it to the device.'
    : 'A device was refused: its user is not under `broker.users`, or its password is another.';
}

/** Throws PlantroomError `device-broker-port` when a broker could not listen there. */
export async function tryPort(host: string, port: number): Promise<void> {
  const server = createServer();
  await listen(server, { host, port });
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function listen(server: Server, address: { readonly host: string; readonly port: number }): Promise<void> {
  try {
    server.listen(address.port, address.host);
    await once(server, 'listening');
  } catch (thrown) {
    throw unavailable(address, thrown);
  }
}

function unavailable({ host, port }: { readonly host: string; readonly port: number }, cause: unknown): PlantroomError {
  const why = errorCode(cause) ?? 'error';
  return new PlantroomError('device-broker-port', `The device broker cannot listen on ${host}:${port} (${why}).`, {
    hint:
      why === 'EADDRINUSE'
        ? 'Stop what uses this port, or set `broker.port` to another.'
        : 'Set `broker.host` to an address of this machine.',
    cause,
  });
}
