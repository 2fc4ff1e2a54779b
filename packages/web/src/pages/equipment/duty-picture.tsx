import { pointKey } from '@plantroom/model';
import type { EquipmentView, SeriesItem } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { seriesQuery } from '../../api/queries.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { serverClock } from '../../live/server-clock.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { believed } from '../../util/freshness.ts';
import { formatNumber } from '../../util/numbers.ts';
import { niceSteps } from '../../util/scale.ts';
import { hour } from '../../util/time.ts';

const width = 300;
const height = 210;
const left = 34;
const base = height - 26;

export interface Duty {
  readonly flow: number;
  readonly head: number;
}

/** Pairs two histories step by step; a step that lacks one of them has no duty point. */
export function dutyTrail(flow: readonly SeriesItem[], head: readonly SeriesItem[]): Duty[] {
  const heads = new Map(head.map((item) => [item.time, item.value]));
  return flow.flatMap(({ time, value }) => {
    const at = heads.get(time);
    return value === null || at === null || at === undefined ? [] : [{ flow: value, head: at }];
  });
}

function useTrail(machine: EquipmentView): Duty[] {
  const request = { site: machine.site, equipment: machine.id, span: hour, aggregate: 'mean' } as const;
  const now = () => serverClock.now();
  const { data: flow } = useQuery(seriesQuery({ ...request, point: 'flow' }, now));
  const { data: head } = useQuery(seriesQuery({ ...request, point: 'head' }, now));
  return flow && head ? dutyTrail(flow.items, head.items) : [];
}

/** Head over flow: where the pump works now, where it worked in the last hour, and what its name plate says. */
export function DutyPicture({ machine }: { readonly machine: EquipmentView }) {
  const { t, language } = useTexts();
  const latest = useLatestState();
  const now = useNow();
  const trail = useTrail(machine);
  const flow = believed(latest[pointKey(machine.id, 'flow')], now);
  const head = believed(latest[pointKey(machine.id, 'head')], now);
  const { ratedFlow, ratedHead } = machine.ratings;
  const flows = Math.max(1, ratedFlow ?? 0, flow ?? 0, ...trail.map((duty) => duty.flow)) * 1.2;
  const heads = Math.max(1, ratedHead ?? 0, head ?? 0, ...trail.map((duty) => duty.head)) * 1.2;
  const x = (value: number) => left + (Math.max(0, value) / flows) * (width - left - 8);
  const y = (value: number) => base - (Math.max(0, value) / heads) * (base - 10);
  const figure = (value: number) => formatNumber(value, language, value < 10 && value % 1 !== 0 ? 1 : 0);
  return (
    <svg className="duty" viewBox={`0 0 ${width} ${height}`} width={width} role="img" aria-label={t('picture.duty')}>
      <title>{t('picture.duty')}</title>
      {niceSteps(heads, 4).map((value) => (
        <g key={`h${value}`}>
          <path d={`M${left} ${y(value)}H${width - 8}`} className="grid-line" />
          <text x={left - 6} y={y(value) + 4} textAnchor="end" className="axis">
            {figure(value)}
          </text>
        </g>
      ))}
      {niceSteps(flows, 4).map((value) => (
        <text key={`q${value}`} x={x(value)} y={base + 14} textAnchor="middle" className="axis">
          {figure(value)}
        </text>
      ))}
      <text x={left - 6} y={9} textAnchor="end" className="axis">
        m
      </text>
      <text x={width - 8} y={height - 1} textAnchor="end" className="axis">
        m³/h
      </text>
      {ratedFlow !== undefined && ratedHead !== undefined && (
        <g transform={`translate(${x(ratedFlow)},${y(ratedHead)})`}>
          <path d="M-6 0H6M0-6V6" className="rated-cross" />
          <text x={8} y={-5} className="axis">
            {t('picture.rated')}
          </text>
        </g>
      )}
      <path d={trail.map((duty, i) => `${i ? 'L' : 'M'}${x(duty.flow)} ${y(duty.head)}`).join('')} className="trail" />
      {flow !== undefined && head !== undefined && <circle cx={x(flow)} cy={y(head)} r={5.5} className="duty-dot" />}
    </svg>
  );
}
