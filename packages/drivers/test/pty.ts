import { spawn, spawnSync } from 'node:child_process';
import { Duplex } from 'node:stream';

/** Opens a pseudo terminal, says its path, and passes bytes between it and its own input and output. */
const script = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(master); tty.setraw(slave)
sys.stderr.write(os.ttyname(slave) + "\\n"); sys.stderr.flush()
while True:
    ready, _, _ = select.select([master, 0], [], [])
    if 0 in ready:
        data = os.read(0, 4096)
        if not data: break
        os.write(master, data)
    if master in ready: os.write(1, os.read(master, 4096))
`;

export interface Pty {
  /** What a program opens instead of a serial device. */
  readonly path: string;
  /** The other end of the cable. */
  readonly stream: Duplex;
  stop(): Promise<void>;
}

export const hasPty = process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty']).status === 0;

/** A serial cable in software: no baud rate, no parity, all bytes arrive. */
export async function openPty(): Promise<Pty> {
  const child = spawn('python3', ['-c', script]);
  const path = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.stderr.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => {});
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    path,
    stream,
    async stop() {
      child.kill();
      await gone;
    },
  };
}
