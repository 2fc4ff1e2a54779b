import type { Building } from '../../../simulators/src/building/building.ts';
import { liftRatings } from '../../../simulators/src/lifts/shaft.ts';
import { meterIds } from '../../../simulators/src/meters/load-model.ts';
import { pumpRatings } from '../../../simulators/src/water/ratings.ts';

export interface Expected {
  readonly fault: string;
  readonly equipment?: readonly string[];
  readonly subject?: string;
}

/** A fault of the simulators and the fault of the library that is to find it. */
export interface Scenario {
  readonly finds: Expected;
  /** What else is true while it lasts: alarms of these are not false, but count for nothing. */
  readonly entails?: readonly Expected[];
  /** What else goes wrong is counted as its consequence, and should be folded under it. */
  readonly folds?: boolean;
  readonly inject: readonly { readonly fault: string; readonly parameters?: object }[];
  readonly on: readonly string[];
  /** Seconds that the fault lasts. */
  readonly hold: number;
  /** It comes so often meanwhile, with pauses as long as itself; once unless told. */
  readonly pulses?: number;
  /** Seconds in which the plant is still recovering, so that what it entails is not false. */
  readonly recovers?: number;
  /** Its alarm stands for weeks, so that it can be found but once. */
  readonly once?: boolean;
  /** It takes the whole building with it: nothing else happens meanwhile. */
  readonly alone?: boolean;
  /** Hours of the day in which it may begin. */
  readonly hours?: readonly [from: number, to: number];
  /** The simulators' own truth: the condition of the fault holds. At once unless told. */
  readonly holds?: (building: Building, equipment: string, now: number) => boolean;
  /** Seconds allowed from when it holds: on-delay and two poll periods. A trend has twice the time from onset to crossing. */
  readonly within: number | 'trend';
}

export const pumps = pumpRatings.map(({ id }) => id);
export const boosters = pumps.filter((id) => id.startsWith('booster'));
export const panelPumps = pumps.filter((id) => !id.startsWith('booster'));
export const lifts = liftRatings.map(({ id }) => id);
/** Meters that feed no machine which is read itself: what they lose would explain the faults of those. */
export const endMeters = meterIds.filter((id) => !['main-meter', 'lift-meter', 'pump-meter'].includes(id));
export const minute = 60;
export const hour = 3600;

export const pump = (building: Building, id: string) => building.water.pumps.get(id);
export const car = (building: Building, id: string) => building.lifts.cars.find(({ rating }) => rating.id === id);
export const here = (...faults: string[]): Expected[] => faults.map((fault) => ({ fault }));
export const on = (equipment: readonly string[], ...faults: string[]): Expected[] =>
  faults.map((fault) => ({ fault, equipment }));
