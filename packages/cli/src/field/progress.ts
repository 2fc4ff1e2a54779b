import { SingleBar } from 'cli-progress';

/** How far something is; the bar is gone when it ends. */
export interface Progress {
  update(done: number, note: string): void;
  stop(): void;
}

/** A bar on a terminal; nothing where the output goes to a file or another program. */
export function createProgress(name: string, total: number, live = process.stderr.isTTY === true): Progress {
  if (!live) return { update() {}, stop() {} };
  const format = `${name} {bar} {value} of {total}  {note}`;
  const bar = new SingleBar({ format, hideCursor: true, barsize: 32, clearOnComplete: true });
  bar.start(total, 0, { note: '' });
  return { update: (done, note) => bar.update(done, { note }), stop: () => bar.stop() };
}
