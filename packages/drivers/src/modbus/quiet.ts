import type { Clock } from '@plantroom/base';
import type { LineMemory } from './line-memory.ts';

/** How a wait for silence ended: the line is free, the wait was broken off, or something sends on and on. */
export type QuietEnd = 'free' | 'stopped' | 'noise';

/** The silence that a bus needs before the next question. */
export class Quiet {
  readonly #clock: Clock;
  readonly #line: LineMemory;
  #wake: AbortController | undefined;

  constructor(clock: Clock, line: LineMemory) {
    this.#clock = clock;
    this.#line = line;
  }

  /** Leaves the line alone for at least this many ms. */
  keep(time: number): void {
    if (time > 0) this.#line.freeAt = Math.max(this.#line.freeAt, this.#clock.monotonic() + time);
  }

  /** Waits out what whoever asked last may have left under way, where nobody here knows the line's past. */
  begin(time: number): void {
    if (this.#line.unknownUntil !== undefined) return;
    this.keep(time);
    this.#line.unknownUntil = this.#line.freeAt;
  }

  /** What was waited for has come: `time` ms are enough. */
  shorten(time: number): void {
    this.#line.freeAt = Math.max(this.#clock.monotonic() + time, this.#line.unknownUntil ?? 0);
    this.wake();
  }

  wake(): void {
    this.#wake?.abort();
  }

  /** Waits until the line is free, at most `patience` ms longer than it should take. */
  async wait(patience: number, stop: AbortSignal): Promise<QuietEnd> {
    const latest = Math.max(this.#clock.monotonic(), this.#line.freeAt) + patience;
    for (;;) {
      const now = this.#clock.monotonic();
      const wait = this.#line.freeAt - now;
      this.#line.isNoisy = wait > 0 && now >= latest;
      if (this.#line.isNoisy) return 'noise';
      if (wait <= 0) return 'free';
      this.#wake = new AbortController();
      await this.#clock.sleep(Math.min(wait, latest - now), this.#wake.signal);
      this.#wake = undefined;
      if (stop.aborted) return 'stopped';
    }
  }
}
