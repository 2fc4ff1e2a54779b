import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, AxisPointerComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTheme } from '../theme/theme.ts';
import { type BuildOption, chartColours } from './chart-option.ts';

use([AriaComponent, AxisPointerComponent, BarChart, GridComponent, LineChart, SVGRenderer, TooltipComponent]);

interface EchartProps {
  readonly build: BuildOption;
  readonly height: number;
  readonly label: string;
}

/** A chart that follows the size of its place. Loaded only where a page has one. */
export default function Echart({ build, height, label }: EchartProps) {
  const theme = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  useEffect(() => {
    if (!place.current) return;
    const made = init(place.current, null, { renderer: 'svg' });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which the theme changes.
  useEffect(() => chart.current?.setOption(build(chartColours()), { notMerge: true }), [build, theme]);
  return <div ref={place} className="chart" style={{ height }} role="img" aria-label={label} />;
}
