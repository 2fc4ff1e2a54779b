import { type Interval, intervalLength } from '@plantroom/model';
import { timeZone } from './time-zone.ts';
import type { ConsumptionStep, PeriodBefore, Step } from './types.ts';

export interface Period {
  /** Inclusive, ms since 1970 UTC. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly timezone: string;
}

/** What intervals that begin in one stretch of time add up to; a single interval is one such sum. */
export interface IntervalSum {
  readonly start: number;
  readonly kWh: number;
  /** Intervals with a figure. */
  readonly figures: number;
  /** kWh of it that are estimated. */
  readonly estimated: number;
}

/** The intervals that have a figure, each as a sum. */
export function sumsOf(intervals: readonly Pick<Interval, 'start' | 'kWh' | 'status'>[]): IntervalSum[] {
  return intervals.flatMap(({ start, kWh, status }) =>
    kWh === null ? [] : [{ start, kWh, figures: 1, estimated: status === 'estimated' ? kWh : 0 }],
  );
}

/**
 * Sums up by hour, day or month of the site's wall clock; what goes in must not be longer than a step. The first and last step
 * are cut at the period's ends.
 */
export function aggregate(parts: readonly IntervalSum[], options: Period & { by: Step }): ConsumptionStep[] {
  const steps = stepsOf(options);
  const sums = steps.map(() => ({ kWh: 0, figures: 0, estimated: 0 }));
  let at = 0;
  for (const { start, kWh, figures, estimated } of [...parts].sort((a, b) => a.start - b.start)) {
    if (start < options.from || start >= options.to) continue;
    while (start >= (steps[at]?.end ?? Number.POSITIVE_INFINITY)) at++;
    const sum = sums[at];
    if (!sum) break;
    sum.kWh += kWh;
    sum.figures += figures;
    sum.estimated += estimated;
  }
  return steps.map(({ start, end }, i) => {
    const { kWh = 0, figures = 0, estimated = 0 } = sums[i] ?? {};
    const expected = Math.max(1, Math.round((end - start) / intervalLength));
    return {
      start,
      end,
      kWh: figures === 0 ? null : kWh,
      completeness: Math.min(1, figures / expected),
      estimated: kWh === 0 ? 0 : estimated / kWh,
    };
  });
}

function stepsOf({ from, to, by, timezone }: Period & { by: Step }): { start: number; end: number }[] {
  const zone = timeZone(timezone);
  const steps: { start: number; end: number }[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, zone.nextStart(by, start));
    steps.push({ start, end });
    start = end;
  }
  return steps;
}

/** The same stretch of the wall clock one day, week, month or year earlier. */
export function periodBefore(options: Period & { before: PeriodBefore }): { from: number; to: number } {
  const zone = timeZone(options.timezone);
  const earlier = (instant: number) => zone.fromLocal(shift(zone.toLocal(instant), options.before));
  return { from: earlier(options.from), to: earlier(options.to) };
}

const dayLength = 86_400_000;

function shift(local: number, before: PeriodBefore): number {
  if (before === 'day') return local - dayLength;
  if (before === 'week') return local - 7 * dayLength;
  const date = new Date(local);
  const months = before === 'month' ? 1 : 12;
  const monthStart = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1);
  const monthEnd = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months + 1, 1);
  // 31 March has no counterpart in February: it ends where February ends.
  return Math.min(monthStart + (local - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)), monthEnd);
}

export interface Comparison {
  readonly beforeFrom: number;
  readonly beforeTo: number;
  readonly total: { readonly kWh: number; readonly before: number | null; readonly change: number | null };
  readonly items: (ConsumptionStep & { readonly before: number | null })[];
}

/** Consumption beside the period before, step by step; the totals cover only steps that both periods have. */
export function compare(
  options: Period & { sums: readonly IntervalSum[]; earlier: readonly IntervalSum[]; by: Step; before: PeriodBefore },
): Comparison {
  const past = periodBefore(options);
  const zone = timeZone(options.timezone);
  const earlier = new Map(aggregate(options.earlier, { ...options, ...past }).map((step) => [step.start, step.kWh]));
  // By the wall clock and not by number: a day of 23 or 25 hours must not set every later hour beside the wrong one.
  const items = aggregate(options.sums, options).map((step) => {
    const counterpart = zone.fromLocal(shift(zone.toLocal(step.start), options.before));
    const before = earlier.get(counterpart) ?? null;
    // The repeated hour of autumn has one counterpart, which the first of the two takes.
    earlier.delete(counterpart);
    return { ...step, before };
  });
  const both = items.filter((i) => i.kWh !== null && i.before !== null);
  const counted = both.length > 0 ? both : items;
  const kWh = counted.reduce((sum, i) => sum + (i.kWh ?? 0), 0);
  const before = both.length > 0 ? both.reduce((sum, i) => sum + (i.before ?? 0), 0) : null;
  const change = before === null || before === 0 ? null : (kWh - before) / before;
  return { beforeFrom: past.from, beforeTo: past.to, total: { kWh, before, change }, items };
}
