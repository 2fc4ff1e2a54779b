import { readFileSync } from 'node:fs';
import { type Clock, errorCode, type Logger } from '@plantroom/base';
import mqtt, { type MqttClient } from 'mqtt';
import { DriverFailure } from '../failure.ts';
import type { Session } from '../supervisor.ts';

export interface BrokerSettings {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  readonly ca?: string;
  readonly clientId: string;
  readonly timeout: number;
}

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** The broker's last known message, sent because we subscribed: its moment is past. */
  readonly retained: boolean;
}

/** A connected client of a broker. */
export interface BrokerSession extends Session {
  listen(take: (message: Message) => void): void;
  /** Gives the topics that the broker refuses. */
  subscribe(topics: readonly string[]): Promise<readonly string[]>;
}

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
    ...(settings.user === undefined ? {} : { username: settings.user }),
    ...(settings.password === undefined ? {} : { password: settings.password }),
    ...(settings.ca === undefined ? {} : { ca: readFileSync(settings.ca) }),
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
      client.once('error', (error) => fail(errorCode(error) ?? error.message, 'Check the address, user and password.'));
      client.once('close', () => fail('it closed the connection', 'Check user and password.'));
    });
  } catch (failure) {
    client.on('error', () => undefined);
    await end(client);
    throw failure;
  } finally {
    waiting.abort();
  }
  return sessionOf(client, logger);
}

function sessionOf(client: MqttClient, logger: Logger): BrokerSession {
  const lost = new Promise<string>((resolve) => {
    client.on('close', () => resolve('the broker closed the connection'));
    client.on('error', (error) => resolve(error.message));
  });
  return {
    lost,
    close: () => end(client),
    listen(take) {
      client.on('message', (topic, payload, packet) => take({ topic, payload, retained: packet.retain }));
    },
    async subscribe(topics) {
      // One by one: the library reports a packet with one refused topic as refused altogether.
      const tried = await Promise.allSettled(topics.map(async (topic) => client.subscribeAsync(topic, { qos: 1 })));
      const refused = topics.filter((_, i) => tried[i]?.status === 'rejected');
      if (refused.length > 0) logger.warn({ topics: refused }, 'broker refuses subscriptions');
      return refused;
    },
  };
}

async function end(client: MqttClient): Promise<void> {
  await client.endAsync(true).catch(() => undefined);
}

function noAnswer(url: string, what: string, hint: string): DriverFailure {
  const broker = url.replace(/\/\/[^@/]*@/, '//');
  return new DriverFailure('no-answer', `No answer from ${broker}: ${what}.`, { hint, context: { broker } });
}
