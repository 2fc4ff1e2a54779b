import { statSync } from 'node:fs';
import type { Clock } from '@plantroom/base';

/** How often the path is compared with the open file, ms. */
const lookEvery = 60_000;

/** Watches that the open log is still the file at its path: a file that was deleted takes writes, and is gone at the next start. */
export class LogFile {
  readonly #file: string;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #open: string | undefined;
  #lookedAt: number;
  #isThere = true;

  constructor(file: string, clock: Pick<Clock, 'monotonic'>) {
    this.#file = file;
    this.#clock = clock;
    this.#open = identityOf(file);
    this.#lookedAt = clock.monotonic();
  }

  /** The log itself has put another file at the path. */
  renew(): void {
    this.#open = identityOf(this.#file);
  }

  /** Looks once a minute at most; true or false when the open file has come back to its path or is there no more. */
  look(): boolean | undefined {
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt < lookEvery) return undefined;
    this.#lookedAt = now;
    const isThere = identityOf(this.#file) === this.#open;
    if (isThere === this.#isThere) return undefined;
    this.#isThere = isThere;
    return isThere;
  }
}

/** Disk and inode; undefined when there is no file, or the path cannot be looked at: watching must never stop the log. */
function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}-${ino}`;
  } catch {
    return undefined;
  }
}
