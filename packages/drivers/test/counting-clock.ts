import { type Clock, systemClock, type Timer } from '@plantroom/base';

/** The system's clock, which knows how many timers are running: none should be after a close. */
export class CountingClock implements Clock {
  #running = new Set<object>();

  get running(): number {
    return this.#running.size;
  }

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  after(delay: number, run: () => void): Timer {
    const mark = {};
    this.#running.add(mark);
    const timer = systemClock.after(delay, () => {
      this.#running.delete(mark);
      run();
    });
    return this.#counted(timer, mark);
  }

  every(period: number, run: () => void): Timer {
    const mark = {};
    this.#running.add(mark);
    return this.#counted(systemClock.every(period, run), mark);
  }

  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep.call(this, delay, signal);
  }

  #counted(timer: Timer, mark: object): Timer {
    return {
      cancel: () => {
        this.#running.delete(mark);
        timer.cancel();
      },
    };
  }
}
