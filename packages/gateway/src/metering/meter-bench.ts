import {
  createMetering,
  createNightLoad,
  createUsualLoad,
  type Meter,
  type MeteringState,
  type NightLoadState,
  type UsualState,
} from '@plantroom/energy';
import type { Interval } from '@plantroom/model';
import { type EnergyFinding, type RegisterSample, stateKeys } from './contract.ts';

/** What the log kept of a bench; each part as plain JSON, checked by its owner. */
export type SavedBench = Readonly<Record<string, unknown>>;

export interface Metered {
  readonly intervals: readonly Interval[];
  readonly findings: readonly EnergyFinding[];
}

/** Registers, what is usual, and the watch over the night, kept together because they are saved together. */
export class MeterBench {
  readonly #metering: ReturnType<typeof createMetering>;
  readonly #usual: ReturnType<typeof createUsualLoad>;
  readonly #nights: ReturnType<typeof createNightLoad>;

  constructor(timezone: string, meters: readonly Meter[], saved: SavedBench = {}) {
    const [registers, usual, nights] = [saved[stateKeys.registers], saved[stateKeys.usual], saved[stateKeys.nights]];
    // Only this class writes these keys, and the version inside is checked here.
    this.#metering = createMetering({
      timezone,
      meters,
      ...(isVersion1(registers) ? { initial: registers as MeteringState } : {}),
    });
    this.#usual = createUsualLoad({
      timezone,
      ...(isVersion1(usual) ? { initial: usual as UsualState } : {}),
    });
    this.#nights = createNightLoad({
      timezone,
      expected: (meter, start) => this.#usual.expected(meter, start),
      meters,
      ...(isVersion1(nights) ? { initial: nights as NightLoadState } : {}),
    });
  }

  reading(sample: RegisterSample): Metered {
    return this.#judge(this.#metering.reading(sample));
  }

  tick(now: number): Metered {
    return this.#judge(this.#metering.tick(now));
  }

  /** What was read from `from` on, by the time as it was, was read `by` ms later; it is `now`, by the right time. */
  move(from: number, by: number, now: number): Metered {
    return this.#judge(this.#metering.move(from, by, now));
  }

  /** Learns from intervals that another bench measured. */
  learn(intervals: readonly Interval[]): void {
    for (const interval of intervals) this.#usual.add(interval);
  }

  state(): SavedBench {
    return {
      [stateKeys.registers]: this.#metering.state(),
      [stateKeys.usual]: this.#usual.state(),
      [stateKeys.nights]: this.#nights.state(),
    };
  }

  /** A night is judged once; a later correction only changes what is usual. */
  #judge(intervals: readonly Interval[]): Metered {
    const findings: EnergyFinding[] = [];
    for (const interval of intervals) {
      if (interval.revision === 1) findings.push(...this.#nights.interval(interval));
      this.#usual.add(interval);
    }
    return { intervals, findings };
  }
}

function isVersion1(saved: unknown): saved is { version: 1 } {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === 1;
}
