import type { EChartsCoreOption } from 'echarts/core';
import { token } from '../theme/theme.ts';

export type ChartOption = EChartsCoreOption;
/** Makes a chart's option once the colours of the present theme are known. */
export type BuildOption = (colours: ChartColours) => ChartOption;

export interface ChartColours {
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly card: string;
  readonly plant: string;
  readonly plantIdle: string;
  readonly band: string;
  readonly over: string;
}

/** The tokens of the present theme, for a chart that cannot read CSS. */
export function chartColours(): ChartColours {
  return {
    ink: token('ink'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    line: token('line'),
    card: token('card'),
    plant: token('plant'),
    plantIdle: token('plant-idle'),
    band: token('band'),
    over: token('p2'),
  };
}

export const chartFont = '"Inter Variable", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';

/** What all charts have in common: no motion, quiet axes, a plain tooltip. */
export function baseOption(colours: ChartColours): ChartOption {
  return {
    animation: false,
    textStyle: { fontFamily: chartFont, fontSize: 11, color: colours.ink3 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colours.card,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: 12, fontFamily: chartFont },
      axisPointer: { lineStyle: { color: colours.ink3 } },
    },
  };
}

/** Text that goes into a tooltip's HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
