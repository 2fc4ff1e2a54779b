import type { Clock } from '@plantroom/base';
import { OwedAnswers } from './owed-answers.ts';
import { RecentAnswers } from './recent-answers.ts';

/** What a line without transaction numbers may still bring, whoever asks there next. */
export interface LineMemory {
  readonly owed: OwedAnswers;
  readonly recent: RecentAnswers;
  /** When the line may be used again, monotonic ms. */
  freeAt: number;
  /** Somebody was sending without end when a question should have been put. */
  isNoisy: boolean;
}

/** By clock, since each has a time of its own, and by the bus's name. */
const lines = new WeakMap<Clock, Map<string, LineMemory>>();

/**
 * The memory of a line outlives its client: after a reload another client asks on the same line, and the answer to a
 * question of the first one must not become its.
 */
export function lineMemoryOf(clock: Clock, bus: string): LineMemory {
  const known = lines.get(clock) ?? new Map<string, LineMemory>();
  lines.set(clock, known);
  const memory = known.get(bus) ?? { owed: new OwedAnswers(), recent: new RecentAnswers(), freeAt: 0, isNoisy: false };
  known.set(bus, memory);
  return memory;
}
