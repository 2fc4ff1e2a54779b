import { type Clock, systemClock } from '@plantroom/base';

/** The system's clock, with wall time that a test can move as a person or an NTP client does. */
export class ShiftedClock implements Clock {
  /** ms that wall time is off. */
  offset: number;

  constructor(offset = 0) {
    this.offset = offset;
  }

  now(): number {
    return systemClock.now() + this.offset;
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  after(...args: Parameters<Clock['after']>) {
    return systemClock.after(...args);
  }

  every(...args: Parameters<Clock['every']>) {
    return systemClock.every(...args);
  }

  sleep(...args: Parameters<Clock['sleep']>) {
    return systemClock.sleep(...args);
  }
}
