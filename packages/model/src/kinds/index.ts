import type { Kind } from './define-kind.ts';
import { elevator } from './elevator.ts';
import { energyMeter } from './energy-meter.ts';
import { environmentSensor } from './environment-sensor.ts';
import { firePanel } from './fire-panel.ts';
import { pump } from './pump.ts';
import { waterTank } from './water-tank.ts';

export const kindNames = [
  'elevator',
  'pump',
  'fire-panel',
  'energy-meter',
  'environment-sensor',
  'water-tank',
] as const;
export type KindName = (typeof kindNames)[number];

/** Every kind with its points, keyed by name; the compiler knows each kind's points. */
export const kinds = {
  elevator,
  pump,
  'fire-panel': firePanel,
  'energy-meter': energyMeter,
  'environment-sensor': environmentSensor,
  'water-tank': waterTank,
} as const satisfies Record<KindName, Kind>;

/** The names of a kind's points, as the compiler checks them. */
export type PointOf<K extends KindName> = keyof (typeof kinds)[K]['points'] & string;
