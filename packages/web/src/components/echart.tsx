import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, AxisPointerComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { ChartOption } from './chart-option.ts';

use([AriaComponent, AxisPointerComponent, BarChart, GridComponent, LineChart, SVGRenderer, TooltipComponent]);

interface EchartProps {
  readonly option: ChartOption;
  readonly height: number;
  readonly label: string;
}

/** A chart that follows the size of its place. Loaded only where a page has one. */
export default function Echart({ option, height, label }: EchartProps) {
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
  useEffect(() => chart.current?.setOption(option, { notMerge: true }), [option]);
  return <div ref={place} className="chart" style={{ height }} role="img" aria-label={label} />;
}
