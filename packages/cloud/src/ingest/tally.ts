import type { IngestCounts } from './contract.ts';

/** Counts since the start of the process. */
export type Tally = { -readonly [K in Exclude<keyof IngestCounts, 'waiting'>]: number };

export function newTally(): Tally {
  return { frames: 0, samples: 0, duplicates: 0, rejected: 0, unanswered: 0 };
}
