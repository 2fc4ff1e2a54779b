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
  /** Throws DriverFailure when the broker refuses one of the topics. */
  subscribe(topics: readonly string[], listen: (message: Message) => void): Promise<void>;
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
  return sessionOf(client, settings, logger);
}

function sessionOf(client: MqttClient, settings: BrokerSettings, logger: Logger): BrokerSession {
  const lost = new Promise<string>((resolve) => {
    client.on('close', () => resolve('the broker closed the connection'));
    client.on('error', (error) => resolve(error.message));
  });
  return {
    lost,
    close: () => end(client),
    async subscribe(topics, listen) {
      client.on('message', (topic, payload, packet) => listen({ topic, payload, retained: packet.retain }));
      const granted = await client.subscribeAsync([...topics], { qos: 1 });
      const refused = granted.filter((g) => g.qos === 128).map((g) => g.topic);
      if (refused.length === 0) return;
      logger.warn({ topics: refused }, 'broker refuses subscriptions');
      throw noAnswer(
        settings.url,
        `it refuses ${refused.join(', ')}`,
        'Give this user the right to read these topics.',
      );
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
