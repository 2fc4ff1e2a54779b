import type { LocalText } from '@plantroom/model';
import { median } from './usual-load.ts';

/** Fault M16: the median load of the night against the nights of 28 days, more than 15 % up on three in a row. */
const window = 28;
const raiseAfter = 3;
const worthwhile = 1.15;
/** Three standard deviations, from the median absolute deviation. */
const band = 3 * 1.4826;
/** Nights that must be known, and quarter hours that a night must have, before it is judged. */
const enoughNights = 7;
const enoughSlots = 16;

/** The nights of one meter. */
export interface NightWatch {
  /** Local day number of the night that runs, and its quarter hours in kWh so far. */
  readonly day: number;
  readonly slots: readonly number[];
  /** Median quarter hour of each earlier night, kWh. */
  readonly past: readonly (readonly [day: number, kWh: number])[];
  /** Nights in a row that were high. */
  readonly high: number;
  readonly raised: boolean;
}

export interface NightVerdict {
  readonly active: boolean;
  readonly detail: LocalText;
}

/** Takes one quarter hour; a night ends with the first that is outside of it. While it is raised, every high night is told. */
export function followNight(
  before: NightWatch | undefined,
  day: number,
  isNight: boolean,
  kWh: number,
): { watch: NightWatch; verdict: NightVerdict | undefined } {
  const watch = before ?? { day, slots: [], past: [], high: 0, raised: false };
  // A correction of an earlier night comes too late for its verdict.
  if (day < watch.day) return { watch, verdict: undefined };
  const isOver = watch.slots.length > 0 && (!isNight || day !== watch.day);
  const ended = isOver ? endNight(watch) : { watch, verdict: undefined };
  if (!isNight) return ended;
  return { ...ended, watch: { ...ended.watch, day, slots: [...ended.watch.slots, kWh] } };
}

function endNight(watch: NightWatch): { watch: NightWatch; verdict: NightVerdict | undefined } {
  if (watch.slots.length < enoughSlots) return { watch: { ...watch, slots: [] }, verdict: undefined };
  const load = median(watch.slots);
  const nights = watch.past.filter(([day]) => day >= watch.day - window);
  const loads = nights.map(([, each]) => each);
  const usual = median(loads);
  const spread = band * median(loads.map((each) => Math.abs(each - usual)));
  const isHigh = loads.length >= enoughNights && load > usual * worthwhile && load > usual + spread;
  const high = isHigh ? watch.high + 1 : 0;
  const raised = high >= raiseAfter;
  const past = [...nights, [watch.day, load] as const];
  const verdict = raised || watch.raised ? { active: raised, detail: words(high, load, usual) } : undefined;
  return { watch: { day: watch.day, slots: [], past, high, raised }, verdict };
}

/** kWh of a quarter hour as the kW behind it. */
const kW = (kWh: number) => String(Math.round(kWh * 40) / 10);

function words(nights: number, load: number, usual: number): LocalText {
  if (nights === 0) return { en: `Night load back at ${kW(load)} kW`, zh: `夜间负荷恢复至 ${kW(load)} kW` };
  return {
    en: `Night load ${kW(load)} kW for ${nights} nights, usually ${kW(usual)} kW`,
    zh: `连续 ${nights} 晚夜间负荷 ${kW(load)} kW，平时 ${kW(usual)} kW`,
  };
}

export function isNightWatch(value: unknown): value is NightWatch {
  return typeof value === 'object' && value !== null && 'past' in value && 'slots' in value && 'high' in value;
}
