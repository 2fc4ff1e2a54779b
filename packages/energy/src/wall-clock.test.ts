import { type Interval, intervalLength } from '@plantroom/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare, createMetering, createNightLoad, createUsualLoad, sumsOf, timeZone } from './index.ts';

const hour = 3_600_000;

it('has quarter hours that are those of UTC in every zone', () => {
  const moments = [2000, 2013, 2026].flatMap((year) => [Date.UTC(year, 0, 15), Date.UTC(year, 6, 15)]);
  for (const name of Intl.supportedValuesOf('timeZone')) {
    for (const moment of moments)
      expect([name, Math.abs(timeZone(name).offset(moment) % intervalLength)]).toEqual([name, 0]);
  }
});

it('finds the start of a step at or before any time, and the next one after it', () => {
  const names = [
    'Asia/Shanghai',
    'Asia/Kolkata',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Africa/Cairo',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom('hour' as const, 'day' as const, 'month' as const),
      fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2027, 0) }),
      (name, step, time) => {
        const zone = timeZone(name);
        expect(zone.startOf(step, time)).toBeLessThanOrEqual(time);
        expect(zone.nextStart(step, time)).toBeGreaterThan(time);
      },
    ),
  );
});

it('sets the hours of a short day beside the same hours of the day before', () => {
  const timezone = 'Europe/Berlin';
  const zone = timeZone(timezone);
  const from = Date.parse('2026-03-29T00:00:00+01:00');
  const to = Date.parse('2026-03-30T00:00:00+02:00');
  /** kWh of an interval is the hour of the wall clock. */
  const make = (start: number): Interval => {
    const wall = new Date(zone.toLocal(start)).getUTCHours();
    return { equipment: 'm', start, kWh: wall / 4, status: 'measured', revision: 1 };
  };
  const fill = (first: number, last: number) =>
    Array.from({ length: (last - first) / intervalLength }, (_, index) => make(first + index * intervalLength));
  const intervals = fill(from, to);
  const earlier = fill(from - 24 * hour, from);
  const { items } = compare({
    sums: sumsOf(intervals),
    earlier: sumsOf(earlier),
    by: 'hour',
    from,
    to,
    timezone,
    before: 'day',
  });
  expect(items).toHaveLength(23);
  for (const item of items) expect(item.before).toBe(item.kWh);
});

it('works off 60 days of twelve meters in seconds', () => {
  const timezone = 'Asia/Shanghai';
  const meters = Array.from({ length: 12 }, (_, index) => ({ id: `m-${index}` }));
  const metering = createMetering({ timezone, meters });
  const usual = createUsualLoad({ timezone });
  const nights = createNightLoad({ timezone, expected: usual.expected });
  const start = Date.parse('2026-01-01T00:00:00Z');
  const began = performance.now();
  let count = 0;
  for (let quarter = 0; quarter <= 60 * 96; quarter += 1) {
    for (const { id } of meters) {
      const time = start + quarter * intervalLength;
      const value = 1000 + quarter * 10 + (quarter % 7) * 0.1;
      for (const interval of metering.reading({ equipment: id, time, value, quality: 'good' })) {
        nights.interval(interval);
        usual.add(interval);
        count += 1;
      }
    }
  }
  expect(count).toBe(60 * 96 * 12);
  // Twice the budget, as other tests share the machine.
  expect(performance.now() - began).toBeLessThan(4000);
});
