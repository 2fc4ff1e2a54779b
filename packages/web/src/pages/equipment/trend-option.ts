import type { PointDefinition } from '@plantroom/model';
import type { Series } from '@plantroom/model/api';
import { baseOption, type ChartColours, type ChartOption, escapeHtml } from '../../components/chart-option.ts';

/** One point's history with how it is called and shown. */
export interface TrendLine {
  readonly name: string;
  readonly unit: string;
  readonly definition: PointDefinition | undefined;
  readonly series: Series;
  readonly show: (value: number) => string;
}

export interface TrendFrame {
  readonly from: number;
  readonly to: number;
  readonly formatTime: (time: number) => string;
  readonly formatTick: (time: number) => string;
  /** Says how much of a step is known, 0 to 1. */
  readonly known: (share: number) => string;
}

/** From here on a step counts as whole. */
const wholeStep = 0.995;
const panelHeight = 118;
const gap = 42;
const top = 30;

export function trendHeight(lines: number): number {
  return top + lines * (panelHeight + gap);
}

type Pair = readonly [number, number | null];

/** Time and value of each step; a step without samples stays a hole. */
function pairs(series: Series, value: (item: Series['items'][number]) => number | null): Pair[] {
  return series.items.map((item) => [item.time, value(item)]);
}

/** A value between two holes has no line to be seen by, so it gets a dot. */
function withLonely(data: readonly Pair[]) {
  const isHole = (index: number) => (data[index]?.[1] ?? null) === null;
  return data.map((value, index) => ({
    value,
    symbol: !isHole(index) && isHole(index - 1) && isHole(index + 1) ? 'circle' : 'none',
  }));
}

function isState(line: TrendLine): boolean {
  return line.definition?.type === 'state';
}

/** A panel for each point under one time axis: the mean as a line, minimum to maximum as a band, holes as holes. */
export function trendOption(lines: readonly TrendLine[], frame: TrendFrame, colours: ChartColours): ChartOption {
  const grids = lines.map((_, index) => ({
    left: 52,
    right: 16,
    top: top + index * (panelHeight + gap),
    height: panelHeight,
  }));
  return {
    ...baseOption(colours),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: grids,
    xAxis: lines.map((_, index) => xAxis(index, index === lines.length - 1, frame, colours)),
    yAxis: lines.map((line, index) => yAxis(line, index, colours)),
    series: lines.flatMap((line, index) => panelSeries(line, index, colours)),
    tooltip: {
      ...(baseOption(colours).tooltip as object),
      formatter: (items: unknown) => tooltip(items, lines, frame),
    },
  };
}

function xAxis(index: number, isLast: boolean, frame: TrendFrame, colours: ChartColours) {
  return {
    type: 'time',
    gridIndex: index,
    min: frame.from,
    max: frame.to,
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { show: isLast, color: colours.ink3, hideOverlap: true, formatter: frame.formatTick },
    splitLine: { show: false },
  };
}

/**
 * A percentage ends at 100 and not at the next round figure, and begins at a round one below its lowest; what leaves 0 to
 * 100 (a load, a speed) is shown as it is.
 */
function percentScale({ series }: TrendLine) {
  const values = series.items
    .flatMap(({ minimum, value, maximum }) => [minimum, value, maximum])
    .filter((each) => each !== null);
  const lowest = Math.min(100, ...values);
  if (lowest < 0 || Math.max(0, ...values) > 100) return {};
  const rest = 100 - lowest;
  const interval = rest > 50 || values.length === 0 ? 25 : rest > 20 ? 10 : 5;
  const min = values.length === 0 ? 0 : Math.min(Math.floor(lowest / interval) * interval, 100 - interval);
  return { min, max: 100, interval };
}

function yAxis(line: TrendLine, index: number, colours: ChartColours) {
  return {
    type: 'value',
    gridIndex: index,
    scale: true,
    splitNumber: 3,
    ...(line.unit === '%' && percentScale(line)),
    name: line.unit ? `${line.name}, ${line.unit}` : line.name,
    nameLocation: 'end',
    nameGap: 13,
    nameTextStyle: { align: 'left', color: colours.ink2, padding: [0, 0, 0, -44] },
    axisLabel: { color: colours.ink3, formatter: (value: number) => line.show(value) },
    splitLine: { lineStyle: { color: colours.line } },
    // A finer grid than the figure's decimals would show the same number twice.
    minInterval:
      line.definition === undefined || line.definition.type === 'state' ? 1 : 10 ** -line.definition.decimals,
  };
}

function panelSeries(line: TrendLine, index: number, colours: ChartColours) {
  const place = { type: 'line', xAxisIndex: index, yAxisIndex: index, symbol: 'none', silent: true };
  const mean = {
    ...place,
    name: line.name,
    data: withLonely(pairs(line.series, (item) => item.value)),
    symbol: 'circle',
    symbolSize: 4,
    showSymbol: true,
    itemStyle: { color: colours.plant },
    connectNulls: false,
    step: isState(line) ? 'end' : false,
    lineStyle: { color: colours.plant, width: 1.6 },
    z: 3,
  };
  if (isState(line)) return [mean];
  // Stacked: an invisible line at the minimum, and on it an area as high as the spread.
  const stack = { ...place, stack: `envelope-${index}`, stackStrategy: 'all', lineStyle: { width: 0 }, z: 2 };
  return [
    { ...stack, data: pairs(line.series, (item) => item.minimum) },
    {
      ...stack,
      data: pairs(line.series, ({ minimum, maximum }) =>
        minimum === null || maximum === null ? null : maximum - minimum,
      ),
      areaStyle: { color: colours.band, opacity: 1 },
    },
    mean,
  ];
}

/** Time, then each point with its mean and, where it differs, its range; and how much of a step is known that is not whole. */
function tooltip(items: unknown, lines: readonly TrendLine[], frame: TrendFrame): string {
  const first = Array.isArray(items) ? (items[0] as { axisValue?: number } | undefined) : undefined;
  if (first?.axisValue === undefined) return '';
  const time = Number(first.axisValue);
  const rows = lines.map((line) => {
    const item = line.series.items.find((each) => each.time === time);
    if (item === undefined || item.value === null) return `${escapeHtml(line.name)}: <b>–</b>`;
    const { value, minimum, maximum, coverage } = item;
    const hasRange = minimum !== null && maximum !== null && line.show(minimum) !== line.show(maximum);
    const range = hasRange && !isState(line) ? ` (${line.show(minimum)}–${line.show(maximum)})` : '';
    const known = coverage < wholeStep ? `, ${frame.known(coverage)}` : '';
    return `${escapeHtml(line.name)}: <b>${escapeHtml(`${line.show(value)} ${line.unit}`)}</b>${escapeHtml(range + known)}`;
  });
  return [escapeHtml(frame.formatTime(time)), ...rows].join('<br>');
}
