import { aggregate, sumsOf } from '@plantroom/energy';
import { type Interval, intervalLength } from '@plantroom/model';
import { expect, test } from 'vitest';
import { EnergyFigures, naturalPeriod } from './energy-figures.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Monday 2 November 2026, midnight in Shanghai. */
const monday = Date.UTC(2026, 10, 1, 16);

/** 40 kWh an hour by day, 8 by night; `factor` by the day's number counted from Monday. */
function load(fromDay: number, toDay: number, factor: (d: number) => number = () => 1): Interval[] {
  const intervals: Interval[] = [];
  for (let start = monday + fromDay * day; start < monday + toDay * day; start += intervalLength) {
    const d = Math.floor((start - monday) / day);
    const hourOfDay = (((start - monday) % day) + day) % day;
    const kWh = (hourOfDay >= 8 * hour && hourOfDay < 20 * hour ? 10 : 2) * factor(d);
    intervals.push({ equipment: 'main-meter', start, kWh, status: 'measured', revision: 1 });
  }
  return intervals;
}

function figuresOver(stored: Interval[], hasDays = true) {
  let reads = 0;
  const figures = new EnergyFigures({
    timezoneOf: () => 'Asia/Shanghai',
    read: async (_site, equipment, from, to) => {
      reads++;
      return stored.filter((i) => equipment.includes(i.equipment) && from <= i.start && i.start < to);
    },
    readDays: async (_site, _equipment, { from, to, timezone }) =>
      hasDays
        ? aggregate(sumsOf(stored), { by: 'day', from, to, timezone }).flatMap(
            ({ start, kWh, completeness, estimated }) =>
              kWh === null ? [] : [{ start, kWh, figures: Math.round(completeness * 96), estimated: estimated * kWh }],
          )
        : [],
  });
  return { figures, reads: () => reads };
}

test('what is usual is learned from the four weeks before, by the time of the day', async () => {
  const { figures } = figuresOver(load(-28, 1));
  const items = await figures.intervals('tower', ['main-meter'], monday, monday + day);
  expect(items).toHaveLength(96);
  expect(items[4 * 12]).toMatchObject({ site: 'tower', kWh: 10, expected: { kWh: expect.closeTo(10, 1) } });
  expect(items[4 * 2]?.expected?.kWh).toBeCloseTo(2, 1);
});

test('a day that is out of the ordinary lies outside its band and does not move it', async () => {
  const { figures } = figuresOver(load(-28, 1, (d) => (d === 0 ? 3 : 1)));
  const noon = (await figures.intervals('tower', ['main-meter'], monday, monday + day))[4 * 12];
  expect(noon?.kWh).toBeGreaterThan(noon?.expected?.high ?? Number.POSITIVE_INFINITY);
  expect(noon?.expected?.kWh).toBeCloseTo(10, 1);
});

test('without enough history nothing is expected', async () => {
  const { figures } = figuresOver(load(-2, 1));
  const items = await figures.intervals('tower', ['main-meter'], monday, monday + day);
  expect(items.every((i) => i.expected === null)).toBe(true);
});

test('the band is kept until new intervals of its meter come', async () => {
  const stored = load(-28, 1);
  const { figures, reads } = figuresOver(stored);
  const ask = () => figures.intervals('tower', ['main-meter'], monday, monday + day);
  await ask();
  expect(reads()).toBe(2);
  await ask();
  expect(reads()).toBe(3);
  figures.intervalsChanged('tower', ['main-meter']);
  await ask();
  expect(reads()).toBe(5);
});

test('a day by the hour stands beside the day before', async () => {
  const { figures } = figuresOver(load(-1, 1, (d) => (d === 0 ? 0.5 : 1)));
  const spent = await figures.consumption('tower', 'main-meter', 'hour', monday, monday + day);
  expect(spent.items).toHaveLength(24);
  expect(spent.items[12]).toMatchObject({ kWh: 20, before: 40, completeness: 1 });
  expect(spent).toMatchObject({ beforeFrom: monday - day, beforeTo: monday, total: { change: -0.5 } });
});

test('a day that is not over is compared with as much of the day before', async () => {
  const half = load(-1, 1).filter((i) => i.start < monday + 12 * hour);
  const { figures } = figuresOver(half);
  const { total } = await figures.consumption('tower', 'main-meter', 'day', monday, monday + day);
  expect(total).toEqual({ kWh: 8 * 8 + 4 * 40, before: 8 * 8 + 4 * 40, change: 0 });
});

test.each([
  ['day', 30],
  ['day', 365],
  ['month', 365],
] as const)('by %s over %d days the same comes from sums of days as from intervals', async (by, days) => {
  // The last figure is of noon three days before the end, and some days have holes.
  const stored = load(-2 * days, days, (d) => 1 + ((((d * 7) % 11) + 11) % 11) / 10)
    .filter((i) => i.start < monday + (days - 3) * day + 12 * hour && i.start % (37 * intervalLength) !== 0)
    .map((i) => (i.start % (11 * intervalLength) === 0 ? { ...i, status: 'estimated' as const } : i));
  const ask = (hasDays: boolean) =>
    figuresOver(stored, hasDays).figures.consumption('tower', 'main-meter', by, monday, monday + days * day);
  const [quick, slow] = [await ask(true), await ask(false)];
  const rounded = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(10)) : v))) as unknown;
  expect(rounded(quick)).toEqual(rounded(slow));
});

test('a span is compared with the calendar period it is nearest to', () => {
  expect([day, 25 * hour, 7 * day, 30 * day, 31 * day, 365 * day].map(naturalPeriod)).toEqual([
    ...['day', 'day', 'week'],
    ...['month', 'month', 'year'],
  ]);
});
