import { atMost, describeError } from '@plantroom/base';
import { parseUpTopic, shared, upFilterOf } from '@plantroom/model/wire';
import type { MqttClient } from 'mqtt';
import { connectToBroker, keepSubscribed } from './connect.ts';
import { contextOf, leave } from './context.ts';
import type { Ingest, IngestOptions } from './contract.ts';
import { EventsLane } from './events-lane.ts';
import { FrameQueue, type Received } from './frame-queue.ts';
import type { LaneContext } from './lane-context.ts';
import { newTally } from './tally.ts';
import { TelemetryLane } from './telemetry-lane.ts';

/** ms for which telemetry is gathered: one commit for many frames. */
const gathering = 20;
const telemetryBatch = { batch: 256, hands: 4 };
/** Events of a gateway keep their order: one batch at a time. */
const eventsBatch = { batch: 64, hands: 1 };
/** ms that the work on what has come may take when the process is to end. */
const patience = 1000;

/**
 * Connects to the broker like any other client and stores the frames that gateways send: time series, then records with
 * the ledger, then the acknowledgement. Throws PlantroomError `broker-unavailable` or `broker-refused`.
 */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const client = await connectToBroker(options.broker, 'ingest', options.logger);
  const stopping = new AbortController();
  const tally = newTally();
  const context = contextOf(options, client, tally, stopping.signal, () => queues.telemetry.isBusy);
  const telemetry = new TelemetryLane(context, options.timeSeries);
  const queues: Queues = queuesOf(context, telemetry);
  client.on('message', (topic, payload, packet) => receive(context, queues, topic, payload, packet.retain));
  const filters = filtersOf(options);
  await keepSubscribed(client, { ...options, filters });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    // What comes from now on is another worker's; what is here already would come again only after a while.
    if (client.connected) await atMost(options.clock, patience, finish(client, filters, queues));
    stopping.abort();
    await Promise.all(Object.values(queues).map((q) => q.stop()));
    telemetry.stop();
    await leave(client, options.clock);
  };
  return {
    counts: () => ({ ...tally, waiting: queues.telemetry.size + queues.events.size }),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Takes nothing more and does what is here. */
async function finish(client: MqttClient, filters: Record<string, unknown>, queues: Queues): Promise<void> {
  await client.unsubscribeAsync(Object.keys(filters));
  await Promise.all(Object.values(queues).map((q) => q.drained()));
}

/** Stores that many processes share let them share the frames too; a process alone with its stores must get each. */
function filtersOf({ isShared }: IngestOptions): Record<string, { qos: 1 }> {
  const filters = [upFilterOf('telemetry'), upFilterOf('events')].map((f) => (isShared ? shared(f) : f));
  return Object.fromEntries(filters.map((f) => [f, { qos: 1 }]));
}

type Queues = Readonly<Record<'telemetry' | 'events', FrameQueue>>;

function queuesOf(context: LaneContext, telemetry: TelemetryLane): Queues {
  const { clock } = context;
  const events = new EventsLane(context);
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
  if (channel !== 'telemetry' && channel !== 'events') return;
  if (queues[channel].add({ from: { site, gateway }, channel, bytes, retained })) return;
  tally.unanswered++;
  logger.debug({ code: 'ingest-full', site, gateway, channel }, 'No room for a frame; its gateway will send it again.');
}
