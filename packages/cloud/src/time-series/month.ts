/** A calendar month in UTC: `start` inclusive, `end` exclusive, ms since 1970. */
export interface Month {
  /** `2026-01`: sorts by time, and names the file. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The month that an instant (ms since 1970 UTC) falls into. */
export function monthOf(time: number): Month {
  const date = new Date(time);
  return monthAt(date.getUTCFullYear(), date.getUTCMonth());
}

/** The month of a name as `monthOf` gives it, or undefined. */
export function monthNamed(name: string): Month | undefined {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name) ?? [];
  return year === undefined ? undefined : monthAt(Number(year), Number(month) - 1);
}

function monthAt(year: number, index: number): Month {
  const name = `${String(year).padStart(4, '0')}-${String(index + 1).padStart(2, '0')}`;
  return { name, start: Date.UTC(year, index), end: Date.UTC(year, index + 1) };
}

/** Cuts items by the month of their time; their order within a month is kept. */
export function splitByMonth<T extends { readonly time: number }>(items: readonly T[]): Map<string, T[]> {
  const parts = new Map<string, T[]>();
  let month: Month | undefined;
  let part: T[] = [];
  for (const item of items) {
    if (!month || item.time < month.start || item.time >= month.end) {
      month = monthOf(item.time);
      part = parts.get(month.name) ?? [];
      parts.set(month.name, part);
    }
    part.push(item);
  }
  return parts;
}
