import { createHash } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlantroomError } from '@plantroom/base';

/** What the person on the gateway's own machine may ask of it, by name. Answers are plain JSON. */
export type Commands = Readonly<Record<string, (argument: unknown) => Promise<object>>>;

/** Bytes of a socket's path that every system takes. */
const longestPath = 100;

/** Where a gateway takes commands. */
export interface ControlAddress {
  /** Good in this process until `release`. */
  readonly path: string;
  /** The same for people. */
  readonly name: string;
  release(): void;
}

/**
 * Where a gateway takes commands: a socket in its data directory, or a named pipe on Windows. Whoever may write there may
 * command it, so no secret is needed; a folder that all users share would let another answer in its place. Linux takes a
 * path of any length through an open folder. Throws PlantroomError `control-socket` elsewhere for one that is too long, and
 * node's own error for a folder that cannot be opened.
 */
export function controlAddress(dataDirectory: string): ControlAddress {
  const directory = resolve(dataDirectory);
  if (process.platform === 'win32') {
    const path = `\\\\.\\pipe\\plantroom-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
    return { path, name: path, release: () => {} };
  }
  const name = join(directory, 'control.sock');
  if (Buffer.byteLength(name) <= longestPath) return { path: name, name, release: () => {} };
  if (process.platform !== 'linux')
    throw new PlantroomError('control-socket', `The path ${name} is too long for a socket.`, {
      hint: `Give the gateway a data directory whose path has at most ${longestPath - '/control.sock'.length} bytes.`,
    });
  const folder = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${folder}/control.sock`, name, release: () => closeSync(folder) };
}
