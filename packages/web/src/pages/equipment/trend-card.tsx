import type { EquipmentView, Series } from '@plantroom/model/api';
import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { seriesQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart.tsx';
import type { BuildOption } from '../../components/chart-option.ts';
import { definitionOf } from '../../components/live-value.tsx';
import { Problem, Waiting } from '../../components/notice.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { serverClock } from '../../live/server-clock.ts';
import { trendPointsOf } from '../../util/kinds.ts';
import { formatShare, formatUnit, formatValue } from '../../util/numbers.ts';
import { day, formatClock, formatDay, formatFull, hour } from '../../util/time.ts';
import { PointPicker } from './point-picker.tsx';
import { type TrendLine, trendHeight, trendOption } from './trend-option.ts';
import { TrendTable } from './trend-table.tsx';

const ranges = { '1h': hour, '6h': 6 * hour, '24h': day, '7d': 7 * day, '30d': 30 * day, '1y': 365 * day } as const;
type Range = keyof typeof ranges;
const rangeNames = Object.keys(ranges) as Range[];

/** One trend of the points that matter for the kind; others can be chosen. */
export function TrendCard({ machine }: { readonly machine: EquipmentView }) {
  const { t } = useTexts();
  const [range, setRange] = useState<Range>('1h');
  const [points, setPoints] = useState(() => trendPointsOf(machine.kind, machine.points));
  return (
    <Card title={t('trend.title')} note={t('trend.note')}>
      <div className="toolbar">
        <Segmented
          label={t('trend.range')}
          options={rangeNames.map((name) => ({ value: name, label: t(`trend.range.${name}`) }))}
          value={range}
          onChange={setRange}
        />
        <PointPicker machine={machine} chosen={points} onChange={setPoints} />
      </div>
      {points.length === 0 ? (
        <p className="notice">{t('trend.noPoints')}</p>
      ) : (
        <Trend machine={machine} points={points} span={ranges[range]} />
      )}
    </Card>
  );
}

interface TrendProps {
  readonly machine: EquipmentView;
  readonly points: readonly string[];
  readonly span: number;
}

function useTrend({ machine, points, span }: TrendProps) {
  return useQueries({
    queries: points.map((point) => {
      const isState = definitionOf(machine, point)?.type === 'state';
      const aggregate = isState ? ('last' as const) : ('mean' as const);
      return seriesQuery({ site: machine.site, equipment: machine.id, point, span, aggregate }, () =>
        serverClock.now(),
      );
    }),
  });
}

function useLines(machine: EquipmentView, all: readonly (Series | undefined)[]): TrendLine[] {
  const { local, language } = useTexts();
  return useMemo(
    () =>
      all
        .filter((series) => series !== undefined)
        .map((series): TrendLine => {
          const definition = definitionOf(machine, series.point);
          return {
            name: definition ? local(definition.label) : series.point,
            unit: definition === undefined || definition.type === 'state' ? '' : formatUnit(definition.unit),
            definition,
            series,
            show: (value) => formatValue(definition, value, language, local).text,
          };
        }),
    [all, machine, local, language],
  );
}

function Trend(props: TrendProps) {
  const { t } = useTexts();
  const place = usePlace();
  const queries = useTrend(props);
  const stamp = queries.map((query) => query.dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says when an answer is new.
  const all = useMemo(() => queries.map((query) => query.data), [stamp, props.points, props.span]);
  const lines = useLines(props.machine, all);
  const build = useMemo((): BuildOption => {
    const to = Math.max(...lines.map((line) => line.series.to));
    const frame = {
      from: to - props.span,
      to,
      formatTime: (time: number) => formatFull(time, place),
      formatTick: (time: number) => (props.span > 2 * day ? formatDay(time, place) : formatClock(time, place)),
      known: (share: number) => t('trend.known', { share: formatShare(share, place.language, 0) }),
    };
    return (colours) => trendOption(lines, frame, colours);
  }, [lines, props.span, place, t]);
  const failed = queries.find((query) => query.error);
  if (lines.length === 0) return failed ? <Problem error={failed.error} /> : <Waiting />;
  const isEmpty = lines.every((line) => line.series.items.every((item) => item.value === null));
  const label = `${t('trend.title')}: ${lines.map((line) => line.name).join(t('overview.separator'))}`;
  return (
    <>
      {failed && <Problem error={failed.error} onRetry={() => void failed.refetch()} />}
      {isEmpty && <p className="notice">{t('trend.empty')}</p>}
      <div className={queries.some((query) => query.isPlaceholderData) ? 'waiting' : undefined}>
        <Chart build={build} height={trendHeight(lines.length)} label={label} />
      </div>
      <TrendTable lines={lines} />
    </>
  );
}
