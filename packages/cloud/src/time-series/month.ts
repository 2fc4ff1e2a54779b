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

/** The months that instants fall into, in the order of their first. */
export function monthsOf(times: Float64Array): Month[] {
  const months: Month[] = [];
  let month: Month | undefined;
  for (const time of times) {
    if (month && time >= month.start && time < month.end) continue;
    month = months.find((m) => time >= m.start && time < m.end);
    if (month) continue;
    month = monthOf(time);
    months.push(month);
  }
  return months;
}
