import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, errorCode, PlantroomError, systemClock } from '@plantroom/base';
import { isRunning, type ProcessMark, processMark } from './process-mark.ts';

interface Lock extends ProcessMark {
  readonly port: number;
  readonly children: readonly ProcessMark[];
}

/** What holds a folder, for messages: `what` such as `demo`, started with the npm script of that name. */
export interface Holder {
  readonly what: 'demo' | 'stack';
  /** The port of its dashboard. */
  readonly port: number;
}

/** A folder that this process holds until `release`. */
export interface FolderLock {
  /** Processes that belong to the holder: a later start waits until they are gone. */
  noteChildren(pids: readonly number[]): void;
  release(): void;
}

/** Milliseconds that the processes of a killed holder may take to stop. */
const patience = 15_000;

export function lockName({ what }: Pick<Holder, 'what'>): string {
  return `${what}.lock`;
}

/**
 * Holds the folder `path` by a file in it. Waits for the processes of a holder that was killed: they notice it
 * and stop by themselves. Throws PlantroomError `data-in-use`, which names the holder.
 */
export async function lockFolder(path: string, holder: Holder, clock: Clock = systemClock): Promise<FolderLock> {
  const lock = join(path, lockName(holder));
  const end = clock.monotonic() + patience;
  while (holderOf(lock)?.isLeftover && clock.monotonic() < end) await clock.sleep(100);
  const mine: Lock = { ...processMark(process.pid), port: holder.port, children: [] };
  takeLock(lock, path, mine, holder.what);
  return {
    noteChildren: (pids) => {
      // Renamed into place: a lock that is half written looks like one that nobody holds.
      writeFileSync(`${lock}.new`, JSON.stringify({ ...mine, children: pids.map(processMark) }), { mode: 0o600 });
      renameSync(`${lock}.new`, lock);
    },
    release: () => rmSync(lock, { force: true }),
  };
}

function takeLock(lock: string, path: string, mine: Lock, what: Holder['what']): void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(lock, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
      return;
    } catch (thrown) {
      const holder = holderOf(lock);
      if (errorCode(thrown) !== 'EEXIST' || holder || attempt > 1) throw inUse(path, what, holder, thrown);
      rmSync(lock, { force: true });
    }
  }
}

/** The live process that holds the lock: the holder itself, or a child of a killed one that is still stopping. */
function holderOf(lock: string): { pid: number; port: number; isLeftover: boolean } | undefined {
  try {
    const first = JSON.parse(readFileSync(lock, 'utf8')) as Lock;
    const holder = [first, ...first.children].find(isRunning);
    return holder && { pid: holder.pid, port: first.port, isLeftover: holder !== first };
  } catch {
    return undefined;
  }
}

function inUse(
  path: string,
  what: Holder['what'],
  holder: { pid: number; port: number } | undefined,
  cause: unknown,
): PlantroomError {
  const who = holder ? ` by a ${what} on port ${holder.port} (process ${holder.pid})` : '';
  return new PlantroomError('data-in-use', `The data directory ${path} is in use${who}.`, {
    hint: `Stop that one, or give this one its own: npm run ${what} -- --port 8081 --data ./data-2`,
    cause,
  });
}
