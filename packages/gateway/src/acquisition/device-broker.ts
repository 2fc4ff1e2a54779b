import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { errorCode, type Logger, PacketLimit, PlantroomError } from '@plantroom/base';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { type DeclaredTopics, refusePublish, refuseSubscribe } from './device-rights.ts';
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
  readonly logger: Logger;
}

/** Return codes of MQTT 3.1.1: server unavailable, not authorized. */
const unavailableNow = 3;
const notAuthorized = 5;
/** Bytes of a packet at most; nothing that a field device sends is longer. */
const largestPacket = 256 * 1024;
/** Milliseconds in which a connection must sign in. */
const signInTime = 10_000;
const mostConnections = 1000;
/** Bytes that wait for devices which do not read: a device beyond it is disconnected. */
const unreadLimits = { unreadOfClient: 2 * 1024 * 1024, unreadInAll: 32 * 1024 * 1024 };

/** A broker (MQTT 3.1.1) on the gateway for devices that publish and have no broker of their own. */
export class DeviceBroker {
  readonly port: number;
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #intake: Intake;

  private constructor(parts: { aedes: Aedes; server: Server; sockets: ReadonlySet<Socket>; intake: Intake }) {
    this.#aedes = parts.aedes;
    this.#server = parts.server;
    this.#sockets = parts.sockets;
    this.#intake = parts.intake;
    const address = parts.server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /**
   * Listens; only the gateway's own connections are let in until `admitDevices`. Throws PlantroomError
   * `device-broker-port` when the port cannot be had.
   */
  static async start(options: DeviceBrokerOptions): Promise<DeviceBroker> {
    const { logger } = options;
    const aedes = await Aedes.createBroker({
      concurrency: 100,
      heartbeatInterval: 60_000,
      connectTimeout: signInTime,
    });
    const intake = new Intake();
    guard(aedes, options, intake);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      limitPackets(socket, logger);
      const client = aedes.handle(socket);
      const slow = (unread: number) =>
        logger.warn(
          { code: 'device-broker-slow', client: client.id, from: socket.remoteAddress, unread },
          'A device does not read what it subscribed to; it was disconnected.',
        );
      limitUnread(socket, sockets, unreadLimits, () => intake.isOwn(client), slow);
    });
    server.maxConnections = mostConnections;
    server.on('drop', (from) =>
      logger.warn(
        { code: 'device-broker-full', from: from?.remoteAddress, maximum: mostConnections },
        'A connection to the device broker was refused: it has as many as it takes.',
      ),
    );
    try {
      server.listen(options.port, options.host);
      await once(server, 'listening');
    } catch (thrown) {
      aedes.close();
      throw unavailable(options, thrown);
    }
    return new DeviceBroker({ aedes, server, sockets, intake });
  }

  /** Lets devices in whenever the gateway's own connections have subscribed to all these topics. */
  admitDevices(topics: readonly string[]): void {
    this.#intake.need(topics);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/**
 * Whether the gateway takes in what devices publish. The broker acknowledges a message before anybody has it, so no device
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
    this.#subscribed.get(client)?.push(...topics);
    this.#look();
  }

  need(topics: readonly string[]): void {
    this.#needed = topics;
    this.#look();
  }

  #look(): void {
    const there = new Set([...this.#subscribed.values()].flat());
    this.#isOpen = this.#needed?.every((topic) => there.has(topic)) ?? false;
  }
}

/** Who may enter and do what; what is refused is refused aloud instead of being granted without effect. */
function guard(aedes: Aedes, { users, own, logger }: DeviceBrokerOptions, intake: Intake): void {
  const declared = new Map<Client, DeclaredTopics>();
  const refused = (client: Client | null, code: string, what: object) =>
    logger.warn({ code, client: client?.id, ...what }, 'The device broker refused a device something.');
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
    if (isOwn) intake.joined(client);
    else declared.set(client, device?.topics);
    done(null, true);
  };
  aedes.authorizePublish = (client, packet, done) => {
    if (client === null || intake.isOwn(client)) return done(null);
    const topics = declared.get(client);
    const reason = intake.isOpen ? refusePublish(topics, packet.topic) : 'the gateway does not take anything in now';
    if (reason) {
      refused(client, 'device-broker-publish', { topic: packet.topic, reason });
      return done(new Error(reason));
    }
    // What is kept takes memory for ever, so that is for topics that somebody declared.
    if (!topics) packet.retain = false;
    done(null);
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    const reason = intake.isOwn(client)
      ? undefined
      : refuseSubscribe(client && declared.get(client), subscription.topic);
    if (reason) refused(client, 'device-broker-subscribe', { topic: subscription.topic, reason });
    done(null, reason ? null : subscription);
  };
  aedes.on('subscribe', (subscriptions, client) => {
    // What was refused stands here with the failure code of SUBACK.
    const granted = subscriptions.filter((s) => Number(s.qos) !== 128).map((s) => s.topic);
    intake.subscribed(client, granted);
  });
  aedes.on('clientDisconnect', (client) => {
    intake.left(client);
    declared.delete(client);
  });
}

function refusal(returnCode: number, message: string): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}

/** Looks at what the broker reads, and ends a connection before it gathers a packet beyond the maximum. */
function limitPackets(socket: Socket, logger: Logger): void {
  const limit = new PacketLimit(largestPacket);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const bytes: unknown = read(size);
    if (!(bytes instanceof Uint8Array) || limit.accepts(bytes)) return bytes;
    const from = socket.remoteAddress;
    logger.warn(
      { code: 'device-broker-packet', from, maximum: largestPacket },
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

function unavailable({ host, port }: DeviceBrokerOptions, cause: unknown): PlantroomError {
  const why = errorCode(cause) ?? 'error';
  return new PlantroomError('device-broker-port', `The device broker cannot listen on ${host}:${port} (${why}).`, {
    hint:
      why === 'EADDRINUSE'
        ? 'Stop what uses this port, or set `broker.port` to another.'
        : 'Set `broker.host` to an address of this machine.',
    cause,
  });
}
