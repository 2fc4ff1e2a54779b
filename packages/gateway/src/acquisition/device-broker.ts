import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { errorCode, type Logger, PlantroomError } from '@plantroom/base';
import { Aedes, type AuthenticateError, type Client } from 'aedes';

export interface DeviceBrokerOptions {
  readonly host: string;
  readonly port: number;
  /** Passwords by user name. */
  readonly users: ReadonlyMap<string, string>;
  readonly logger: Logger;
}

/** Return code 5 of MQTT 3.1.1: not authorized. */
const notAuthorized = 5;

/** A broker (MQTT 3.1.1) on the gateway for devices that publish and have no broker of their own. */
export class DeviceBroker {
  readonly port: number;
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(aedes: Aedes, server: Server, sockets: ReadonlySet<Socket>, port: number) {
    this.#aedes = aedes;
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  /** Throws PlantroomError `device-broker-port` when the port cannot be had. */
  static async start(options: DeviceBrokerOptions): Promise<DeviceBroker> {
    const aedes = await Aedes.createBroker({ concurrency: 100, heartbeatInterval: 60_000 });
    guard(aedes, options);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      aedes.handle(socket);
    });
    try {
      server.listen(options.port, options.host);
      await once(server, 'listening');
    } catch (thrown) {
      aedes.close();
      throw unavailable(options, thrown);
    }
    const address = server.address();
    return new DeviceBroker(
      aedes,
      server,
      sockets,
      typeof address === 'object' && address ? address.port : options.port,
    );
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Who may enter, and what the broker cannot do: both are refused aloud instead of being granted without effect. */
function guard(aedes: Aedes, { users, logger }: DeviceBrokerOptions): void {
  aedes.authenticate = (client, user, password, done) => {
    if (user !== undefined && matches(users.get(user), password)) return done(null, true);
    const name = user ?? '';
    logger.warn({ code: 'device-broker-refused', client: client.id, user: name }, explainRefusal(user));
    const refusal: AuthenticateError = Object.assign(new Error('not authorized'), { returnCode: notAuthorized });
    done(refusal, null);
  };
  aedes.authorizeSubscribe = (client, subscription, done) => {
    // The library grants a shared subscription and then never delivers to it.
    if (!subscription.topic.startsWith('$share/')) return done(null, subscription);
    warnShared(logger, client, subscription.topic);
    done(null, null);
  };
}

function matches(expected: string | undefined, given: Readonly<Buffer> | undefined): boolean {
  if (expected === undefined || given === undefined) return false;
  const wanted = Buffer.from(expected);
  return wanted.length === given.length && timingSafeEqual(wanted, Buffer.from(given));
}

function explainRefusal(user: string | undefined): string {
  return user === undefined
    ? 'A device without a user name was refused; add a user under `broker.users` and give it to the device.'
    : 'A device was refused: its user is not under `broker.users`, or its password is another.';
}

function warnShared(logger: Logger, client: Client | null, topic: string): void {
  logger.warn(
    { code: 'device-broker-shared', client: client?.id, topic },
    'A shared subscription ($share) was refused: this broker does not deliver to them. Subscribe without $share.',
  );
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
