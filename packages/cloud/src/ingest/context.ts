import { atMost, type Clock, coerceError, systemRandom } from '@plantroom/base';
import { downTopic, liveTopic } from '@plantroom/model/wire';
import type { MqttClient } from 'mqtt';
import type { IngestOptions } from './contract.ts';
import type { LaneContext } from './lane-context.ts';
import type { LiveMessage } from './live-message.ts';
import type { Tally } from './tally.ts';

/** Frames a second of what is not current that a gateway may send while there is too much to do. */
const busyRate = 2;
/** ms that the farewell may take. */
const patience = 2000;

/**
 * What lanes work with, over a client of the broker. Frames of what is not current are asked for more slowly while `isBusy`.
 */
export function contextOf(
  options: Omit<IngestOptions, 'timeSeries' | 'isShared'>,
  client: MqttClient,
  tally: Tally,
  signal: AbortSignal,
  isBusy: () => boolean,
): LaneContext {
  const { records, clock, logger, onCommitted, random = systemRandom } = options;
  return {
    ...{ records, clock, logger, signal, tally, random },
    acknowledge: (to, acknowledgement) => {
      const answer = isBusy() ? { ...acknowledgement, historyRate: busyRate } : acknowledgement;
      send(client, downTopic(to, 'acks'), answer, 1);
    },
    announce: (message: LiveMessage) => {
      send(client, liveTopic(message.site), message, 0);
      try {
        onCommitted?.(message);
      } catch (thrown) {
        logger.error({ code: 'ingest-listener', detail: coerceError(thrown).message }, 'A listener to commits failed.');
      }
    },
  };
}

/** What is not sent now is not kept: gateways send their frames again, and commands have their next round. */
export function send(client: MqttClient, topic: string, message: object, qos: 0 | 1): void {
  if (client.connected) client.publish(topic, JSON.stringify(message), { qos }, () => {});
}

/** The last words go out, unless the broker is gone. */
export async function leave(client: MqttClient, clock: Clock): Promise<void> {
  await atMost(clock, patience, client.endAsync());
  client.end(true);
}
