import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, errorCode, PlantroomError, systemClock } from '@plantroom/base';
import { type FolderLock, lockFolder, lockName } from './folder-lock.ts';

/** By this file a folder is a demo's. */
export const marker = 'demo.json';
const demo = { what: 'demo' } as const;

/** The demo's folder, held by this process until `release`. */
export interface DataDirectory extends FolderLock {
  readonly path: string;
  /** True when no demo has run here before. */
  readonly isNew: boolean;
  readonly logs: string;
  file(name: string): string;
}

/** Makes or enters the folder. Throws PlantroomError when it cannot be written, holds something else or is in use. */
export async function openDataDirectory(at: string, port: number, clock: Clock = systemClock): Promise<DataDirectory> {
  const path = resolve(at);
  makeWritable(path);
  const isNew = !existsSync(join(path, marker));
  if (isNew && readdirSync(path).some((name) => name !== lockName(demo) && name !== 'logs'))
    throw new PlantroomError('demo-data-foreign', `${path} holds something else.`, {
      hint: 'Choose an empty or new folder with --data DIR.',
    });
  const lock = await lockFolder(path, { ...demo, port }, clock);
  const logs = join(path, 'logs');
  mkdirSync(logs, { recursive: true });
  return {
    path,
    isNew,
    logs,
    file: (name) => join(path, name),
    ...lock,
  };
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
