import { type Interval, intervalLength } from '@plantroom/model';
import { followNight, isNightWatch, type NightWatch } from './night-watch.ts';
import { timeZone } from './time-zone.ts';
import type { EnergyFact, Meter, NightLoad, NightLoadState, UsualLoad } from './types.ts';

/** Closed hours begin at midnight and end at 05:00 (fault M16 compares the load from 00 to 05). */
const closedSlots = 20;
/** Quarter hours in a row above the band before it is said aloud, and back in it before it is over. */
const raiseAfter = 4;
const clearAfter = 2;
/** Less than this share above the usual load is not worth a walk (fault M16). */
const worthwhile = 1.15;

/** Sub-meters that make up this share of a meter's excess explain it. */
const explainingShare = 0.5;

/** A stretch above the band. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly kWh: number;
  readonly usual: number;
  readonly count: number;
  /** Quarter hours since it was last above the band. */
  readonly calm: number;
  readonly raised: boolean;
}

/**
 * Watches closed hours in two ways: load that stays above what is usual at that time of night was left on; and nights that
 * are high as a whole, three in a row, have crept up. Both are one fact, which ends when both have. Estimated intervals say
 * nothing about the shape of a night and do not count.
 */
export function createNightLoad(options: {
  timezone: string;
  expected: UsualLoad['expected'];
  /** With the meter tree, what a sub-meter explains is not said again of the meter above. */
  meters?: readonly Meter[];
  initial?: NightLoadState | undefined;
}): NightLoad {
  const zone = timeZone(options.timezone);
  const stretches = new Map<string, Stretch>();
  for (const [meter, stretch] of Object.entries(options.initial?.meters ?? {}))
    if (isStretch(stretch)) stretches.set(meter, stretch);
  const watches = new Map<string, NightWatch>();
  for (const [meter, watch] of Object.entries(options.initial?.nights ?? {}))
    if (isNightWatch(watch)) watches.set(meter, watch);

  const factOf = (equipment: string, stretch: Stretch, active: boolean): EnergyFact => {
    const [from, to] = [zone.clockTime(stretch.start), zone.clockTime(stretch.end)];
    const [used, usual] = [Math.round(stretch.kWh), Math.round(stretch.usual)];
    const detail = {
      en: `Used ${used} kWh between ${from} and ${to}, usually ${usual}`,
      zh: `${from} 至 ${to} 用电 ${used} kWh，平时为 ${usual} kWh`,
    };
    return { equipment, fault: 'energy-meter.night-load', subject: '', time: stretch.end, active, detail };
  };

  const tree = Map.groupBy(options.meters ?? [], (meter) => meter.parent);
  const childrenOf = (meter: string) => tree.get(meter) ?? [];

  /** Whether sub-meters that are above their own bands make up most of what this meter has too much. */
  const isExplained = (meter: string, stretch: Stretch): boolean => {
    const excess = childrenOf(meter).map((child) => {
      const own = stretches.get(child.id);
      return own ? own.kWh - own.usual : 0;
    });
    return excess.reduce((sum, each) => sum + each, 0) >= explainingShare * (stretch.kWh - stretch.usual);
  };

  const judgeStretch = (interval: Interval, kWh: number): EnergyFact[] => {
    const { equipment, start } = interval;
    const expected = options.expected(equipment, start);
    const before = stretches.get(equipment);
    if (!expected || (before && start < before.end)) return [];
    const above = kWh > expected.high && kWh > expected.kWh * worthwhile;
    if (!before && !(above && zone.slot(start) < closedSlots)) return [];
    const after = follow(before, interval, kWh, expected.kWh, above);
    if (after.calm >= clearAfter || (!after.raised && after.calm > 0)) {
      stretches.delete(equipment);
      const isOver = after.raised && !watches.get(equipment)?.raised;
      return isOver ? [factOf(equipment, after, false)] : [];
    }
    // A meter with sub-meters waits one interval longer, so that they have been judged for the same stretch.
    const patience = childrenOf(equipment).length > 0 ? raiseAfter + 1 : raiseAfter;
    const raise = !after.raised && after.count >= patience && !isExplained(equipment, after);
    stretches.set(equipment, raise ? { ...after, raised: true } : after);
    return raise ? [factOf(equipment, after, true)] : [];
  };

  const judgeNight = ({ equipment, start }: Interval, kWh: number): EnergyFact[] => {
    const slot = zone.slot(start);
    const { watch, verdict } = followNight(watches.get(equipment), zone.localDay(start), slot < closedSlots, kWh);
    watches.set(equipment, watch);
    if (!verdict || (!verdict.active && stretches.get(equipment)?.raised)) return [];
    return [
      {
        equipment,
        fault: 'energy-meter.night-load',
        subject: '',
        time: start,
        active: verdict.active,
        detail: verdict.detail,
      },
    ];
  };

  return {
    interval(interval) {
      const { kWh, status } = interval;
      if (kWh === null || status !== 'measured') return [];
      return [...judgeNight(interval, kWh), ...judgeStretch(interval, kWh)];
    },
    state: () => ({ version: 1, meters: Object.fromEntries(stretches), nights: Object.fromEntries(watches) }),
  };
}

function follow(before: Stretch | undefined, { start }: Interval, kWh: number, usual: number, above: boolean): Stretch {
  const stretch = before ?? { start, end: start, kWh: 0, usual: 0, count: 0, calm: 0, raised: false };
  if (!above) return { ...stretch, calm: stretch.calm + 1 };
  return {
    ...stretch,
    end: start + intervalLength,
    kWh: stretch.kWh + kWh,
    usual: stretch.usual + usual,
    count: stretch.count + 1,
    calm: 0,
  };
}

function isStretch(value: unknown): value is Stretch {
  return typeof value === 'object' && value !== null && 'raised' in value && 'calm' in value;
}
