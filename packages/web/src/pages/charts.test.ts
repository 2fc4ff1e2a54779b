import { kinds } from '@plantroom/model';
import type { Series } from '@plantroom/model/api';
import { describe, expect, test } from 'vitest';
import { consumptionOf } from '../../mock/energy.ts';
import type { ChartColours } from '../components/chart-option.ts';
import { hour } from '../util/time.ts';
import { consumptionOption } from './energy/consumption-option.ts';
import { dutyTrail } from './equipment/duty-picture.tsx';
import { type TrendLine, trendHeight, trendOption } from './equipment/trend-option.ts';

const colours = new Proxy({}, { get: (_, name) => String(name) }) as ChartColours;
const item = (time: number, value: number | null): Series['items'][number] => ({
  time,
  value,
  minimum: value === null ? null : value - 1,
  maximum: value === null ? null : value + 2,
  count: value === null ? 0 : 4,
  quality: value === null ? null : 0,
  coverage: value === null ? 0 : 1,
});
const series: Series = {
  ...{ site: 's', equipment: 'e', point: 'flow', from: 0, to: 5, interval: 1, resolution: 'minute', aggregate: 'mean' },
  items: [item(0, 5), item(1, 6), item(2, null), item(3, 7), item(4, null)],
};
const line: TrendLine = {
  name: 'Flow <b>',
  unit: 'm³/h',
  definition: kinds.pump.points.flow,
  series,
  show: (value) => value.toFixed(1),
};
const frame = {
  from: 0,
  to: 5,
  formatTime: (time: number) => `t${time}`,
  formatTick: String,
  known: (share: number) => `${share} known`,
};

interface Drawn {
  readonly series: readonly {
    readonly data: readonly unknown[];
    readonly connectNulls?: boolean;
    readonly step?: unknown;
  }[];
  readonly grid: readonly unknown[];
  readonly tooltip: { readonly formatter: (items: unknown) => string };
}

describe('a trend', () => {
  const drawn = trendOption([line, line], frame, colours) as unknown as Drawn;

  test('has a panel for each point, and room for all of them', () => {
    expect(drawn.grid).toHaveLength(2);
    expect(trendHeight(2) - trendHeight(1)).toBe(trendHeight(3) - trendHeight(2));
  });

  test('leaves holes as holes and shows a value between two of them', () => {
    const mean = drawn.series[2];
    expect(mean?.connectNulls).toBe(false);
    expect(mean?.data).toMatchObject([
      { value: [0, 5], symbol: 'none' },
      { value: [1, 6], symbol: 'none' },
      { value: [2, null], symbol: 'none' },
      { value: [3, 7], symbol: 'circle' },
      { value: [4, null], symbol: 'none' },
    ]);
  });

  test('stacks its spread on its minimum', () => {
    expect(drawn.series[0]?.data[0]).toEqual([0, 4]);
    expect(drawn.series[1]?.data[0]).toEqual([0, 3]);
    expect(drawn.series[1]?.data[2]).toEqual([2, null]);
  });

  test('ends a percentage at 100 unless it is over it', () => {
    const axisOf = (...values: number[]) => {
      const items = values.map((value, time) => ({ ...item(time, value), minimum: value, maximum: value }));
      const drawn = trendOption([{ ...line, unit: '%', series: { ...series, items } }], frame, colours);
      return (drawn as unknown as { readonly yAxis: readonly object[] }).yAxis[0];
    };
    expect(axisOf(12, 92)).toMatchObject({ min: 0, max: 100, interval: 25 });
    expect(axisOf(67, 74)).toMatchObject({ min: 60, max: 100, interval: 10 });
    expect(axisOf(100, 100)).toMatchObject({ min: 95, max: 100, interval: 5 });
    expect(axisOf()).toMatchObject({ min: 0, max: 100 });
    expect(axisOf(80, 104)).not.toHaveProperty('max');
  });

  test('draws states as steps without a spread', () => {
    const state = { ...line, definition: kinds.pump.points.running };
    const only = (trendOption([state], frame, colours) as unknown as Drawn).series;
    expect(only).toHaveLength(1);
    expect(only[0]?.step).toBe('end');
  });

  test('names its values safely', () => {
    const html = drawn.tooltip.formatter([{ axisValue: 1 }]);
    expect(html).toContain('t1');
    expect(html).toContain('Flow &#60;b&#62;: <b>6.0 m³/h</b> (5.0–8.0)');
    expect(html).not.toContain('known');
    expect(drawn.tooltip.formatter([{ axisValue: 2 }])).toContain('–');
    expect(drawn.tooltip.formatter([])).toBe('');
    const partly = { ...series, items: [{ ...item(0, 5), minimum: 5, maximum: 5, coverage: 0.4 }] };
    const other = trendOption([{ ...line, series: partly }], frame, colours) as unknown as Drawn;
    expect(other.tooltip.formatter([{ axisValue: 0 }])).toContain('<b>5.0 m³/h</b>, 0.4 known');
  });
});

describe('consumption', () => {
  const now = Date.parse('2026-11-21T06:10:00Z');
  const midnight = Date.parse('2026-11-20T16:00:00Z');
  const answer = consumptionOf('main-meter', 'hour', { from: midnight, to: midnight + 24 * hour }, now);
  const text = (name: string) => () => name;
  const words = {
    ...{ step: text('step'), tick: text('tick'), number: String, share: (value: number) => `${value}` },
    ...{ used: 'used', before: 'before', incomplete: 'incomplete', estimated: 'estimated' },
  };
  const drawn = consumptionOption(answer, words, colours, now) as unknown as Drawn;

  test('is pale where intervals are missing and while the hour still runs', () => {
    const bars = drawn.series[0]?.data as { value: number | null; itemStyle: { color: string } }[];
    const pale = (all: typeof bars) =>
      all.flatMap(({ value, itemStyle: { color } }, index) => (value !== null && color === 'plantIdle' ? [index] : []));
    // Two hours lack an interval each; half past one belongs to the hour from 13:00.
    expect(pale(bars)).toEqual([7, 8]);
    const earlier = consumptionOption(answer, words, colours, midnight + 13.5 * hour) as unknown as Drawn;
    expect(pale(earlier.series[0]?.data as typeof bars)).toEqual([7, 8, 13]);
    expect(bars[20]?.value).toBeNull();
    expect(drawn.series[1]?.data).toEqual(answer.items.map((each) => each.before));
  });

  test('says what is incomplete and what is estimated', () => {
    expect(drawn.tooltip.formatter([{ dataIndex: 8 }])).toContain('incomplete: 0.75 %');
    expect(drawn.tooltip.formatter([{ dataIndex: 10 }])).toContain('estimated: 0.25 %');
    expect(drawn.tooltip.formatter([{ dataIndex: 1 }])).not.toContain('incomplete');
  });
});

test('a duty point needs both flow and head', () => {
  expect(dutyTrail(series.items, [item(0, 90), item(1, null), item(3, 80)])).toEqual([
    { flow: 5, head: 90 },
    { flow: 7, head: 80 },
  ]);
});
