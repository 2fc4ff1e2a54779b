import type { Consumption, ConsumptionItem } from '@plantroom/model/api';
import { baseOption, type ChartColours, type ChartOption, escapeHtml } from '../../components/chart-option.ts';

export interface ConsumptionWords {
  readonly step: (item: ConsumptionItem) => string;
  readonly tick: (item: ConsumptionItem) => string;
  readonly number: (value: number) => string;
  readonly share: (value: number) => string;
  readonly used: string;
  readonly before: string;
  readonly incomplete: string;
  readonly estimated: string;
}

/** Below this share of its intervals a step's figure is too small, and its bar is drawn pale. */
export const completeFrom = 0.999;

/** Filled bars for the period, outlines for the period before; a step that lacks intervals or still runs is pale. */
export function consumptionOption(
  { items }: Consumption,
  words: ConsumptionWords,
  colours: ChartColours,
  now: number,
): ChartOption {
  const isWhole = (item: ConsumptionItem) => item.completeness >= completeFrom && item.end <= now;
  const base = baseOption(colours);
  return {
    ...base,
    grid: { left: 56, right: 8, top: 26, bottom: 26 },
    // Two axes at one place: each series is laid out alone, so that the outline stands around its bar.
    xAxis: [
      {
        type: 'category',
        data: items.map(words.tick),
        axisLine: { lineStyle: { color: colours.line } },
        axisTick: { show: false },
        axisLabel: { color: colours.ink3, hideOverlap: true },
      },
      { type: 'category', data: items.map(words.tick), show: false },
    ],
    yAxis: {
      type: 'value',
      name: 'kWh',
      nameTextStyle: { align: 'right', color: colours.ink3 },
      splitNumber: 3,
      axisLabel: { color: colours.ink3, formatter: words.number },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      {
        type: 'bar',
        silent: true,
        barWidth: '56%',
        z: 2,
        data: items.map((item) => ({
          value: item.kWh,
          itemStyle: { color: isWhole(item) ? colours.plant : colours.plantIdle },
        })),
      },
      {
        type: 'bar',
        silent: true,
        xAxisIndex: 1,
        barWidth: '84%',
        z: 3,
        itemStyle: { color: 'transparent', borderColor: colours.ink2, borderWidth: 1 },
        data: items.map((item) => item.before),
      },
    ],
    tooltip: {
      ...(base.tooltip as object),
      formatter: (hit: unknown) => tooltip(hit, items, words),
    },
  };
}

function tooltip(hit: unknown, items: readonly ConsumptionItem[], words: ConsumptionWords): string {
  const first = Array.isArray(hit) ? (hit[0] as { dataIndex?: number } | undefined) : undefined;
  const item = items[first?.dataIndex ?? -1];
  if (!item) return '';
  const figure = (value: number | null) => (value === null ? '–' : `${words.number(value)} kWh`);
  const lines = [
    words.step(item),
    `${words.used}: ${figure(item.kWh)}`,
    `${words.before}: ${figure(item.before)}`,
    ...(item.completeness < completeFrom ? [`${words.incomplete}: ${words.share(item.completeness)} %`] : []),
    ...(item.estimated > 0 ? [`${words.estimated}: ${words.share(item.estimated)} %`] : []),
  ];
  return lines.map(escapeHtml).join('<br>');
}
