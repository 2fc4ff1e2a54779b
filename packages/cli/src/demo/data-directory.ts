import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, errorCode, PlantroomError, systemClock } from '@plantroom/base';
import { isRunning, type ProcessMark, processMark } from './process-mark.ts';

interface Lock extends ProcessMark {
  readonly port: number;
  readonly children: readonly ProcessMark[];
}

const marker = 'demo.json';
const lockName = 'demo.lock';

/** The demo's folder, held by this process until `release`. */
export interface DataDirectory {
  readonly path: string;
  /** True when no demo has run here before. */
  readonly isNew: boolean;
  readonly logs: string;
  file(name: string): string;
  /** Processes that belong to this demo: a later start waits until they are gone. */
  noteChildren(pids: readonly number[]): void;
  release(): void;
}

/** Milliseconds that the processes of a killed demo may take to stop. */
const patience = 15_000;

/** Makes or enters the folder. Throws PlantroomError when it cannot be written, holds something else or is in use. */
export async function openDataDirectory(at: string, port: number, clock: Clock = systemClock): Promise<DataDirectory> {
  const path = resolve(at);
  makeWritable(path);
  const isNew = !existsSync(join(path, marker));
  if (isNew && readdirSync(path).some((name) => name !== lockName && name !== 'logs'))
    throw new PlantroomError('demo-data-foreign', `${path} holds something else.`, {
      hint: 'Choose an empty or new folder with --data DIR.',
    });
  const lock = join(path, lockName);
  const mine: Lock = { ...processMark(process.pid), port, children: [] };
  await leftovers(lock, clock);
  takeLock(lock, path, mine);
  const logs = join(path, 'logs');
  mkdirSync(logs, { recursive: true });
  return {
    path,
    isNew,
    logs,
    file: (name) => join(path, name),
    noteChildren: (pids) => writeFileSync(lock, JSON.stringify({ ...mine, children: pids.map(processMark) })),
    release: () => rmSync(lock, { force: true }),
  };
}

/** Waits for the processes of a demo that was killed: they notice it and stop by themselves. */
async function leftovers(lock: string, clock: Clock): Promise<void> {
  const end = clock.monotonic() + patience;
  while (holderOf(lock)?.isLeftover && clock.monotonic() < end) await clock.sleep(100);
}

function makeWritable(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw new PlantroomError(
      'demo-data-unwritable',
      `The data directory ${path} cannot be written (${errorCode(thrown)}).`,
      {
        hint: 'Choose another with --data DIR, or correct its permissions.',
        cause: thrown,
      },
    );
  }
}

function takeLock(lock: string, path: string, mine: Lock): void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(lock, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
      return;
    } catch (thrown) {
      const holder = holderOf(lock);
      if (errorCode(thrown) !== 'EEXIST' || holder || attempt > 1) throw inUse(path, holder, thrown);
      rmSync(lock, { force: true });
    }
  }
}

/** The live process that holds the lock: the demo itself, or a child of a killed one that is still stopping. */
function holderOf(lock: string): { pid: number; port: number; isLeftover: boolean } | undefined {
  try {
    const demo = JSON.parse(readFileSync(lock, 'utf8')) as Lock;
    const holder = [demo, ...demo.children].find(isRunning);
    return holder && { pid: holder.pid, port: demo.port, isLeftover: holder !== demo };
  } catch {
    return undefined;
  }
}

function inUse(path: string, holder: { pid: number; port: number } | undefined, cause: unknown): PlantroomError {
  const who = holder ? ` by a demo on port ${holder.port} (process ${holder.pid})` : '';
  return new PlantroomError('demo-data-in-use', `The data directory ${path} is in use${who}.`, {
    hint: 'Stop that one, or give this one its own: npm run demo -- --port 8081 --data ./data-2',
    cause,
  });
}
