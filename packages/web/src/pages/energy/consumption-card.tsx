import type { Consumption, ConsumptionItem } from '@plantroom/model/api';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Card } from '../../components/card.tsx';
import { Chart } from '../../components/chart.tsx';
import type { BuildOption } from '../../components/chart-option.ts';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { serverClock } from '../../live/server-clock.ts';
import type { Step } from '../../util/energy-period.ts';
import { formatNumber, formatShare } from '../../util/numbers.ts';
import { day, formatClock, formatDay, formatMonth, formatWeekday } from '../../util/time.ts';
import { type ConsumptionWords, consumptionOption } from './consumption-option.ts';
import { ConsumptionTable } from './consumption-table.tsx';

interface ConsumptionCardProps {
  readonly query: UseQueryResult<Consumption>;
  readonly by: Step;
}

export function ConsumptionCard({ query, by }: ConsumptionCardProps) {
  const { t } = useTexts();
  return (
    <Card title={t('energy.consumption')} note={t('energy.legend')} span={8} phone="energy">
      <Ready query={query}>{(answer) => <Bars answer={answer} by={by} />}</Ready>
    </Card>
  );
}

/** How the steps of an answer are named; the answer's own step, because a new one may still be on its way. */
export function useStepWords(answer: Consumption): ConsumptionWords {
  const { t, language } = useTexts();
  const place = usePlace();
  return useMemo(() => {
    const { by } = answer;
    const isLong = answer.to - answer.from > 1.5 * day;
    const step = ({ start }: ConsumptionItem) => {
      if (by === 'month') return formatMonth(start, place);
      return by === 'day' ? formatWeekday(start, place) : `${formatDay(start, place)} ${formatClock(start, place)}`;
    };
    const tick = (item: ConsumptionItem) => {
      if (by === 'month') return formatMonth(item.start, place);
      if (by === 'day') return formatDay(item.start, place);
      return isLong ? step(item) : formatClock(item.start, place);
    };
    return {
      step,
      tick,
      number: (value) => formatNumber(value, language, Math.abs(value) < 10 && value !== 0 ? 1 : 0),
      share: (value) => formatShare(value, language),
      used: t('energy.used'),
      before: t('energy.before'),
      incomplete: t('energy.col.completeness'),
      estimated: t('energy.col.estimated'),
    };
  }, [answer, place, language, t]);
}

function Bars({ answer, by }: { readonly answer: Consumption; readonly by: Step }) {
  const { t } = useTexts();
  const words = useStepWords(answer);
  const build = useMemo(
    (): BuildOption => (colours) => consumptionOption(answer, words, colours, serverClock.now()),
    [answer, words],
  );
  const isEmpty = answer.items.every((item) => item.kWh === null);
  return (
    <>
      {isEmpty && <p className="notice">{t('energy.noFigures')}</p>}
      <Chart build={build} height={300} label={`${t('energy.consumption')}: ${t(`energy.by.${by}`)}`} />
      <ConsumptionTable answer={answer} words={words} />
    </>
  );
}
