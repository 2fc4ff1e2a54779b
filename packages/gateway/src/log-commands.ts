import { PlantroomError } from '@plantroom/base';
import { z } from 'zod';
import type { Commands } from './control/contract.ts';
import { laneReport } from './gateway-report.ts';
import type { OutboxStats, RejectedChoice, RejectedEntry, SpaceOutlook } from './outbox/contract.ts';
import type { GatewayReport } from './status/contract.ts';

/** What waits in the log and what room it has. */
export type Backlog = Pick<GatewayReport, 'lanes' | 'log'>;

/** Entries of the quarantine, the oldest first, and how many there are in all. */
export interface QuarantineList {
  readonly entries: readonly RejectedEntry[];
  readonly count: number;
}

/** The log, running or at rest. */
export interface AskedLog {
  stats(): Promise<OutboxStats & SpaceOutlook>;
  quarantined(limit: number): Promise<RejectedEntry[]>;
  replayQuarantine(which: RejectedChoice): Promise<number>;
  dropQuarantine(which: RejectedChoice): Promise<number>;
  /** Why the disk takes no writes. */
  readonly trouble: string | undefined;
}

/** Entries of the quarantine that one answer lists. */
const listed = 200;

const choice = z.union([
  z.literal('all'),
  z.object({ epoch: z.string().min(1), lane: z.enum(['events', 'telemetry']), sequence: z.number().int().min(1) }),
]);

/** What a person may ask of the log: `backlog`, `quarantine`, `quarantine-replay` and `quarantine-drop`. */
export function logCommands(log: () => AskedLog, now: () => number): Commands {
  return {
    backlog: async (): Promise<Backlog> => {
      const { lanes, used, maximum, free, fullIn } = await log().stats();
      const { events, telemetry } = lanes;
      return {
        lanes: { events: laneReport(events, now()), telemetry: laneReport(telemetry, now()) },
        log: { used, maximum, free, fullIn, trouble: log().trouble ?? null },
      };
    },
    quarantine: async (): Promise<QuarantineList> => {
      const [entries, { lanes }] = [await log().quarantined(listed), await log().stats()];
      return { entries, count: lanes.events.quarantinedEntries + lanes.telemetry.quarantinedEntries };
    },
    'quarantine-replay': async (argument) => ({ entries: await log().replayQuarantine(choiceOf(argument)) }),
    'quarantine-drop': async (argument) => ({ entries: await log().dropQuarantine(choiceOf(argument)) }),
  };
}

function choiceOf(argument: unknown): RejectedChoice {
  const parsed = choice.safeParse(argument);
  if (parsed.success) return parsed.data;
  throw new PlantroomError('argument', 'Say "all" or name one entry by its epoch, lane and sequence.');
}
