import type { KindName } from '@plantroom/model';
import type { Profile } from './profiles/schema.ts';

/** One equipment on one connection, as the site file binds it. */
export interface EquipmentBinding {
  readonly id: string;
  readonly kind: KindName;
  readonly profile: Profile;
  /** The entry's protocol keys (`unit`, `node`, `device`, `ctRatio`, ...); checked against `equipmentOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Rated figures by name; a profile's parameter takes its value from here if `options` has none. */
  readonly ratings: Readonly<Record<string, number>>;
  /** Milliseconds between two readings; the profile's own unless told. */
  readonly period?: number;
}

/** Something in a binding that cannot work; `path` leads to the key below the equipment's entry. */
export interface BindingProblem {
  readonly equipment: string;
  readonly path: readonly string[];
  /** What is wrong and why, without a full stop. */
  readonly what: string;
  readonly instead?: string;
}
