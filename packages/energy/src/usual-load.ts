import { timeZone } from './time-zone.ts';
import type { Expected, UsualLoad, UsualState } from './types.ts';

type Slots = (number | null)[];

/** How far back "usual" reaches, in days. */
const window = 28;
/** Days of the same kind that are needed before anything is expected. */
const enoughDays = 5;
/** A normal distribution's standard deviation over its median absolute deviation. */
const madToSigma = 1.4826;
/** Width of the band in standard deviations, and its least width as a share of the expected value. */
const bandSigmas = 3;
const leastBand = 0.08;

/** Saturday and Sunday; 1970-01-01 was a Thursday. */
export function isRestDay(localDay: number): boolean {
  const weekday = (((localDay + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}

/** What each quarter hour of a meter usually is: the median of the same slot on days of the same kind, with its MAD. */
export function createUsualLoad(options: { timezone: string; initial?: UsualState | undefined }): UsualLoad {
  const zone = timeZone(options.timezone);
  const meters = new Map<string, Map<number, Slots>>();
  for (const [meter, days] of Object.entries(options.initial?.meters ?? {}))
    meters.set(meter, new Map(days.map(([day, slots]) => [day, [...slots]])));

  return {
    add({ equipment, start, kWh, status, revision }) {
      // An interval of another time was taken back.
      const known = status === 'missing' && revision > 1 ? meters.get(equipment)?.get(zone.localDay(start)) : undefined;
      if (known) known[zone.slot(start)] = null;
      if (status !== 'measured' || kWh === null) return;
      const days = meters.get(equipment) ?? new Map<number, Slots>();
      meters.set(equipment, days);
      const day = zone.localDay(start);
      const slots = days.get(day) ?? new Array<number | null>(96).fill(null);
      slots[zone.slot(start)] = kWh;
      if (days.has(day)) return;
      days.set(day, slots);
      const newest = Math.max(...days.keys());
      for (const known of days.keys()) if (known < newest - window - 1) days.delete(known);
    },
    expected(meter, start) {
      const days = meters.get(meter);
      if (!days) return undefined;
      const day = zone.localDay(start);
      const slot = zone.slot(start);
      const values: number[] = [];
      for (const [known, slots] of days) {
        const value = slots[slot];
        if (known < day && known >= day - window && isRestDay(known) === isRestDay(day) && value != null)
          values.push(value);
      }
      return values.length < enoughDays ? undefined : band(values);
    },
    state: () => ({
      version: 1,
      meters: Object.fromEntries(
        [...meters].map(([meter, days]) => [meter, [...days].map(([d, s]) => [d, [...s]] as const)]),
      ),
    }),
  };
}

function band(values: number[]): Expected {
  const middle = median(values);
  const deviation = median(values.map((v) => Math.abs(v - middle)));
  const half = Math.max(bandSigmas * madToSigma * deviation, leastBand * middle);
  return { kWh: middle, low: Math.max(0, middle - half), high: middle + half };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
