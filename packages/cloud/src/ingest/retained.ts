import { describeError } from '@plantroom/base';
import { type GatewayAddress, type GatewayStatus, gatewayStatus } from '@plantroom/model/wire';
import { warnOfModel } from './doubtful-model.ts';
import { announceCommitted } from './events-lane.ts';
import type { Received } from './frame-queue.ts';
import type { LaneContext } from './lane-context.ts';
import { readEvents } from './read-frame.ts';

/** Keeps the model revision that a gateway retains for a cloud that has lost its own. It has no answer. */
export async function takeModel(context: LaneContext, { from, bytes }: Received): Promise<void> {
  const { records, clock, logger } = context;
  const read = readEvents(bytes, from, clock.now());
  if (!('frame' in read)) {
    logger.warn({ code: 'model-rejected', ...from, reason: read.rejection.reason }, 'A retained model is not legible.');
    return;
  }
  try {
    for (const event of read.frame.events) {
      if (event.type !== 'model') continue;
      const { revision } = event.model;
      if (await records.saveModel(from.site, from.gateway, event.model, clock.now())) {
        announceCommitted(context, from, { alarms: [], orders: [], intervals: [], models: [revision] });
        await warnOfModel(context, from, event.model);
      }
    }
  } catch (thrown) {
    logger.warn(
      { code: 'model-not-stored', ...from, detail: describeError(thrown) },
      'A retained model was not stored.',
    );
  }
}

/**
 * Keeps and announces a gateway's account of itself, and tells it our time when it asks; `onStatus` is told whether it is
 * online.
 */
export async function takeStatus(
  context: LaneContext,
  { from, bytes, retained }: Received,
  onStatus: (of: GatewayAddress, online: boolean) => void,
): Promise<void> {
  const { records, clock, logger } = context;
  const { site, gateway } = from;
  try {
    const told = gatewayStatus.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    // The newest status counts: one from a clock that is ahead must not be the newest for ever.
    const status = { ...told, time: Math.min(told.time, clock.now()) };
    if (!retained) tellTime(context, from, status);
    onStatus(from, status.online);
    // A retained status and a Will tell of an earlier moment: they must not make a silent gateway look heard.
    const earlier = retained || !status.online;
    const heardAt = earlier ? Math.min(clock.now(), status.time) : clock.now();
    await records.saveStatus(site, gateway, status, heardAt);
    if (!retained) await lookForTwins(context, from, status);
    context.announce({ type: 'status', site, gateway, heardAt, status });
  } catch (thrown) {
    logger.warn({ code: 'status-not-stored', ...from, detail: describeError(thrown) }, 'A status was not stored.');
  }
}

async function lookForTwins({ records, clock, logger }: LaneContext, from: GatewayAddress, status: GatewayStatus) {
  const conflict = await records.seeIdentity(from.site, from.gateway, status, clock.now());
  if (conflict?.kind === 'epochs')
    logger.error(
      { code: 'identity-conflict', ...from },
      'Two gateways use one identity: their logs take turns. Nothing is lost, but their data mixes. Switch one off, or enrol it under an id of its own.',
    );
  else if (conflict)
    logger.warn(
      { code: 'connection-flaps', ...from },
      'A gateway loses its connection again and again: its line is bad, or another one uses its credential.',
    );
}

function tellTime({ clock, acknowledge }: LaneContext, to: GatewayAddress, { online, epoch, question }: GatewayStatus) {
  if (!online || question === undefined) return;
  acknowledge(to, { epoch, lane: 'events', ranges: [], rejected: [], clock: { question, time: clock.now() } });
}
