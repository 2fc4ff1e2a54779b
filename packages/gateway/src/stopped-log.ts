import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PlantroomError, systemClock } from '@plantroom/base';
import { type AskedLog, logCommands } from './log-commands.ts';
import { OutboxLog } from './outbox/log-sqlite.ts';
import { ownerOfLog } from './outbox/open-sqlite.ts';

/** Nothing is thinned or dropped by a visit. */
const capacity = { maximumBytes: Number.MAX_SAFE_INTEGER, freeFloor: 0 };

/**
 * Runs a command of `logCommands` on the log of a gateway that does not run. The log is locked meanwhile, so that no gateway
 * can start on it. Throws PlantroomError `no-log`, `other-user` (files made by another user would keep the gateway out),
 * `data-directory-in-use`, or what is wrong with the argument.
 */
export async function askStoppedLog(dataDirectory: string, command: string, argument?: unknown): Promise<unknown> {
  const file = join(dataDirectory, 'outbox.sqlite');
  if (!existsSync(file))
    throw new PlantroomError('no-log', `No gateway runs on ${dataDirectory}, and there is no log of one.`, {
      hint: 'Name the data directory that the gateway was started with.',
    });
  const owner = statSync(file).uid;
  if (process.getuid && process.getuid() !== owner)
    throw new PlantroomError('other-user', `${file} belongs to user ${owner}.`, {
      hint: 'Run this as the user that the gateway runs as.',
    });
  const log = new OutboxLog({ file, ...ownerOfLog(file), capacity, now: () => systemClock.now() });
  try {
    const commands = logCommands(
      () => atRest(log, dataDirectory),
      () => systemClock.now(),
    );
    return await commands[command]?.(argument);
  } finally {
    log.close();
  }
}

function atRest(log: OutboxLog, dataDirectory: string): AskedLog {
  const { bavail, bsize } = statfsSync(dataDirectory);
  return {
    trouble: undefined,
    stats: async () => ({ ...log.stats(), maximum: 0, free: bavail * bsize, fullIn: null }),
    quarantined: async (limit) => log.quarantined(limit),
    replayQuarantine: async (which) => log.replayQuarantine(which),
    dropQuarantine: async (which) => log.dropQuarantine(which),
  };
}
