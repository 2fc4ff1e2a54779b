const hour = 3_600_000;
const year = /^(?<y>\d{4})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})(?:[T\s]+(?<time>.+))?$/i;
const compact = /^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})T(?<h>\d{2})(?<i>\d{2})(?<s>\d{2})?(?<zone>Z)?$/i;
const numeric = /^(?<a>\d{1,2})(?<mark>[-/.])(?<b>\d{1,2})\k<mark>(?<y>\d{4}|\d{2})(?:[T,\s]+(?<time>.+))?$/i;
const named = /^(?<d>\d{1,2})[-\s](?<name>[a-z]{3})[a-z]*[-\s](?<y>\d{4}|\d{2})(?:[,\s]+(?<time>.+))?$/i;
const clock =
  /^(?<h>\d{1,2}):(?<i>\d{2})(?::(?<s>\d{2})(?:[.,](?<f>\d+))?)?\s*(?<half>[ap]m)?\s*(?<zone>Z|UTC|GMT|[-+]\d{2}:?(?:\d{2})?)?$/i;
const epoch = /^\d+(?:\.\d+)?$/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What a column of times has to agree on; found out by `TimeSurvey`. */
export interface TimeFormat {
  /** `01/02/2018` is the first of February. */
  readonly dayFirst: boolean;
  /** Milliseconds in one unit of an epoch. */
  readonly epochUnit: number;
}

/** The moment in a cell in ms since 1970, undefined when it holds none. Without a zone it is taken as UTC. */
export function timeIn(cell: string, { dayFirst, epochUnit }: TimeFormat): number | undefined {
  if (epoch.test(cell)) return inRange(Number(cell) * epochUnit);
  const parts = year.exec(cell)?.groups;
  if (parts) return moment(parts.y, parts.m, parts.d, parts.time);
  const tight = compact.exec(cell)?.groups;
  if (tight) return moment(tight.y, tight.m, tight.d, `${tight.h}:${tight.i}:${tight.s ?? '00'}`);
  const both = numeric.exec(cell)?.groups;
  if (both) {
    const [day, month] = dayFirst || both.mark === '.' ? [both.a, both.b] : [both.b, both.a];
    return moment(both.y, month, day, both.time);
  }
  const words = named.exec(cell)?.groups;
  if (!words) return undefined;
  return moment(words.y, String(months.indexOf((words.name ?? '').toLowerCase()) + 1), words.d, words.time);
}

function moment(y = '', m = '', d = '', time = '00:00'): number | undefined {
  const [month, day] = [Number(m), Number(d)];
  const date = Date.UTC(y.length === 2 ? 2000 + Number(y) : Number(y), month - 1, day);
  const given = new Date(date);
  const ofDay = timeOfDay(time.trim());
  if (given.getUTCMonth() !== month - 1 || given.getUTCDate() !== day || ofDay === undefined) return undefined;
  return inRange(date + ofDay);
}

function timeOfDay(text: string): number | undefined {
  const parts = clock.exec(text)?.groups;
  if (!parts) return undefined;
  const [h, minutes, seconds] = [Number(parts.h), Number(parts.i), Number(parts.s ?? 0)];
  const hours = parts.half ? (h % 12) + (parts.half.toLowerCase() === 'pm' ? 12 : 0) : h;
  // 24:00 ends a day; a leap second has the number 60.
  if (hours > 24 || minutes > 59 || seconds > 60) return undefined;
  const fraction = parts.f ? Number(`0.${parts.f}`) : 0;
  const zone = /^(?<sign>[-+])(?<h>\d{2}):?(?<m>\d{2})?$/.exec(parts.zone ?? '')?.groups;
  const offset = zone ? (Number(zone.h) + Number(zone.m ?? 0) / 60) * (zone.sign === '-' ? -1 : 1) : 0;
  return Math.round((hours - offset) * hour + minutes * 60_000 + (seconds + fraction) * 1000);
}

function inRange(time: number): number | undefined {
  return Math.abs(time) <= 8.64e15 ? time : undefined;
}

/** What one reading of ambiguous dates leads to. */
class Reading {
  impossible = 0;
  backwards = 0;
  longestGap = 0;
  #last = Number.NaN;

  add(time: number | undefined): void {
    if (time === undefined) this.impossible++;
    else {
      if (time < this.#last) this.backwards++;
      if (time - this.#last > this.longestGap) this.longestGap = time - this.#last;
      this.#last = time;
    }
  }
}

/** Seconds until the year 5138, then the same in milli-, micro- and nanoseconds: 0 to 3. */
function unitOf(epoch: number): number {
  const unit = [1e11, 1e14, 1e17].findIndex((limit) => epoch < limit);
  return unit < 0 ? 3 : unit;
}

/** Looks through the head of a column of times, cell by cell, for what its cells have to agree on. */
export class TimeSurvey {
  readonly #dayFirst = new Reading();
  readonly #monthFirst = new Reading();
  #ambiguous = 0;
  /** Numbers, by whether they are seconds, milli-, micro- or nanoseconds. */
  readonly #epochs = [0, 0, 0, 0];
  #zoneless = 0;
  #seen = 0;

  add(cell: string): void {
    if (cell === '') return;
    this.#seen++;
    if (epoch.test(cell)) this.#countEpoch(cell);
    else if (!/(?:Z|UTC|GMT|\d[-+]\d{2}:?(?:\d{2})?)$/i.test(cell) || !cell.includes(':')) this.#zoneless++;
    const parts = numeric.exec(cell)?.groups;
    if (!parts || parts.mark === '.') return;
    this.#ambiguous++;
    this.#dayFirst.add(timeIn(cell, { dayFirst: true, epochUnit: 1 }));
    this.#monthFirst.add(timeIn(cell, { dayFirst: false, epochUnit: 1 }));
  }

  #countEpoch(cell: string): void {
    const unit = unitOf(Number(cell));
    this.#epochs[unit] = (this.#epochs[unit] ?? 0) + 1;
  }

  get format(): TimeFormat {
    // What most are: a single odd one is no time then.
    const unit = this.#epochs.indexOf(Math.max(...this.#epochs));
    return { dayFirst: this.#judge().dayFirst, epochUnit: 1000 / 1000 ** unit };
  }

  /** What was decided, for the person who asked. */
  get said(): string[] {
    const said: string[] = [];
    if (this.#zoneless > 0) said.push('times have no zone and are taken as UTC');
    if (this.#epochs.some((count) => count > 0))
      said.push(`times are numbers, taken as ${this.#unitName()} since 1970`);
    if (this.#ambiguous === 0) return said;
    const { dayFirst, why } = this.#judge();
    return [...said, `dates such as 01/02/2018 are read ${dayFirst ? 'day' : 'month'} first: ${why}`];
  }

  /** Whether no cell of the column is a time in any reading. */
  get empty(): boolean {
    return this.#seen === 0;
  }

  #unitName(): string {
    const { epochUnit } = this.format;
    return { 1000: 'seconds', 1: 'milliseconds', 0.001: 'microseconds' }[epochUnit] ?? 'nanoseconds';
  }

  #judge(): { dayFirst: boolean; why: string } {
    const [day, month] = [this.#dayFirst, this.#monthFirst];
    const compare = (what: 'impossible' | 'backwards' | 'longestGap', why: string) =>
      day[what] === month[what] ? undefined : { dayFirst: day[what] < month[what], why };
    return (
      compare('impossible', 'otherwise some would have a month beyond 12') ??
      compare('backwards', 'otherwise the times would run backwards more often') ??
      compare('longestGap', 'otherwise there would be longer gaps') ?? {
        dayFirst: true,
        why: 'nothing in the column tells; write dates as 2018-02-01 to be sure',
      }
    );
  }
}
