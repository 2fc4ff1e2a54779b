import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Random, systemClock, systemRandom } from '@plantroom/base';
import { cutFile, type Undo } from './power-cut.ts';

/** Compiles the library that goes before libc; gives its path, or undefined where there is no compiler or no Linux. */
export function compileShim(folder: string): string | undefined {
  const library = join(folder, 'disk-shim.so');
  const source = join(import.meta.dirname, 'shim.c');
  if (process.platform !== 'linux') return undefined;
  try {
    execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' });
    return library;
  } catch {
    return undefined;
  }
}

/** The disk of one process: below `directory` its writes can be refused, and those that no sync has covered be lost. */
export class FaultyDisk {
  readonly #library: string;
  readonly #directory: string;
  readonly #undo: string;
  readonly #control: string;

  constructor(library: string, directory: string, beside: string) {
    this.#library = library;
    this.#directory = directory;
    this.#undo = `${beside}.undo`;
    this.#control = `${beside}.control`;
    mkdirSync(this.#undo, { recursive: true });
    this.takeWrites();
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.#library,
      FAULTS_DISK: `${this.#directory}/`,
      FAULTS_UNDO: this.#undo,
      FAULTS_CONTROL: this.#control,
    };
  }

  /** Every change of a file fails from now on, as on a file system that the kernel has made read-only. */
  refuseWrites(code: 'EROFS' | 'EIO' = 'EROFS'): void {
    this.#tell(constants.errno[code]);
  }

  takeWrites(): void {
    this.#tell(0);
  }

  /** Resolves at a moment at which a file, drawn at random, has something that is not yet synced, or after `patience` ms. */
  async whileUnsynced(random: Random, patience: number): Promise<void> {
    const end = systemClock.monotonic() + patience;
    // SQLite's index of its write-ahead log is never synced, and made anew.
    const names = readdirSync(this.#undo).filter((name) => !name.endsWith('-shm'));
    const name = names[Math.floor(random() * names.length)] ?? '';
    const isSynced = () => (statSync(join(this.#undo, name), { throwIfNoEntry: false })?.size ?? 0) === 0;
    while (isSynced() && systemClock.monotonic() < end) await systemClock.sleep(1);
  }

  /** Forgets what the processes before have not synced: they were killed, and the machine went on. */
  settle(): void {
    for (const name of readdirSync(this.#undo)) rmSync(join(this.#undo, name));
  }

  /** Makes of the files, whose process was killed, what a power cut may leave: any part of what no sync has covered. */
  powerCut(random: Random = systemRandom): void {
    for (const name of readdirSync(this.#undo)) {
      const file = name.replaceAll('%', '/');
      if (existsSync(file)) cutFile(file, readUndo(join(this.#undo, name)), random);
    }
    this.settle();
  }

  #tell(errno: number): void {
    const word = Buffer.alloc(4);
    word.writeInt32LE(errno);
    writeFileSync(this.#control, word, { flag: existsSync(this.#control) ? 'r+' : 'w' });
  }
}

/** The records as the library writes them: offset, size of the file before, length, then what stood there. */
function readUndo(path: string): Undo[] {
  const bytes = readFileSync(path);
  const undo: Undo[] = [];
  for (let at = 0; at + 24 <= bytes.length; ) {
    const [offset, size, length] = [0, 8, 16].map((field) => Number(bytes.readBigUInt64LE(at + field)));
    if (offset === undefined || size === undefined || length === undefined) break;
    undo.push({ offset, size, before: bytes.subarray(at + 24, at + 24 + length) });
    at += 24 + length;
  }
  return undo;
}
