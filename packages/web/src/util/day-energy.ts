import { intervalLength } from '@plantroom/model';
import type { IntervalView } from '@plantroom/model/api';
import { hour } from './time.ts';

/** Average power over an interval, kW. */
export function toPower(kWh: number): number {
  return (kWh * hour) / intervalLength;
}

export interface DayEnergy {
  /** kWh of the intervals that have a figure. */
  readonly kWh: number;
  /** Over the same intervals, where there is an expectation for all of them; else undefined. */
  readonly expected: { readonly kWh: number; readonly error: number } | undefined;
  /** Share by which it differs from the expectation. */
  readonly change: number | undefined;
  /** Where it stands to the band. */
  readonly verdict: 'within' | 'above' | 'below' | undefined;
  /** Average kW of the newest interval with a figure. */
  readonly demand: number | undefined;
  /** Share of the intervals that are over and have a measured or estimated figure. */
  readonly completeness: number | undefined;
}

interface Figure {
  readonly kWh: number;
  readonly expected: NonNullable<IntervalView['expected']>;
}

/**
 * A day against its expectation, from the intervals since midnight. The band's half width is summed, not combined as
 * independent errors, because the weather makes all intervals of a day err to the same side.
 */
export function dayEnergy(items: readonly IntervalView[], midnight: number, now: number): DayEnergy {
  const known = items.filter((item) => item.kWh !== null && item.start < now);
  const kWh = sum(known.map((item) => item.kWh ?? 0));
  const compared = known.flatMap((item): Figure[] =>
    item.kWh === null || item.expected === null ? [] : [{ kWh: item.kWh, expected: item.expected }],
  );
  const isCompared = known.length > 0 && compared.length >= known.length * 0.9;
  const expected = isCompared
    ? {
        kWh: sum(compared.map((each) => each.expected.kWh)),
        error: sum(compared.map((each) => (each.expected.high - each.expected.low) / 2)),
      }
    : undefined;
  const measured = sum(compared.map((each) => each.kWh));
  const over = Math.floor((Math.min(now, midnight + 25 * hour) - midnight) / intervalLength);
  return {
    kWh,
    expected,
    change: expected && expected.kWh > 0 ? measured / expected.kWh - 1 : undefined,
    verdict: expected && verdictOf(measured - expected.kWh, expected.error),
    demand: newestPower(known),
    completeness: over > 0 ? Math.min(1, known.length / over) : undefined,
  };
}

function verdictOf(difference: number, error: number): 'within' | 'above' | 'below' {
  if (Math.abs(difference) <= error) return 'within';
  return difference > 0 ? 'above' : 'below';
}

function newestPower(known: readonly IntervalView[]): number | undefined {
  const newest = known.reduce<IntervalView | undefined>(
    (a, b) => (a === undefined || b.start > a.start ? b : a),
    undefined,
  );
  return newest?.kWh === undefined || newest.kWh === null ? undefined : toPower(newest.kWh);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
