import type { LocalText } from '../local-text.ts';

/** States of a two-valued point, unless it has words of its own. */
export const noYes: Readonly<Record<number, LocalText>> = {
  0: { en: 'no', zh: '否' },
  1: { en: 'yes', zh: '是' },
};

interface PointBase {
  readonly label: LocalText;
}

/** A measured quantity. */
export interface AnalogPoint extends PointBase {
  readonly type: 'analog';
  /** UCUM-like unit as shown: `kW`, `m3/h`, `Cel`, `%`; empty for a pure number. */
  readonly unit: string;
  /** Values outside are physically impossible for the kind: quality bad, reason out-of-range. */
  readonly range: readonly [number, number];
  /** Report by exception: a smaller change is not logged (in the point's unit). */
  readonly deadband: number;
  /** Decimals worth showing. */
  readonly decimals: number;
}

/** A register that only counts up, until it rolls over or is reset. */
export interface CounterPoint extends PointBase {
  readonly type: 'counter';
  readonly unit: string;
  readonly deadband: number;
  readonly decimals: number;
}

/** One of a closed list of states; the value is the code. */
export interface StatePoint extends PointBase {
  readonly type: 'state';
  readonly states: Readonly<Record<number, LocalText>>;
}

export type PointDefinition = AnalogPoint | CounterPoint | StatePoint;

export interface Kind<Points extends Record<string, PointDefinition> = Record<string, PointDefinition>> {
  readonly kind: string;
  readonly label: LocalText;
  readonly plural: LocalText;
  /** By name; an indexed point stands once, with empty brackets: `loop[].device[].state`. */
  readonly points: Points;
  /** The class of the Brick schema 1.4, for exports. */
  readonly brick: string;
}

/** Declares a kind; the names of its points are known to the compiler. */
export function defineKind<const Points extends Record<string, PointDefinition>>(kind: Kind<Points>): Kind<Points> {
  return kind;
}

/** A point's definition by its full name, or undefined if the kind has no such point. */
export function pointDefinition(kind: Kind, point: string): PointDefinition | undefined {
  return kind.points[point.replace(/\[\d+\]/g, '[]')];
}

export function analog(
  label: LocalText,
  unit: string,
  range: readonly [number, number],
  deadband: number,
  decimals = 1,
): AnalogPoint {
  return { type: 'analog', label, unit, range, deadband, decimals };
}

export function counter(label: LocalText, unit: string, deadband: number, decimals = 0): CounterPoint {
  return { type: 'counter', label, unit, deadband, decimals };
}

export function state(label: LocalText, states: Readonly<Record<number, LocalText>> = noYes): StatePoint {
  return { type: 'state', label, states };
}
