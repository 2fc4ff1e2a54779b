import { lazy, Suspense } from 'react';
import type { BuildOption } from './chart-option.ts';

const Echart = lazy(() => import('./echart.tsx'));

interface ChartProps {
  readonly build: BuildOption;
  readonly height: number;
  /** What the chart shows; the table beside it has the figures. */
  readonly label: string;
}

/** A chart whose library is fetched when the first one is drawn; its place is kept meanwhile. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<div style={{ height: props.height }} />}>
      <Echart {...props} />
    </Suspense>
  );
}
