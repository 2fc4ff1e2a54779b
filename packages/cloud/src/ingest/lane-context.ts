import type { Clock, Logger, Random } from '@plantroom/base';
import type { Acknowledgement, FrameHeader, GatewayAddress } from '@plantroom/model/wire';
import type { EntryName, IngestRecords } from '../records/contract.ts';
import type { Answers, Rejection } from './answers.ts';
import type { LiveMessage } from './live-message.ts';
import type { Tally } from './tally.ts';

/** What both lanes work with. */
export interface LaneContext {
  readonly records: IngestRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly random: Random;
  readonly tally: Tally;
  readonly acknowledge: (to: GatewayAddress, acknowledgement: Acknowledgement) => void;
  /** Tells followers and the process itself of a commit. */
  readonly announce: (message: LiveMessage) => void;
}

export function entryOf({ site, gateway, epoch, lane, sequence }: FrameHeader): EntryName {
  return { site, gateway, epoch, lane, sequence };
}

/** Logs and counts a frame that is not stored, and answers it if its header was legible. */
export function reject(
  { logger, tally }: LaneContext,
  answers: Answers,
  from: GatewayAddress,
  header: FrameHeader | undefined,
  rejection: Rejection,
): void {
  tally.rejected++;
  const where = { site: from.site, gateway: from.gateway, lane: header?.lane, sequence: header?.sequence };
  logger.warn({ code: `rejected-${rejection.code}`, ...where, reason: rejection.reason }, 'A frame was not stored.');
  if (header) answers.rejected(from, header, rejection);
}

export function sendAnswers({ acknowledge }: LaneContext, answers: Answers): void {
  for (const { to, acknowledgement } of answers.take()) acknowledge(to, acknowledgement);
}
