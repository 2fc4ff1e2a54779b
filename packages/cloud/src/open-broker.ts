import type { Clock, Logger } from '@plantroom/base';
import type { CloudOptions } from './config.ts';
import { startBroker } from './ingest/broker.ts';
import type { BrokerAccess } from './ingest/contract.ts';
import { enrolAt } from './ingest/enrol.ts';
import type { Records } from './records/contract.ts';

/** The broker between gateways and cloud: the embedded one, or one that runs by itself. */
export interface BrokerPart {
  readonly access: BrokerAccess;
  /** Of the embedded broker. */
  readonly port: number | undefined;
  /** From now on the gateway signs in with this secret alone; the records have it already. */
  admit(site: string, gateway: string, secret: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the embedded broker, unless the configuration names another. Throws PlantroomError `mqtt-port-in-use`. */
export async function openBroker(
  options: CloudOptions,
  records: Records,
  clock: Clock,
  logger: Logger,
): Promise<BrokerPart> {
  const { broker: external, host = '127.0.0.1', mqttPort = 0 } = options;
  if (external) {
    const { enrolment: _, ...access } = external;
    return {
      access,
      port: undefined,
      admit: (site, gateway, secret) => enrolAt(external, clock, logger, (at) => at.gateway({ site, gateway }, secret)),
      close: async () => {},
    };
  }
  // Nobody is connected to a broker that begins; one that runs by itself has gone on without us.
  await records.disconnectGateways();
  const broker = await startBroker({ host, port: mqttPort, records, logger });
  return {
    access: broker.access,
    port: broker.port,
    admit: async (site, gateway) => broker.disconnect(site, gateway),
    close: () => broker.close(),
  };
}
