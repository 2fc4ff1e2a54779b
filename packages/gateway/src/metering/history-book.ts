import type { Interval } from '@plantroom/model';
import { z } from 'zod';
import { type ImportProgress, stateKeys } from './contract.ts';

const imports = z.record(z.string(), z.object({ rows: z.number(), done: z.boolean(), joined: z.boolean() }));
const starts = z.record(z.string(), z.number());

/** Which history files were imported, by the digest of their content, and where live metering began. */
export class HistoryBook {
  readonly #imports: Record<string, ImportProgress>;
  readonly #firstLive: Record<string, number>;
  readonly #meteredBefore: boolean;

  constructor(saved: Readonly<Record<string, unknown>>) {
    this.#imports = imports.catch({}).parse(saved[stateKeys.history]);
    this.#firstLive = starts.catch({}).parse(saved[stateKeys.firstLive]);
    this.#meteredBefore = saved[stateKeys.registers] !== undefined;
  }

  /** Where to go on with a file. */
  progressOf(digest: string): ImportProgress {
    return this.#imports[digest] ?? { rows: 0, done: false, joined: !this.#meteredBefore };
  }

  /** The book as it is to be saved when a file has come so far. */
  note(digest: string, progress: ImportProgress): Record<string, ImportProgress> {
    this.#imports[digest] = progress;
    return { ...this.#imports };
  }

  noteLive({ equipment, start }: Interval): void {
    this.#firstLive[equipment] = Math.min(start, this.#firstLive[equipment] ?? start);
  }

  firstLive(): Record<string, number> {
    return { ...this.#firstLive };
  }

  /** Whether live metering has (or will have) this interval itself. */
  isLive({ equipment, start }: Interval): boolean {
    const first = this.#firstLive[equipment];
    return first !== undefined && start >= first;
  }
}
