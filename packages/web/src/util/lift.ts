import type { Priority } from '@plantroom/model';
import type { EquipmentView, LatestPoint } from '@plantroom/model/api';
import { believed } from './freshness.ts';

/** Codes of the elevator's states that the pictures tell apart. */
const direction = { up: 2, down: 3 } as const;
const normalMode = 1;

export interface LiftNow {
  /** undefined while the position is not known or too old. */
  readonly floor: number | undefined;
  readonly direction: 'up' | 'down' | undefined;
  /** Percent of the rated load. */
  readonly load: number | undefined;
  /** 0 closed, 1 opening, 2 open, 3 closing, 4 faulty. */
  readonly door: number | undefined;
  readonly mode: number | undefined;
  /** Where it is cannot be told: not heard for too long, or without a usable position. */
  readonly isSilent: boolean;
}

/** What a lift's picture needs, from the points that may be believed. */
export function liftNow(point: (name: string) => LatestPoint | undefined, now: number): LiftNow {
  const value = (name: string) => believed(point(name), now);
  const floor = value('floor');
  const heading = value('direction');
  return {
    floor,
    direction: heading === direction.up ? 'up' : heading === direction.down ? 'down' : undefined,
    load: value('load'),
    door: value('door'),
    mode: value('mode'),
    isSilent: floor === undefined,
  };
}

/**
 * A lift serves people: heard of, in its normal mode (or one that it does not tell), with nothing wrong now. It is the same
 * as running as it should, so that a card and the overview's sentence never count differently.
 */
export function isInService(lift: LiftNow, wrong: Priority | null): boolean {
  return !lift.isSilent && wrong === null && (lift.mode === undefined || lift.mode === 0 || lift.mode === normalMode);
}

/** The least height of a shaft without a rating: ten floors. */
let highestSeen = 10;

/**
 * Floors of a shaft: the rating if there is one, else the highest floor on which any lift was seen, which never sinks
 * again: a shaft must not change its scale when the cars come down.
 */
export function topFloor(equipment: Pick<EquipmentView, 'ratings'>, seen: readonly (number | undefined)[]): number {
  highestSeen = Math.max(highestSeen, ...seen.map((floor) => floor ?? 0));
  return equipment.ratings.floors ?? highestSeen;
}

/** The number in a machine's name, for labels where the name has no room. */
export function numberOf(equipment: Pick<EquipmentView, 'id'>, fallback: number): number {
  const digits = /(\d+)$/.exec(equipment.id)?.[1];
  return digits === undefined ? fallback : Number(digits);
}
