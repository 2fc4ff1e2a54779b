import type { Clock } from '@plantroom/base';
import { OwedAnswers } from './owed-answers.ts';
import { RecentAnswers } from './recent-answers.ts';

/** What a line without transaction numbers may still bring, whoever asks there next. */
export class LineMemory {
  readonly owed = new OwedAnswers();
  readonly recent = new RecentAnswers();
  /** When the line may be used again, monotonic ms. */
  freeAt = 0;
  /** Somebody was sending without end when a question should have been put. */
  isNoisy = false;
  /** Until then answers may come to questions that nobody here knows of, monotonic ms; undefined before it is waited out. */
  unknownUntil: number | undefined;
  /** Clients that are open on it. */
  users = 0;
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
  const memory = known.get(bus) ?? new LineMemory();
  known.set(bus, memory);
  return memory;
}

/**
 * A client opens the line. A line that was never used before may be any left one under another name or with other
 * settings, so the past of those is unknown from then on.
 */
export function enterLine(clock: Clock, memory: LineMemory): void {
  memory.users++;
  if (memory.unknownUntil !== undefined) return;
  for (const other of lines.get(clock)?.values() ?? []) if (other.users === 0) other.unknownUntil = undefined;
}
