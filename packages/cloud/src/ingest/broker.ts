import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { coerceError, errorCode, type Logger, PacketLimit, PlantroomError, randomSecret } from '@plantroom/base';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Broker, BrokerOptions, MqttCredential } from './contract.ts';
import { type Party, parseUser, refusePublish, refuseSubscribe, sameDigest, sha256 } from './rights.ts';

const largestPacket = 4 * 1024 * 1024;
/** What a wrong password is compared with when there is no gateway of that name: the answer takes as long. */
const nobody = sha256('');

/** Which connections belong to whom. */
type Parties = Map<Client, Party>;

/**
 * Starts the embedded MQTT 3.1.1 broker. Nobody is anonymous: a gateway signs in as `{site}/{gateway}` with its secret and
 * reaches its own topics alone. Throws PlantroomError `mqtt-port-in-use`.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, logger, maximumPacket = largestPacket } = options;
  const internal: MqttCredential = { username: `internal-${randomSecret(6)}`, password: randomSecret() };
  const parties: Parties = new Map();
  const aedes = await createAedes(options, internal, parties);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    limitPackets(socket, maximumPacket, logger);
    aedes.handle(socket);
  });
  const port = await listen(server, host, options.port).catch((thrown: unknown) => {
    aedes.close();
    throw thrown;
  });
  server.on('error', (error) =>
    logger.error({ code: 'mqtt-server', detail: error.message }, 'The MQTT server failed.'),
  );
  const own = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    port,
    access: { url: `mqtt://${own.includes(':') ? `[${own}]` : own}:${port}`, ...internal },
    disconnect(site, gateway) {
      for (const [client, party] of parties)
        if (party !== 'internal' && party.site === site && party.gateway === gateway) client.close();
    },
    async close() {
      if (aedes.closed) return;
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function createAedes(options: BrokerOptions, internal: MqttCredential, parties: Parties): Promise<Aedes> {
  const { logger } = options;
  const refuse = (client: Client, code: string, detail: object, message: string) =>
    logger.warn({ code, client: client.id, ...detail }, message);
  const aedes = await Aedes.createBroker({
    connectTimeout: 10_000,
    authenticate(client, username = '', password, done) {
      signIn(options, internal, username, password).then((result) => {
        if ('returnCode' in result) {
          refuse(client, 'mqtt-credential', { username, reason: result.message }, 'A client was not let in.');
          return done(result, false);
        }
        // A client id is worth nothing beyond its own credential: nobody may push another party's connection out.
        Object.assign(client, { id: `${username}:${client.id}` });
        if (!client.closed) parties.set(client, result.party);
        done(null, true);
      });
    },
    authorizePublish(client, packet, done) {
      const party = client ? parties.get(client) : undefined;
      const reason = party ? refusePublish(party, packet.topic, packet.retain) : 'it has not signed in';
      const detail = { topic: packet.topic, reason };
      if (client && reason)
        refuse(client, 'mqtt-publish-denied', detail, 'A client may not publish this; it is disconnected.');
      done(reason ? new Error(reason) : null);
    },
    authorizeSubscribe(client, subscription, done) {
      const party = parties.get(client);
      const filter = subscription.topic;
      const reason = party ? refuseSubscribe(party, filter) : 'it has not signed in';
      if (reason) refuse(client, 'mqtt-subscribe-denied', { filter, reason }, 'A client may not subscribe to this.');
      // Without a subscription aedes answers 0x80, failure.
      done(null, reason ? null : subscription);
    },
  });
  aedes.on('clientDisconnect', (client) => parties.delete(client));
  aedes.on('connectionError', (client, error) => report(logger, client, error));
  aedes.on('clientError', (client, error) => report(logger, client, error));
  return aedes;
}

/** The party of a credential, or the error that CONNACK carries: 4 for a wrong one, 3 when none could be read. */
async function signIn(
  options: BrokerOptions,
  internal: MqttCredential,
  username: string,
  password: Uint8Array = Buffer.alloc(0),
): Promise<{ party: Party } | AuthenticateError> {
  const refused = (returnCode: number, message: string) => Object.assign(new Error(message), { returnCode });
  try {
    const party = await identify(options, internal, username, password);
    return party ? { party } : refused(4, 'unknown user or wrong password');
  } catch (thrown) {
    return refused(3, `no credential could be read: ${coerceError(thrown).message}`);
  }
}

function report(logger: Logger, client: Client, error: Error): void {
  logger.debug(
    { code: 'mqtt-client', client: client.id, detail: error.message },
    'An MQTT connection ended with an error.',
  );
}

async function identify(
  options: BrokerOptions,
  internal: MqttCredential,
  username: string,
  password: Uint8Array,
): Promise<Party | undefined> {
  const digest = sha256(password);
  if (username === internal.username) return sameDigest(digest, sha256(internal.password)) ? 'internal' : undefined;
  const gateway = parseUser(username);
  const stored = gateway && (await options.records.gatewaySecretHash(gateway.site, gateway.gateway));
  return sameDigest(digest, stored ?? nobody) && stored !== undefined ? gateway : undefined;
}

/** Looks at what the broker reads, and ends a connection before it gathers a packet beyond the maximum. */
function limitPackets(socket: Socket, maximum: number, logger: Logger): void {
  const limit = new PacketLimit(maximum);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const bytes: unknown = read(size);
    if (!(bytes instanceof Uint8Array) || limit.accepts(bytes)) return bytes;
    logger.warn(
      { code: 'mqtt-packet-too-large', from: socket.remoteAddress, maximum },
      'A client announced too large a packet; it is disconnected.',
    );
    socket.destroy();
    return null;
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    const code = errorCode(thrown) ?? coerceError(thrown).message;
    throw new PlantroomError('mqtt-port-in-use', `the MQTT broker cannot listen on ${host}:${port} (${code})`, {
      hint: 'Choose another port, or stop the program that has it.',
      cause: thrown,
    });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
