import type { Interval, LocalText, Quality } from '@plantroom/model';

/** A meter whose register is turned into intervals. */
export interface Meter {
  readonly id: string;
  /** Where the register wraps to 0, in kWh, such as 1_000_000; without it the nearest power of ten is taken. */
  readonly registerMaximum?: number | undefined;
  /** The largest power the circuit can carry, in kW; a faster register is a fault or another meter, not consumption. */
  readonly maximumPower?: number | undefined;
  /** The meter above it in the meter tree. */
  readonly parent?: string | undefined;
}

/** One reading of a meter's import register. */
export interface RegisterReading {
  readonly equipment: string;
  /** Event time, ms since 1970 UTC. */
  readonly time: number;
  /** kWh, as the register shows it. */
  readonly value: number | null;
  readonly quality: Quality;
}

export interface MeteringOptions {
  readonly timezone: string;
  readonly meters: readonly Meter[];
  /** What `state()` returned before the restart. */
  readonly initial?: MeteringState | undefined;
}

export interface Metering {
  /** Takes a reading; returns the intervals that it completes or corrects (`revision` 2 and up). */
  reading(reading: RegisterReading): Interval[];
  /** Lets time pass: an interval whose end is 15 minutes ago and for which no reading came is `missing`. */
  tick(now: number): Interval[];
  /**
   * The clock was wrong: what was read from `from` on, by the time as it was, was read `by` ms later, and it is `now`. Readings
   * move; intervals that they made elsewhere are taken back (`missing`), those that they make now are estimates.
   */
  move(from: number, by: number, now: number): Interval[];
  state(): MeteringState;
}

/** time, total (register with rollovers and resets undone), what was added to the register to get the total. */
export type TotalReading = readonly [time: number, total: number, offset: number];

export interface MeterState {
  /** First and last reading of each quarter hour of the last two days, in order. */
  readonly quarters: readonly { readonly start: number; readonly first: TotalReading; readonly last: TotalReading }[];
  /** Breaks of the register: between the two times it rolled over, was reset or replaced. */
  readonly breaks: readonly {
    readonly from: number;
    readonly to: number;
    readonly reason: 'reset' | 'rollover' | 'replacement';
  }[];
  /** Register and time of a reading that does not fit, until the next one tells a glitch from a break. */
  readonly suspect: readonly [time: number, value: number] | null;
  /** Start of the first quarter hour for which no interval is out yet; null before the first reading. */
  readonly next: number | null;
  readonly published: readonly Interval[];
  /** From the last reading before to the last one of those that were moved to another time, each time. */
  readonly moved?: readonly (readonly [from: number, to: number])[];
  /** What was published of these spans may have been by a wrong time. */
  readonly wrong?: readonly (readonly [from: number, to: number])[];
  /** Readings of a time that, as the clock stands, has not come yet: it was set back, and may have been right before. */
  readonly aside?: readonly TotalReading[];
}

export interface MeteringState {
  readonly version: 1;
  readonly meters: Readonly<Record<string, MeterState>>;
}

/** What is to be expected of a quarter hour, in kWh. */
export interface Expected {
  readonly kWh: number;
  readonly low: number;
  readonly high: number;
}

export interface UsualState {
  readonly version: 1;
  /** By meter: local day number (days since 1970) and its 96 quarter hours in kWh, null where nothing was measured. */
  readonly meters: Readonly<Record<string, readonly (readonly [day: number, slots: readonly (number | null)[]])[]>>;
}

export interface UsualLoad {
  /** Learns from an interval; only measured ones count. */
  add(interval: Interval): void;
  /** From the 28 days before the day of `start`; undefined with fewer than 5 days of its kind (workday, rest day). */
  expected(meter: string, start: number): Expected | undefined;
  state(): UsualState;
}

/** An anomaly as a fact for detection; the same shape as its `ExternalFact`. */
export interface EnergyFact {
  readonly equipment: string;
  readonly fault: 'energy-meter.night-load';
  readonly subject: string;
  readonly time: number;
  readonly active: boolean;
  readonly detail: LocalText;
}

export interface NightLoadState {
  readonly version: 1;
  readonly meters: Readonly<Record<string, unknown>>;
  /** Whole nights by meter; missing in a state from before they were watched. */
  readonly nights?: Readonly<Record<string, unknown>>;
}

export interface NightLoad {
  /** Judges an interval against what is usual. Call in order of start, before `UsualLoad.add` of the same interval. */
  interval(interval: Interval): EnergyFact[];
  state(): NightLoadState;
}

export type { Step } from './time-zone.ts';
export type PeriodBefore = 'day' | 'week' | 'month' | 'year';

/** Consumption of one step. */
export interface ConsumptionStep {
  readonly start: number;
  readonly end: number;
  /** null when no interval of the step has a figure. */
  readonly kWh: number | null;
  /** Share of the step's intervals that have a figure, 0 to 1. */
  readonly completeness: number;
  /** Share of the kWh that is estimated, 0 to 1. */
  readonly estimated: number;
}

// The functions of the package, to be imported from '@plantroom/energy':
//   createMetering(options: MeteringOptions): Metering
//   createUsualLoad({ timezone, initial? }): UsualLoad
//   createNightLoad({ timezone, expected: UsualLoad['expected'], meters?, initial? }): NightLoad
//   sumsOf(intervals): IntervalSum[]
//   aggregate(sums: readonly IntervalSum[], { by, from, to, timezone }): ConsumptionStep[]
//   periodBefore({ from, to, before, timezone }): { from: number; to: number }
//   compare({ sums, earlier, by, from, to, before, timezone }):
//       { beforeFrom, beforeTo, total: { kWh, before, change }, items: (ConsumptionStep & { before: number | null })[] }
//   timeZone(name): TimeZone            cached; offset, localDay, startOf, ...
