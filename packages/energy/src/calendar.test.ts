import { type Interval, intervalLength } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { aggregate, compare, periodBefore, sumsOf } from './aggregate.ts';
import { timeZone } from './time-zone.ts';

const at = (text: string) => Date.parse(text);

function flat(from: number, to: number, kWh: number): Interval[] {
  const intervals: Interval[] = [];
  for (let start = from; start < to; start += intervalLength)
    intervals.push({ equipment: 'm', start, kWh, status: 'measured', revision: 1 });
  return intervals;
}

describe('time zones', () => {
  it('find the start of hour, day and month, half-hour zones too', () => {
    const shanghai = timeZone('Asia/Shanghai');
    expect(shanghai.startOf('day', at('2026-03-01T17:30:00Z'))).toBe(at('2026-03-01T16:00:00Z'));
    expect(shanghai.startOf('month', at('2026-03-31T17:30:00Z'))).toBe(at('2026-03-31T16:00:00Z'));
    expect(timeZone('Asia/Kolkata').startOf('hour', at('2026-03-01T10:15:00Z'))).toBe(at('2026-03-01T09:30:00Z'));
    expect(timeZone('Asia/Kathmandu').clockTime(at('2026-03-01T00:00:00Z'))).toBe('05:45');
  });

  it('know days of 23 and 25 hours', () => {
    const berlin = timeZone('Europe/Berlin');
    const spring = berlin.startOf('day', at('2026-03-29T12:00:00Z'));
    expect(berlin.nextStart('day', spring) - spring).toBe(23 * 3_600_000);
    const autumn = berlin.startOf('day', at('2026-10-25T12:00:00Z'));
    expect(berlin.nextStart('day', autumn) - autumn).toBe(25 * 3_600_000);
  });

  it('give the repeated hour two steps', () => {
    const steps = aggregate([], {
      by: 'hour',
      from: at('2026-10-24T22:00:00Z'),
      to: at('2026-10-25T23:00:00Z'),
      timezone: 'Europe/Berlin',
    });
    expect(steps).toHaveLength(25);
  });

  it('refuse a zone that does not exist', () => {
    expect(() => timeZone('Mars/Olympus')).toThrowError(RangeError);
  });
});

describe('consumption by step', () => {
  const timezone = 'Asia/Shanghai';
  const from = at('2026-03-02T00:00:00+08:00');
  const to = at('2026-03-04T00:00:00+08:00');

  it('sums days of the wall clock and states what is missing or estimated', () => {
    const intervals = flat(from, to, 1).filter(
      (i) => i.start < from + 90 * intervalLength || i.start >= from + 96 * intervalLength,
    );
    const [first, second] = aggregate(
      sumsOf(intervals.map((i, n) => (n === 0 ? { ...i, status: 'estimated' as const } : i))),
      { by: 'day', from, to, timezone },
    );
    expect(first).toMatchObject({ start: from, kWh: 90, completeness: 90 / 96, estimated: 1 / 90 });
    expect(second).toMatchObject({ kWh: 96, completeness: 1, estimated: 0 });
  });

  it('keeps a step without figures empty', () => {
    expect(aggregate([], { by: 'day', from, to, timezone })[0]).toMatchObject({ kWh: null, completeness: 0 });
  });

  it('compares with the period before, over the steps that both have', () => {
    const past = periodBefore({ from, to, before: 'week', timezone });
    expect(past.from).toBe(from - 7 * 86_400_000);
    const result = compare({
      sums: sumsOf(flat(from, to, 2)),
      earlier: sumsOf(flat(past.from, past.from + 86_400_000, 1)),
      by: 'day',
      from,
      to,
      timezone,
      before: 'week',
    });
    expect(result.items.map((i) => [i.kWh, i.before])).toEqual([
      [192, 96],
      [192, null],
    ]);
    expect(result.total).toEqual({ kWh: 192, before: 96, change: 1 });
  });

  it('sets a short month beside a long one', () => {
    const march = { from: at('2026-03-01T00:00:00Z'), to: at('2026-04-01T00:00:00Z') };
    expect(periodBefore({ ...march, before: 'month', timezone: 'UTC' })).toEqual({
      from: at('2026-02-01T00:00:00Z'),
      to: at('2026-03-01T00:00:00Z'),
    });
  });
});
