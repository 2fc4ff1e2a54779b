import { describeError } from '@plantroom/base';
import { downTopic, parseUpTopic, upFilterOf } from '@plantroom/model/wire';
import { CommandSender } from './command-sender.ts';
import { connectToBroker, keepSubscribed } from './connect.ts';
import { contextOf, leave, send } from './context.ts';
import type { IngestOptions } from './contract.ts';
import { FrameQueue, type Received } from './frame-queue.ts';
import { takeModel, takeStatus } from './retained.ts';
import { newTally } from './tally.ts';

export interface Presence {
  stop(): Promise<void>;
}

/**
 * Follows which gateways are there: keeps their statuses and retained models, answers their question for the time, and sends
 * them the commands that wait. One process does it for all: the broker then tells each status once and in order, and
 * whoever comes next is told what is retained. Throws PlantroomError `broker-unavailable` or `broker-refused`.
 */
export async function startPresence(options: Omit<IngestOptions, 'timeSeries' | 'isShared'>): Promise<Presence> {
  const { clock, logger } = options;
  const client = await connectToBroker(options.broker, 'presence', logger);
  const stopping = new AbortController();
  const context = contextOf(options, client, newTally(), stopping.signal, () => false);
  const commands = new CommandSender({
    ...options,
    publish: (to, command) => send(client, downTopic(to, 'commands'), command, 1),
  });
  const take = async (one: Received) => {
    if (one.channel === 'model') await takeModel(context, one);
    else await takeStatus(context, one, (of, online) => commands.statusChanged(of, online));
  };
  const queue = new FrameQueue({
    clock,
    delay: 0,
    batch: 1,
    hands: 1,
    handle: ([one]) =>
      (one ? take(one) : Promise.resolve()).catch((thrown) =>
        logger.error({ code: 'ingest-failed', detail: describeError(thrown) }, 'A status could not be handled.'),
      ),
  });
  client.on('message', (topic, bytes, { retain }) => {
    const from = parseUpTopic(topic);
    // One for which there is no room is told again within half a minute.
    if (from) queue.add({ from, channel: from.channel, bytes, retained: retain });
  });
  const stop = async () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    commands.stop();
    await queue.stop();
    await leave(client, clock);
  };
  const filters = { [upFilterOf('model')]: { qos: 1 as const }, [upFilterOf('status')]: { qos: 1 as const } };
  await keepSubscribed(client, { filters, clock, logger }).catch(async (thrown) => {
    await stop();
    throw thrown;
  });
  return { stop };
}
