export {
  aggregate,
  type Comparison,
  compare,
  type IntervalSum,
  type Period,
  periodBefore,
  sumsOf,
} from './aggregate.ts';
export { createMetering } from './metering.ts';
export { createNightLoad } from './night-load.ts';
export { isTimeZone, type TimeZone, timeZone } from './time-zone.ts';
export type {
  ConsumptionStep,
  EnergyFact,
  Expected,
  Meter,
  Metering,
  MeteringOptions,
  MeteringState,
  MeterState,
  NightLoad,
  NightLoadState,
  PeriodBefore,
  RegisterReading,
  Step,
  TotalReading,
  UsualLoad,
  UsualState,
} from './types.ts';
export { createUsualLoad } from './usual-load.ts';
