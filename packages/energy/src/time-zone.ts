const minute = 60_000;
const day = 86_400_000;
/** Every zone in use since 1972 is a whole number of quarter hours from UTC, and changes on one. */
const quarter = 15 * minute;
/** Offsets kept per zone; three years of quarter hours. */
const cacheLimit = 100_000;

export type Step = 'hour' | 'day' | 'month';

/** Calendar arithmetic of one time zone. Instants are ms since 1970 UTC; "local" ms count the zone's wall clock the same way. */
export interface TimeZone {
  readonly name: string;
  /** Milliseconds that the wall clock is ahead of UTC at an instant. */
  offset(instant: number): number;
  toLocal(instant: number): number;
  /** The instant of a wall-clock time; the first of two, and the moment after the leap for one that does not exist. */
  fromLocal(local: number): number;
  /** Days since 1970 on the wall clock. */
  localDay(instant: number): number;
  /** Quarter hour of the wall-clock day, 0 to 95. */
  slot(instant: number): number;
  startOf(step: Step, instant: number): number;
  /** The start of the step that follows the one that holds `instant`. */
  nextStart(step: Step, instant: number): number;
  /** `14:15` */
  clockTime(instant: number): string;
}

const zones = new Map<string, TimeZone>();

/** The zone of an IANA name; throws RangeError for a name that does not exist. */
export function timeZone(name: string): TimeZone {
  let zone = zones.get(name);
  if (!zone) {
    zone = createZone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Whether the platform's tz database has the name. */
export function isTimeZone(name: string): boolean {
  try {
    timeZone(name);
    return true;
  } catch {
    return false;
  }
}

function createZone(name: string): TimeZone {
  const offset = cachedOffset(name);
  const toLocal = (instant: number) => instant + offset(instant);
  const fromLocal = (local: number) => {
    const early = local - offset(local - day);
    const late = local - offset(local + day);
    if (toLocal(early) === local) return early;
    return toLocal(late) === local ? late : early;
  };
  const localStart = (step: Step, local: number) => {
    if (step === 'hour') return Math.floor(local / (60 * minute)) * 60 * minute;
    if (step === 'day') return Math.floor(local / day) * day;
    const date = new Date(local);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  };
  const startOf = (step: Step, instant: number) =>
    step === 'hour'
      ? instant - (((toLocal(instant) % (60 * minute)) + 60 * minute) % (60 * minute))
      : fromLocal(localStart(step, toLocal(instant)));
  return {
    name,
    offset,
    toLocal,
    fromLocal,
    localDay: (instant) => Math.floor(toLocal(instant) / day),
    slot: (instant) => Math.floor((((toLocal(instant) % day) + day) % day) / quarter),
    startOf,
    nextStart(step, instant) {
      if (step === 'hour') return startOf('hour', instant) + 60 * minute;
      const local = localStart(step, toLocal(instant));
      const date = new Date(local);
      const next = step === 'day' ? local + day : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
      return fromLocal(next);
    },
    clockTime: (instant) => new Date(toLocal(instant)).toISOString().slice(11, 16),
  };
}

function cachedOffset(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (instant) => {
    const key = Math.floor(instant / quarter);
    let found = known.get(key);
    if (found === undefined) {
      if (known.size >= cacheLimit) known.clear();
      found = measureOffset(format, key * quarter);
      known.set(key, found);
    }
    return found;
  };
}

function measureOffset(format: Intl.DateTimeFormat, instant: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day: dayOfMonth = 1, hour = 0, minute: minutes = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, dayOfMonth, hour, minutes, second) - instant;
}
