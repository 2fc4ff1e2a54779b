const hour = 3_600_000;
/** Asia/Shanghai has kept UTC+8 without summer time since 1992. */
const offset = 8 * hour;
export const day = 24 * hour;
export const quarter = 15 * 60_000;

/** The wall clock in Shanghai at an instant (milliseconds since 1970). */
export interface LocalTime {
  year: number;
  month: number;
  date: number;
  /** 0 Sunday to 6 Saturday. */
  weekday: number;
  /** Hour of the day with fractions, 0 to 24. */
  hour: number;
  /** Days since 1970-01-01 local. */
  dayNumber: number;
  /** Day of the year with fractions, 0 to 366. */
  dayOfYear: number;
}

export function localTime(at: number): LocalTime {
  const shifted = at + offset;
  const dayNumber = Math.floor(shifted / day);
  const date = new Date(shifted);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: (shifted - dayNumber * day) / hour,
    dayNumber,
    dayOfYear: (shifted - yearStart) / day,
  };
}

/** The instant of a local time of day, `hours` after local midnight of the day that contains `at`. */
export function atLocalHour(at: number, hours: number): number {
  return Math.floor((at + offset) / day) * day - offset + hours * hour;
}

/** First days of the lunar year, as month and day; the public holiday runs from the eve to the seventh day. */
const lunarNewYears: Readonly<Record<number, readonly [number, number]>> = {
  2024: [2, 10],
  2025: [1, 29],
  2026: [2, 17],
  2027: [2, 6],
  2028: [1, 26],
  2029: [2, 13],
  2030: [2, 3],
  2031: [1, 23],
  2032: [2, 11],
};

/** Chinese public holidays that move a building's load: New Year, Spring Festival, Labour Day, National Day week. */
export function isHoliday(time: LocalTime): boolean {
  const { month, date } = time;
  if (month === 1 && date === 1) return true;
  if (month === 5 && date <= 5) return true;
  if (month === 10 && date <= 7) return true;
  const spring = lunarNewYears[time.year];
  if (!spring) return false;
  const days = time.dayNumber - Date.UTC(time.year, spring[0] - 1, spring[1]) / day;
  return days >= -1 && days <= 6;
}

/** True on Monday to Friday outside the holidays. */
export function isWorkingDay(time: LocalTime): boolean {
  return time.weekday >= 1 && time.weekday <= 5 && !isHoliday(time);
}
