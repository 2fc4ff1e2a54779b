import type { Language } from '@plantroom/model';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** 24-hour clocks in both languages. */
export const locales: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow and a page has hundreds of times, so each is made once. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options });
    formats.set(key, format);
  }
  return format;
}

export interface Place {
  readonly language: Language;
  /** IANA zone of the site; every time on the screen is the site's. */
  readonly timezone: string;
}

function show(time: number, { language, timezone }: Place, options: Intl.DateTimeFormatOptions): string {
  return formatOf(locales[language], { timeZone: timezone, ...options }).format(time);
}

const clock = { hour: '2-digit', minute: '2-digit' } as const;

/** `14:32` */
export function formatClock(time: number, place: Place): string {
  return show(time, place, clock);
}

/** `14:32:05` */
export function formatClockSeconds(time: number, place: Place): string {
  return show(time, place, { ...clock, second: '2-digit' });
}

/** `21 Nov` */
export function formatDay(time: number, place: Place): string {
  return show(time, place, { day: 'numeric', month: 'short' });
}

/** `21 Nov 2026` */
export function formatDate(time: number, place: Place): string {
  return show(time, place, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `Sat 21 Nov` */
export function formatWeekday(time: number, place: Place): string {
  return show(time, place, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** `Nov 2026` */
export function formatMonth(time: number, place: Place): string {
  return show(time, place, { month: 'short', year: 'numeric' });
}

/** `21 Nov 2026, 14:32:05` */
export function formatFull(time: number, place: Place): string {
  return show(time, place, { day: 'numeric', month: 'short', year: 'numeric', ...clock, second: '2-digit' });
}

/** The site's zone and what it is ahead of UTC now: `China Standard Time, UTC+8`. */
export function formatZone(time: number, place: Place): string {
  const named = (timeZoneName: 'long' | 'shortOffset') =>
    formatOf(locales[place.language], { timeZone: place.timezone, timeZoneName })
      .formatToParts(time)
      .find((part) => part.type === 'timeZoneName')?.value ?? place.timezone;
  return [named('long'), named('shortOffset').replace('GMT', 'UTC')].join(place.language === 'zh' ? '，' : ', ');
}

/** The clock alone on the same day, with the day before it otherwise. */
export function formatMoment(time: number, now: number, place: Place): string {
  const isToday = dayStart(time, place.timezone) === dayStart(now, place.timezone);
  return isToday ? formatClock(time, place) : show(time, place, { day: 'numeric', month: 'short', ...clock });
}

const units = {
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
  zh: { s: '秒', min: '分钟', h: '小时', d: '天' },
} as const;

/** A length of time in its largest unit, a few hours with their minutes: `0.8 s`, `22 min`, `1 h 42 min`, `12 h`, `3 d`. */
export function formatSpan(ms: number, language: Language): string {
  const u = units[language];
  const span = Math.max(0, ms);
  if (span < 9_950) return `${(span / second).toFixed(1)} ${u.s}`;
  if (span < minute) return `${Math.floor(span / second)} ${u.s}`;
  if (span < hour) return `${Math.floor(span / minute)} ${u.min}`;
  const minutes = Math.floor((span % hour) / minute);
  if (span < 10 * hour && minutes > 0) return `${Math.floor(span / hour)} ${u.h} ${minutes} ${u.min}`;
  if (span < 2 * day) return `${Math.floor(span / hour)} ${u.h}`;
  return `${Math.floor(span / day)} ${u.d}`;
}

interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function wallParts(time: number, timezone: string): Record<string, number> {
  const parts = formatOf('en-GB', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...clock,
    second: '2-digit',
  }).formatToParts(time);
  return Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
}

/** Milliseconds that the zone's wall clock is ahead of UTC. */
export function zoneOffset(time: number, timezone: string): number {
  const p = wallParts(time, timezone);
  const wall = Date.UTC(p.year ?? 0, (p.month ?? 1) - 1, p.day ?? 1, p.hour ?? 0, p.minute ?? 0, p.second ?? 0);
  return wall - Math.floor(time / second) * second;
}

function instantOf({ year, month, day: date }: Wall, timezone: string): number {
  const wall = Date.UTC(year, month - 1, date);
  const guess = wall - zoneOffset(wall, timezone);
  return wall - zoneOffset(guess, timezone);
}

function wallDay(time: number, timezone: string): Wall {
  const p = wallParts(time, timezone);
  return { year: p.year ?? 0, month: p.month ?? 1, day: p.day ?? 1 };
}

/** The year of the local day that holds `time`. */
export function yearOf(time: number, timezone: string): number {
  return wallDay(time, timezone).year;
}

/** Midnight of the local day that holds `time`, moved by whole local days. */
export function dayStart(time: number, timezone: string, days = 0): number {
  const wall = wallDay(time, timezone);
  return instantOf({ ...wall, day: wall.day + days }, timezone);
}

/** The first midnight of the local month that holds `time`, moved by whole months. */
export function monthStart(time: number, timezone: string, months = 0): number {
  const wall = wallDay(time, timezone);
  return instantOf({ year: wall.year, month: wall.month + months, day: 1 }, timezone);
}
