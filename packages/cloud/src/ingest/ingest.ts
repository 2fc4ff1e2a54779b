import { coerceError, describeError, systemRandom } from '@plantroom/base';
import { downTopic, liveTopic, parseUpTopic, upFilter } from '@plantroom/model/wire';
import type { MqttClient } from 'mqtt';
import { CommandSender } from './command-sender.ts';
import { connectToBroker, keepSubscribed } from './connect.ts';
import type { Ingest, IngestOptions } from './contract.ts';
import { EventsLane } from './events-lane.ts';
import { FrameQueue, type Received } from './frame-queue.ts';
import type { LaneContext } from './lane-context.ts';
import type { LiveMessage } from './live-message.ts';
import { takeModel, takeStatus } from './retained.ts';
import { newTally, type Tally } from './tally.ts';
import { TelemetryLane } from './telemetry-lane.ts';

/** ms for which telemetry is gathered: one commit for many frames. */
const gathering = 20;
const telemetryBatch = { batch: 256, hands: 4 };
/** Events of a gateway keep their order: one batch at a time. */
const eventsBatch = { batch: 64, hands: 1 };
/** Frames a second of what is not current that a gateway may send while there is too much to do. */
const busyRate = 2;
/** ms that the farewell may take. */
const patience = 2000;

/**
 * Connects to the broker like any other client and stores what gateways send: time series, then records with the ledger,
 * then the acknowledgement. Throws PlantroomError `broker-unavailable` or `broker-refused`.
 */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const client = await connectToBroker(options.broker, 'ingest', options.logger);
  const stopping = new AbortController();
  const tally = newTally();
  const context = contextOf(options, client, tally, stopping.signal, () => queues.telemetry.isBusy);
  const commands = new CommandSender({
    ...options,
    publish: (to, command) => send(client, downTopic(to, 'commands'), command, 1),
  });
  const telemetry = new TelemetryLane(context, options.timeSeries);
  const queues: Queues = queuesOf(context, telemetry, commands);
  client.on('message', (topic, payload, packet) => receive(context, queues, topic, payload, packet.retain));
  const { clock, logger } = options;
  await keepSubscribed(client, { filters: { [upFilter]: { qos: 1 } }, clock, logger }).catch((thrown) => {
    client.end(true);
    throw thrown;
  });
  return {
    publishCommand: async (site, gateway, command) =>
      send(client, downTopic({ site, gateway }, 'commands'), command, 1),
    counts: () => ({ ...tally, waiting: queues.telemetry.size + queues.events.size }),
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      commands.stop();
      await Promise.all(Object.values(queues).map((q) => q.stop()));
      telemetry.stop();
      // The last acknowledgements go out, unless the broker is gone.
      await Promise.race([client.endAsync(), options.clock.sleep(patience)]);
      client.end(true);
    },
  };
}

type Queues = Readonly<Record<'telemetry' | 'events' | 'retained', FrameQueue>>;

function queuesOf(context: LaneContext, telemetry: TelemetryLane, commands: CommandSender): Queues {
  const { clock } = context;
  const events = new EventsLane(context);
  const retained = async ([one]: readonly Received[]) => {
    if (!one) return;
    if (one.channel === 'model') await takeModel(context, one);
    else await takeStatus(context, one, (of, online) => commands.statusChanged(of, online));
  };
  const queue = (
    delay: number,
    size: { batch: number; hands: number },
    handle: (frames: readonly Received[]) => Promise<void>,
  ) =>
    new FrameQueue({
      clock,
      delay,
      ...size,
      handle: (frames) => handle(frames).catch((thrown) => failed(context, thrown)),
    });
  return {
    telemetry: queue(gathering, telemetryBatch, (f) => telemetry.handle(f)),
    events: queue(0, eventsBatch, (f) => events.handle(f)),
    retained: queue(0, { batch: 1, hands: 1 }, retained),
  };
}

/** A mistake of this program: the frames stay without an answer, and the next ones are handled all the same. */
function failed({ logger }: LaneContext, thrown: unknown): void {
  logger.error({ code: 'ingest-failed', detail: describeError(thrown) }, 'Frames could not be handled.');
}

function receive(
  { logger, tally }: LaneContext,
  queues: Queues,
  topic: string,
  bytes: Buffer,
  retained: boolean,
): void {
  const from = parseUpTopic(topic);
  if (!from) return;
  const { site, gateway, channel } = from;
  const queue = channel === 'telemetry' || channel === 'events' ? queues[channel] : queues.retained;
  if (queue.add({ from: { site, gateway }, channel, bytes, retained })) return;
  tally.unanswered++;
  logger.debug({ code: 'ingest-full', site, gateway, channel }, 'No room for a frame; its gateway will send it again.');
}

function contextOf(
  options: IngestOptions,
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
function send(client: MqttClient, topic: string, message: object, qos: 0 | 1): void {
  if (client.connected) client.publish(topic, JSON.stringify(message), { qos }, () => {});
}
