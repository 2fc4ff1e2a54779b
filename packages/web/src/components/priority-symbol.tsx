import type { Priority } from '@plantroom/model';
import { useTexts } from '../i18n/use-texts.ts';

/** The shape of each priority on an 18-px field, and where its digit stands. */
const shapes: Readonly<Record<Priority, { path: string; baseline: number }>> = {
  1: { path: 'M3 1h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2Z', baseline: 13 },
  2: { path: 'M9 1 17 16.5H1Z', baseline: 14.5 },
  3: { path: 'M1 2H17L9 17Z', baseline: 10.5 },
  4: { path: 'M9 1a8 8 0 1 0 0 16A8 8 0 0 0 9 1Z', baseline: 12.8 },
};

/** The symbol as part of a larger drawing. */
export function PriorityMark({ priority, x = 0, y = 0 }: { priority: Priority; x?: number; y?: number }) {
  const { path, baseline } = shapes[priority];
  return (
    <g transform={`translate(${x},${y})`}>
      <path d={path} fill={`var(--p${priority})`} />
      <text x={9} y={baseline} textAnchor="middle" fontSize={10} fontWeight={700} fill="var(--card)">
        {priority}
      </text>
    </g>
  );
}

/** Shape, number and name: colour is never alone. */
export function PrioritySymbol({ priority }: { readonly priority: Priority }) {
  const { t } = useTexts();
  const label = t('priority.label', { priority, name: t(`priority.${priority}`) });
  return (
    <svg className="priority" width={18} height={18} viewBox="0 0 18 18" role="img" aria-label={label}>
      <title>{label}</title>
      <PriorityMark priority={priority} />
    </svg>
  );
}
