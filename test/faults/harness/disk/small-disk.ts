import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const block = Buffer.alloc(64 * 1024, 1);

/** A file system of its own, so small that it can be filled. */
export class SmallDisk {
  readonly #path: string;
  #isMounted = true;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where this process may not mount one. */
  static mount(path: string, mebibytes: number): SmallDisk | undefined {
    mkdirSync(path, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'plantroom-faults', path], {
        stdio: 'pipe',
      });
      const disk = new SmallDisk(path);
      process.once('exit', () => disk.unmount());
      return disk;
    } catch {
      return undefined;
    }
  }

  /** Leaves no byte, until `empty`. */
  fill(): void {
    const handle = openSync(join(this.#path, 'filler'), 'a');
    try {
      for (const size of [block.length, 512, 1])
        for (let written = size; written === size; ) written = writeSync(handle, block, 0, size);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
    } finally {
      closeSync(handle);
    }
  }

  empty(): void {
    rmSync(join(this.#path, 'filler'), { force: true });
  }

  /** Safe to call more than once; what still has files open there loses sight of it. */
  unmount(): void {
    if (this.#isMounted) execFileSync('umount', ['--lazy', this.#path]);
    this.#isMounted = false;
  }
}
