import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the person on the gateway's own machine may ask of it, by name. Answers are plain JSON. */
export type Commands = Readonly<Record<string, (argument: unknown) => Promise<object>>>;

/** Bytes of a socket's path that every system takes. */
const longestPath = 100;

/**
 * Where a gateway listens for commands: a socket in its data directory, or a named pipe on Windows. Whoever may write
 * there may command it, so no secret is needed; one whose path is too long for a socket lies in the system's folder.
 */
export function controlPath(dataDirectory: string): string {
  const directory = resolve(dataDirectory);
  const name = `plantroom-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const path = join(directory, 'control.sock');
  return Buffer.byteLength(path) <= longestPath ? path : join(tmpdir(), `${name}.sock`);
}
