import type { Sample } from '@plantroom/model';
import type { Machine } from './instance.ts';

/** The point that says whether a machine runs. */
const runs = 'running';

/** How a machine with a declared time for its start stands. */
export interface StartUp {
  /** ms from its start until it has settled: its rating `startUpTime`. */
  readonly length: number;
  /** As last known; undefined before the first look, since what runs already may have run for long. */
  running: boolean | undefined;
  /** When it last started, event time. */
  at: number;
}

/** Undefined for a machine that does not say when it runs, or how long its start takes. */
export function startUpOf(points: ReadonlySet<string>, seconds: number | undefined): StartUp | undefined {
  if (seconds === undefined || !points.has(runs)) return undefined;
  return { length: seconds * 1000, running: undefined, at: Number.NEGATIVE_INFINITY };
}

/** Takes note of a start. */
export function noteStart(startUp: StartUp, { point, value, quality, time }: Sample): void {
  if (point !== runs || value === null || quality === 'bad') return;
  if (value > 0 && startUp.running === false) startUp.at = time;
  startUp.running = value > 0;
}

/** ms until the machine has settled after its start; 0 or less once it has. */
export function startUpLeft({ startUp }: Machine, now: number): number {
  return startUp && now >= startUp.at ? startUp.at + startUp.length - now : 0;
}

/** When the start of a machine is over, if that is after a moment: once its samples, which come later, have reached it. */
export function startUpEnds({ startUp, lag }: Machine, after: number): number {
  const end = startUp ? startUp.at + startUp.length + lag : Number.NEGATIVE_INFINITY;
  return end > after ? end : Number.POSITIVE_INFINITY;
}
