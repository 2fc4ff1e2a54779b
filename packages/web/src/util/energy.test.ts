import type { ConsumptionItem, EquipmentView, IntervalView } from '@plantroom/model/api';
import { describe, expect, test } from 'vitest';
import { equipment } from '../../mock/building.ts';
import { holesOf } from '../pictures/day-bars.tsx';
import { completenessOf, estimatedOf, totalOf } from './consumption.ts';
import { dayEnergy } from './day-energy.ts';
import { nameWindows, windowOf } from './energy-period.ts';
import { mainMeter, meterTree } from './meters.ts';
import { niceSteps } from './scale.ts';
import { day, hour, minute } from './time.ts';

const quarter = 15 * minute;
const midnight = Date.parse('2026-11-20T16:00:00Z');
const interval = (slot: number, kWh: number | null, usual: number | null = 10): IntervalView => ({
  site: 's',
  equipment: 'm',
  start: midnight + slot * quarter,
  kWh,
  status: kWh === null ? 'missing' : 'measured',
  revision: 1,
  expected: usual === null ? null : { kWh: usual, low: usual - 1, high: usual + 1 },
});

describe('a day of a meter', () => {
  test('adds up what has a figure and compares like with like', () => {
    const result = dayEnergy([interval(0, 12), interval(1, null), interval(2, 11)], midnight, midnight + hour);
    expect(result.kWh).toBe(23);
    expect(result.expected).toEqual({ kWh: 20, error: 2 });
    expect(result.change).toBeCloseTo(0.15);
    expect(result.verdict).toBe('above');
    expect(result.demand).toBe(44);
    expect(result.completeness).toBe(0.5);
  });

  test('has no expectation while too little of it has one', () => {
    const result = dayEnergy([interval(0, 12, null), interval(1, 12)], midnight, midnight + hour);
    expect(result.expected).toBeUndefined();
    expect(result.verdict).toBeUndefined();
  });

  test('leaves what lies ahead out', () => {
    const items = [interval(0, 10), interval(50, null)];
    expect(dayEnergy(items, midnight, midnight + quarter)).toMatchObject({
      kWh: 10,
      verdict: 'within',
      completeness: 1,
    });
    expect(dayEnergy([], midnight, midnight)).toMatchObject({ kWh: 0, demand: undefined, completeness: undefined });
  });

  test('shows its holes as runs, but not the interval that is still under way', () => {
    const items = [interval(0, 1), interval(3, 1)];
    const now = midnight + 5 * quarter + minute;
    expect(holesOf(items, midnight, now)).toEqual([[midnight + quarter, midnight + 3 * quarter]]);
  });
});

describe('meters', () => {
  const meter = (id: string, parent: string | null): EquipmentView => ({
    ...(equipment.find((each) => each.kind === 'energy-meter') as EquipmentView),
    id,
    parent,
  });

  test('stand below the one that feeds them', () => {
    const tree = meterTree([meter('b', 'a'), meter('a', null), meter('c', 'b'), meter('d', 'gone')]);
    expect(tree.map(({ meter: { id }, depth }) => `${depth}${id}`)).toEqual(['0a', '1b', '2c', '0d']);
  });

  test('that feed each other in a circle are all shown', () => {
    expect(meterTree([meter('a', 'b'), meter('b', 'a')])).toHaveLength(2);
  });

  test('have a main one: the top of the largest tree', () => {
    expect(mainMeter(equipment)?.id).toBe('main-meter');
    expect(mainMeter([meter('lonely', null), meter('a', null), meter('b', 'a')])?.id).toBe('a');
    expect(mainMeter([])).toBeUndefined();
  });
});

describe('periods', () => {
  const zone = 'Asia/Shanghai';
  const now = midnight + 14 * hour;
  const place = { language: 'en', timezone: zone } as const;

  test('hold today and end with it', () => {
    const window = windowOf('30', 0, now, zone);
    expect(window.to).toBe(midnight + day);
    expect((window.to - window.from) / day).toBe(30);
    expect(nameWindows([window], place)).toEqual([{ first: '23 Oct', last: '21 Nov' }]);
  });

  test('of one day are that day, and say their years when they span two', () => {
    expect(nameWindows([windowOf('1', 0, now, zone)], place)).toEqual([{ first: '21 Nov', last: '21 Nov' }]);
    expect(nameWindows([windowOf('12m', 0, now, zone), windowOf('12m', 1, now, zone)], place)).toEqual([
      { first: '1 Dec 2025', last: '30 Nov 2026' },
      { first: '1 Dec 2024', last: '30 Nov 2025' },
    ]);
  });

  test('follow each other without a gap', () => {
    for (const span of ['1', '7', '30', '60', '6m', '12m'] as const)
      expect(windowOf(span, 1, now, zone).to).toBe(windowOf(span, 0, now, zone).from);
  });
});

describe('consumption', () => {
  const item = (index: number, change: Partial<ConsumptionItem>): ConsumptionItem => ({
    start: midnight + index * hour,
    end: midnight + (index + 1) * hour,
    kWh: 10,
    before: null,
    completeness: 1,
    estimated: 0,
    ...change,
  });

  test('is complete by the steps that are over', () => {
    const items = [item(0, { completeness: 0.5 }), item(1, {}), item(2, { completeness: 0 })];
    expect(completenessOf(items, midnight + 2 * hour)).toBe(0.75);
    expect(completenessOf(items, midnight)).toBeUndefined();
  });

  test('is the sum of all its steps, with or without a step before', () => {
    expect(totalOf([item(0, { before: 9 }), item(1, {}), item(2, { kWh: null, before: 4 })])).toBe(20);
  });

  test('is estimated by its kWh, not by its steps', () => {
    expect(estimatedOf([item(0, { kWh: 30, estimated: 0.5 }), item(1, {})])).toBe(0.375);
    expect(estimatedOf([item(0, { kWh: null })])).toBeUndefined();
  });
});

test.each([
  [560, 3, [0, 200, 400]],
  [1, 4, [0, 0.25, 0.5, 0.75, 1]],
  [0, 3, [0]],
])('steps up to %d', (highest, count, steps) => expect(niceSteps(highest, count)).toEqual(steps));
