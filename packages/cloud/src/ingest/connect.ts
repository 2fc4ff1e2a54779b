import {
  type Clock,
  coerceError,
  describeError,
  isUnreachable,
  type Logger,
  PlantroomError,
  randomId,
} from '@plantroom/base';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { BrokerAccess } from './contract.ts';

/**
 * Seconds between two signs of life. The broker gives a process that froze no more frames after 1.5 times as long: before gateways
 * send again (10 s), or their windows fill with what went to it.
 */
const keepalive = 5;
/** CONNACK of MQTT 3.1.1: the broker cannot let anybody in just now. */
const serverUnavailable = 3;

/**
 * Connects one of the service's own clients, which comes back by itself from then on, without its subscriptions. `name` tells
 * the clients apart in the broker's log. Throws PlantroomError `broker-unavailable` while nobody answers, and
 * `broker-refused` for a credential or certificate that does not fit.
 */
export async function connectToBroker(access: BrokerAccess, name: string, logger: Logger): Promise<MqttClient> {
  const { url, ...credential } = access;
  const options: IClientOptions = {
    ...credential,
    clientId: `${name}-${randomId()}`,
    protocolVersion: 4,
    clean: true,
    keepalive,
    connectTimeout: 10_000,
    reconnectPeriod: 1000,
    // A broker that starts may refuse everybody for a moment; the library would never ask again.
    reconnectOnConnackError: true,
    resubscribe: false,
    queueQoSZero: false,
    rejectUnauthorized: true,
  };
  const client = connect(url, options);
  try {
    await new Promise((resolve, reject) => {
      client.once('connect', resolve);
      client.on('error', reject);
      client.once('close', () => reject(new Error('it closed the connection')));
    });
  } catch (thrown) {
    client.end(true);
    throw failureOf(thrown, url);
  }
  client.on('error', (error) =>
    logger.warn(
      { code: 'broker-trouble', client: name, detail: describeError(error) },
      'There is trouble with the broker.',
    ),
  );
  return client;
}

function failureOf(thrown: unknown, url: string): PlantroomError {
  const { message } = coerceError(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const isRefused = typeof code === 'number' && code !== serverUnavailable;
  const isOfTls = typeof code === 'string' && !isUnreachable(thrown);
  if (!isRefused && !isOfTls)
    return new PlantroomError('broker-unavailable', `the broker at ${url} cannot be reached: ${message}`, {
      hint: 'Check that it runs, and its address.',
      cause: thrown,
    });
  return new PlantroomError('broker-refused', `the broker at ${url} does not let the cloud in: ${message}`, {
    hint: isRefused
      ? 'Check `user` and `password` under `broker`, and that the broker knows them.'
      : 'Check `ca`, `certificate` and `key` under `broker`, and that the certificate of the broker names its host.',
    cause: thrown,
  });
}

/** ms until a broker that refused a subscription is asked again. */
const pause = 10_000;

export interface Subscriptions {
  readonly filters: Readonly<Record<string, { qos: 0 | 1 }>>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told each time that all of them stand: messages may have been missed before. */
  readonly onSubscribed?: () => void;
}

/**
 * Subscribes, now and after each reconnection. Throws PlantroomError `broker-refused` when the broker forbids it now; later it
 * is asked again and again, since a broker without its rights is no reason to end. The client ends where this throws.
 */
export async function keepSubscribed(client: MqttClient, of: Subscriptions): Promise<void> {
  const { clock, logger, onSubscribed } = of;
  const again = async () => {
    try {
      await subscribe(client, of);
      onSubscribed?.();
    } catch (thrown) {
      // A connection that broke meanwhile comes back with an attempt of its own.
      if (!client.connected) return;
      logger.error({ code: 'broker-refused', detail: describeError(thrown) }, 'Nothing comes in from the broker.');
      clock.after(pause, () => void (client.connected && again()));
    }
  };
  client.on('connect', () => void again());
  await subscribe(client, of).catch((thrown) => {
    client.end(true);
    throw thrown;
  });
  onSubscribed?.();
}

async function subscribe(client: MqttClient, { filters }: Subscriptions): Promise<void> {
  try {
    await client.subscribeAsync(filters);
  } catch (thrown) {
    const code = client.connected ? 'broker-refused' : 'broker-unavailable';
    const topics = Object.keys(filters).join(', ');
    throw new PlantroomError(code, `the cloud cannot subscribe to ${topics}: ${coerceError(thrown).message}`, {
      hint: 'Give its user at the broker the rights that docs/operations.md lists.',
      cause: thrown,
    });
  }
}
