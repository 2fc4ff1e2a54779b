import { type Clock, type Logger, PlantroomError } from '@plantroom/base';
import type { GatewayAddress } from '@plantroom/model/wire';
import type { MqttClient } from 'mqtt';
import { connectToBroker } from './connect.ts';
import type { BrokerAccess, ExternalBroker } from './contract.ts';
import { enrolGateway, enrolService } from './dynamic-security.ts';

/** What is done at a broker that runs by itself, as its administrator. */
export interface Enrolment {
  /** The service's own user gets its rights; nothing happens without a name and a password under `broker`. */
  service(): Promise<void>;
  /** The gateway gets its credential and rights; what it had before ends. */
  gateway(to: GatewayAddress, secret: string): Promise<void>;
}

/**
 * Works at the broker with the administrator's credential, over one connection that ends with the work. Throws
 * PlantroomError `enrolment`, and what a connection throws.
 */
export async function enrolAt<T>(
  broker: ExternalBroker,
  clock: Clock,
  logger: Logger,
  work: (enrolment: Enrolment) => Promise<T>,
): Promise<T> {
  const { url, ca, username, password, enrolment } = broker;
  if (!enrolment)
    throw new PlantroomError('enrolment', `no administrator of the broker at ${url} is known`, {
      hint: 'Name a user of its dynamic security under `broker.enrolment`, or enrol gateways at the broker: docs/operations.md has their rights.',
    });
  const access: BrokerAccess = { url, ...(ca === undefined ? {} : { ca }), ...enrolment };
  const client: MqttClient = await connectToBroker(access, 'enrolment', logger);
  try {
    return await work({
      async service() {
        if (username !== undefined && password !== undefined) await enrolService(client, username, password, clock);
      },
      gateway: (to, secret) => enrolGateway(client, to, secret, clock),
    });
  } finally {
    await client.endAsync(true);
  }
}
