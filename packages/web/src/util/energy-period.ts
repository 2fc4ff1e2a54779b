import { day, dayStart, formatDate, formatDay, monthStart, type Place, yearOf } from './time.ts';

export const steps = ['hour', 'day', 'month'] as const;
export type Step = (typeof steps)[number];

/** The lengths that are offered for each step; the first is shown before anybody chooses. */
export const spans = {
  hour: ['1', '2', '7'],
  day: ['30', '60', '7'],
  month: ['12m', '6m'],
} as const satisfies Record<Step, readonly string[]>;
export type Span = (typeof spans)[Step][number];

export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The window of a span, `back` windows before the present one, on the site's midnights. The present one holds today (or
 * this month).
 */
export function windowOf(span: Span, back: number, now: number, timezone: string): Window {
  const count = Number.parseInt(span, 10);
  if (span.endsWith('m'))
    return {
      from: monthStart(now, timezone, 1 - count * (back + 1)),
      to: monthStart(now, timezone, 1 - count * back),
    };
  return {
    from: dayStart(now, timezone, 1 - count * (back + 1)),
    to: dayStart(now, timezone, 1 - count * back),
  };
}

/** An instant in the last day that a window holds, for its name: the window's end is exclusive. */
function lastDayOf({ to }: Window): number {
  return to - day / 2;
}

export interface NamedWindow {
  readonly first: string;
  /** The last day that it holds; the same as the first for a window of one day. */
  readonly last: string;
}

/** Windows by their first and last days; with their years if they do not all lie in one year. */
export function nameWindows(windows: readonly Window[], place: Place): NamedWindow[] {
  const years = windows.flatMap((each) => [each.from, lastDayOf(each)]).map((time) => yearOf(time, place.timezone));
  const format = new Set(years).size > 1 ? formatDate : formatDay;
  return windows.map((each) => ({ first: format(each.from, place), last: format(lastDayOf(each), place) }));
}
