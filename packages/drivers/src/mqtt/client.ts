import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Clock, coerceError, errorCode, type Logger, limitInbound, withoutCredentials } from '@plantroom/base';
import mqtt, { type MqttClient } from 'mqtt';
import { DriverFailure } from '../failure.ts';
import type { Session } from '../supervisor.ts';

export interface BrokerSettings {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** Paths of PEM files. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly clientId: string;
  readonly timeout: number;
}

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** The broker's last known message, sent because we subscribed: its moment is past. */
  readonly retained: boolean;
}

/** Milliseconds that a broker may take to answer that we leave. */
const leaveDeadline = 500;

/** A connected client of a broker. */
export interface BrokerSession extends Session {
  /** The topic of the message that was too large and ended the session. */
  readonly tooLarge: string | undefined;
  /** Who takes what comes, from now on; one at a time. */
  listen(take: (message: Message) => void): void;
  /** Gives the topics that the broker refuses. */
  subscribe(topics: readonly string[]): Promise<readonly string[]>;
  /** Leaves all topics but these. */
  keepOnly(topics: readonly string[]): Promise<void>;
}

/** Bytes of a packet at most: the longest payload that any reader here takes (Sparkplug, 4 MiB), and a topic. */
const largestPacket = 4 * 1024 * 1024 + 65_536;

/** Connects once; the library's reconnecting is off. Throws DriverFailure `no-answer`. */
export async function connectBroker(
  settings: BrokerSettings,
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
): Promise<BrokerSession> {
  const client = mqtt.connect(settings.url, {
    clientId: settings.clientId,
    clean: true,
    keepalive: 30,
    reconnectPeriod: 0,
    connectTimeout: settings.timeout,
    queueQoSZero: false,
    wsOptions: { maxPayload: 2 * largestPacket },
    ...(settings.user === undefined ? {} : { username: settings.user }),
    ...(settings.password === undefined ? {} : { password: settings.password }),
    ...tlsOf(settings),
  });
  let tooLarge: string | undefined;
  limitInbound(client.stream, largestPacket, (topic) => {
    tooLarge = topic;
    const what = { code: 'mqtt-packet-too-large', topic, maximum: largestPacket };
    logger.warn(what, 'The broker sent a message too large to be read; the connection is made anew without its topic.');
  });
  const waiting = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string, hint: string) => reject(noAnswer(settings.url, what, hint));
      const timer = clock.after(settings.timeout, () =>
        fail(`no connection within ${settings.timeout} ms`, 'Check the address and the firewall.'),
      );
      waiting.signal.addEventListener('abort', () => timer.cancel());
      signal.addEventListener('abort', () => fail('it was closed', ''), { signal: waiting.signal });
      client.once('connect', () => resolve());
      client.once('error', (error) => fail(errorCode(error) ?? error.message, hintOf(error)));
      client.once('close', () => fail('it closed the connection', closedHint(settings)));
    });
  } catch (failure) {
    client.on('error', () => undefined);
    await end(client);
    throw failure;
  } finally {
    waiting.abort();
  }
  return sessionOf(client, clock, logger, () => tooLarge);
}

function sessionOf(
  client: MqttClient,
  clock: Clock,
  logger: Logger,
  tooLarge: () => string | undefined,
): BrokerSession {
  let taker: ((message: Message) => void) | undefined;
  const subscribed = new Set<string>();
  // A broker may handle packets at the same time: it has answered one before it gets the next.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  };
  client.on('message', (topic, payload, packet) => taker?.({ topic, payload, retained: packet.retain }));
  const lost = new Promise<string>((resolve) => {
    const why = () => (tooLarge() === undefined ? 'the broker closed the connection' : tooLargeText(tooLarge() ?? ''));
    client.on('close', () => resolve(why()));
    client.on('error', (error) => resolve(error.message));
  });
  return {
    lost,
    get tooLarge() {
      return tooLarge();
    },
    async close() {
      // The broker's answer comes after all that it has sent us: what it acknowledged to a device is taken in.
      if (client.connected) await within(clock, leaveDeadline, leave(client, [...subscribed]));
      await end(client);
    },
    listen(take) {
      taker = take;
    },
    subscribe: (topics) =>
      inTurn(async () => {
        for (const topic of topics) subscribed.add(topic);
        // One by one: the library reports a packet with one refused topic as refused altogether.
        const tried = await Promise.allSettled(topics.map(async (topic) => client.subscribeAsync(topic, { qos: 1 })));
        const refused = topics.filter((_, i) => tried[i]?.status === 'rejected');
        if (refused.length > 0) logger.warn({ topics: refused }, 'broker refuses subscriptions');
        return refused;
      }),
    keepOnly: (topics) =>
      inTurn(async () => {
        const others = [...subscribed].filter((topic) => !topics.includes(topic));
        for (const topic of others) subscribed.delete(topic);
        await leave(client, others);
      }),
  };
}

/** What became of a topic on which a message beyond the largest packet came. */
export function tooLargeText(topic: string): string {
  return `the broker sent a message of more than ${largestPacket} bytes on ${topic}`;
}

async function leave(client: MqttClient, topics: string[]): Promise<void> {
  if (topics.length > 0) await client.unsubscribeAsync(topics).catch(() => undefined);
}

async function within(clock: Clock, time: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work.finally(() => done.abort()), clock.sleep(time, done.signal)]);
}

async function end(client: MqttClient): Promise<void> {
  await client.endAsync(true).catch(() => undefined);
}

/** Read at each connection, so that a renewed certificate needs no restart. Throws DriverFailure. */
function tlsOf({ url, ca, certificate, key }: BrokerSettings) {
  const read = (name: string, path: string | undefined) => {
    if (path === undefined) return {};
    try {
      return { [name]: readFileSync(path) };
    } catch (thrown) {
      const hint = 'Write the path of a PEM file that the gateway may read; it starts at the site file’s folder.';
      throw noAnswer(url, `${path} cannot be read (${errorCode(thrown) ?? 'error'})`, hint);
    }
  };
  const files = { ...read('ca', ca), ...read('cert', certificate), ...read('key', key) };
  try {
    createSecureContext(files);
  } catch (thrown) {
    const error = coerceError(thrown);
    throw noAnswer(url, error.message, hintOf(error));
  }
  return files;
}

/** What to do about the errors that TLS and the network give, by their codes. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    'Nobody whom this gateway trusts has signed the broker’s certificate: name the authority that did under `ca`.',
  ],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'Renew the broker’s certificate, and check the clock of this machine.'],
  [/ALTNAME/, 'The broker’s certificate is made out for another name: write that name into the URL.'],
  [
    /ALERT_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA|BAD_CERTIFICATE/,
    'The broker wants a certificate that it knows: name one with its key under `certificate` and `key`, or have it renewed.',
  ],
  [/KEY_VALUES_MISMATCH|KEY VALUES MISMATCH/, '`key` is not the key of `certificate`.'],
  [/PEM|NO_START_LINE|BAD_BASE64/, '`ca`, `certificate` and `key` are files in PEM form.'],
];

function hintOf(error: Error): string {
  const text = `${errorCode(error) ?? ''} ${error.message}`.toUpperCase();
  return hints.find(([pattern]) => pattern.test(text))?.[1] ?? 'Check the address, user and password.';
}

function closedHint({ url, certificate }: BrokerSettings): string {
  if (!/^(?:mqtts|wss):/.test(url)) return 'Check user and password.';
  return certificate === undefined
    ? 'Check user and password; the broker may also want a certificate (`certificate`, `key`).'
    : 'Check user and password, and whether the broker knows the certificate.';
}

function noAnswer(url: string, what: string, hint: string): DriverFailure {
  const broker = withoutCredentials(url);
  return new DriverFailure('no-answer', `No answer from ${broker}: ${what}.`, { hint, context: { broker } });
}
