import { compare, type IntervalSum, type PeriodBefore, periodBefore, sumsOf, timeZone } from '@plantroom/energy';
import { intervalLength } from '@plantroom/model';
import type { Consumption, IntervalView } from '@plantroom/model/api';
import { ExpectedBands, type ReadIntervals } from './expected-band.ts';

const day = 86_400_000;

export type ReadDays = (
  site: string,
  equipment: string,
  days: { readonly from: number; readonly to: number; readonly timezone: string },
) => Promise<readonly IntervalSum[]>;

/** What is asked of one meter. */
interface Asked {
  readonly site: string;
  readonly equipment: string;
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
}

export interface EnergyFiguresOptions {
  readonly read: ReadIntervals;
  /** Sums of days of a zone that begin in the range, the last of which may be of a day that is not over. */
  readonly readDays: ReadDays;
  /** The site's time zone. */
  readonly timezoneOf: (site: string) => string;
}

/** Intervals and consumption as the energy manager reads them. */
export class EnergyFigures {
  readonly #options: EnergyFiguresOptions;
  readonly #bands: ExpectedBands;

  constructor(options: EnergyFiguresOptions) {
    this.#options = options;
    this.#bands = new ExpectedBands(options.read);
  }

  /** Intervals with from <= start < to, each with what was usual at that time of the week. */
  async intervals(site: string, equipment: readonly string[], from: number, to: number): Promise<IntervalView[]> {
    const timezone = this.#options.timezoneOf(site);
    const rows = await this.#options.read(site, equipment, from, to);
    const bands = new Map<string, Awaited<ReturnType<ExpectedBands['of']>>>();
    for (const meter of equipment) bands.set(meter, await this.#bands.of(site, meter, from, to, timezone));
    return rows.map((row) => ({ ...row, site, expected: bands.get(row.equipment)?.get(row.start) ?? null }));
  }

  /** One meter by hour, day or month, each step beside the same step of the period before. */
  async consumption(
    site: string,
    equipment: string,
    by: Consumption['by'],
    from: number,
    to: number,
  ): Promise<Consumption> {
    const timezone = this.#options.timezoneOf(site);
    const before = naturalPeriod(to - from);
    const past = periodBefore({ from, to, before, timezone });
    const whole = by === 'hour' ? undefined : await this.#lastDay({ site, equipment, from, to, timezone });
    const sums = await this.#sums({ site, equipment, from, to, timezone, whole });
    const wholeBefore = whole === undefined ? undefined : periodBefore({ from: whole, to, before, timezone }).from;
    const earlier = await this.#sums({ site, equipment, ...past, timezone, whole: wholeBefore });
    const period = { sums, earlier, by, from, before, timezone };
    const { items, beforeFrom, beforeTo } = compare({ ...period, to });
    // A period that is not over is compared with as much of the one before, not with all of it.
    const { total } = compare({ ...period, to: Math.min(to, endOfFigures(sums, from)) });
    return { site, equipment, by, from, to, beforeFrom, beforeTo, total, items: [...items] };
  }

  /** Changes may have been missed. */
  forget(): void {
    this.#bands.forgetAll();
  }

  /** The start of the last day with a figure: it may not be over. Undefined when no days can be had. */
  async #lastDay({ site, equipment, from, to, timezone }: Asked): Promise<number | undefined> {
    if (timeZone(timezone).startOf('day', from) !== from) return undefined;
    const days = await this.#options.readDays(site, equipment, { from, to, timezone });
    return days.at(-1)?.start;
  }

  /** Sums of days up to the start of `whole`, then single intervals. */
  async #sums({ site, equipment, from, to, timezone, whole = from }: Asked & { whole?: number | undefined }) {
    const { read, readDays } = this.#options;
    const days = whole > from ? await readDays(site, equipment, { from, to: whole, timezone }) : [];
    return [...days, ...sumsOf(await read(site, [equipment], whole, to))];
  }

  /** Intervals of these meters are new: what was learned from the old ones no longer holds. */
  intervalsChanged(site: string, meters: readonly string[]): void {
    this.#bands.forget(site, meters);
  }
}

/** The end of the last interval that has a figure (the last day is there in intervals); `from` when there is none. */
function endOfFigures(sums: readonly IntervalSum[], from: number): number {
  return sums.reduce((end, sum) => Math.max(end, sum.start + intervalLength), from);
}

/** The calendar period that a span is compared with: a day with the day before, a few with the week before, and so on. */
export function naturalPeriod(span: number): PeriodBefore {
  // An hour more than a day and the like: the clocks may change within the span.
  if (span <= 1.1 * day) return 'day';
  if (span <= 7.1 * day) return 'week';
  return span <= 31.1 * day ? 'month' : 'year';
}
