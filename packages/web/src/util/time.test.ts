import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  day,
  dayStart,
  formatClock,
  formatMoment,
  formatSpan,
  formatZone,
  hour,
  minute,
  monthStart,
  zoneOffset,
} from './time.ts';

const shanghai = 'Asia/Shanghai';
const berlin = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);

describe('days of a site', () => {
  test('begin at its own midnight', () => {
    expect(dayStart(at('2026-11-21T17:30:00Z'), shanghai)).toBe(at('2026-11-21T16:00:00Z'));
    expect(dayStart(at('2026-11-21T15:30:00Z'), shanghai)).toBe(at('2026-11-20T16:00:00Z'));
  });

  test('have 23 and 25 hours when the clocks change', () => {
    const spring = at('2026-03-29T10:00:00Z');
    expect(dayStart(spring, berlin, 1) - dayStart(spring, berlin)).toBe(23 * hour);
    const autumn = at('2026-10-25T10:00:00Z');
    expect(dayStart(autumn, berlin, 1) - dayStart(autumn, berlin)).toBe(25 * hour);
  });

  test('months begin at the first midnight, over the turn of a year too', () => {
    expect(monthStart(at('2026-01-15T00:00:00Z'), shanghai, -1)).toBe(at('2025-11-30T16:00:00Z'));
    expect(monthStart(at('2026-12-15T00:00:00Z'), shanghai, 1)).toBe(at('2026-12-31T16:00:00Z'));
  });

  test('hold their own instant, and the day before ends where the next begins', () => {
    const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
    fc.assert(
      fc.property(instants, fc.constantFrom(shanghai, berlin, 'America/New_York', 'UTC'), (time, zone) => {
        const start = dayStart(time, zone);
        expect(start).toBeLessThanOrEqual(time);
        expect(dayStart(time, zone, 1)).toBeGreaterThan(time);
        expect(dayStart(start - 1, zone, 1)).toBe(start);
        expect(dayStart(start, zone)).toBe(start);
      }),
      { numRuns: 200 },
    );
  });

  test('offsets are those of the zone', () => {
    expect(zoneOffset(at('2026-07-01T00:00:00Z'), berlin)).toBe(2 * hour);
    expect(zoneOffset(at('2026-01-01T00:00:00Z'), berlin)).toBe(hour);
  });
});

describe('times and spans', () => {
  const place = { language: 'en', timezone: shanghai } as const;

  test('are shown in the zone of the site', () => {
    expect(formatClock(at('2026-11-21T06:32:00Z'), place)).toBe('14:32');
    expect(formatMoment(at('2026-11-21T06:32:00Z'), at('2026-11-21T09:00:00Z'), place)).toBe('14:32');
    expect(formatMoment(at('2026-11-22T06:32:00Z'), at('2026-11-21T09:00:00Z'), place)).toContain('22 Nov');
  });

  test('name the zone of the site once, in the language of the screen', () => {
    const noon = at('2026-11-21T04:00:00Z');
    expect(formatZone(noon, place)).toBe('China Standard Time, UTC+8');
    expect(formatZone(noon, { language: 'zh', timezone: shanghai })).toBe('中国标准时间，UTC+8');
    expect(formatZone(at('2026-07-01T04:00:00Z'), { language: 'en', timezone: berlin })).toContain('UTC+2');
  });

  test.each([
    [800, '0.8 s', '0.8 秒'],
    [9_960, '9 s', '9 秒'],
    [59_999, '59 s', '59 秒'],
    [22 * minute, '22 min', '22 分钟'],
    [hour + 42 * minute, '1 h 42 min', '1 小时 42 分钟'],
    [9 * hour, '9 h', '9 小时'],
    [10 * hour + 42 * minute, '10 h', '10 小时'],
    [47 * hour, '47 h', '47 小时'],
    [3 * day, '3 d', '3 天'],
    [-5, '0.0 s', '0.0 秒'],
  ])('%i ms is %s', (span, en, zh) => {
    expect(formatSpan(span, 'en')).toBe(en);
    expect(formatSpan(span, 'zh')).toBe(zh);
  });
});
