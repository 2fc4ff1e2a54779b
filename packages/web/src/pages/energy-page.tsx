import type { Consumption, EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { consumptionQuery, equipmentQuery } from '../api/queries.ts';
import { Empty } from '../components/notice.tsx';
import { Ready } from '../components/ready.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { usePlace, useSite } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { totalOf } from '../util/consumption.ts';
import { nameWindows, type Span, type Step, spans, steps, windowOf } from '../util/energy-period.ts';
import { mainMeter, meterTree } from '../util/meters.ts';
import { formatChange, formatNumber } from '../util/numbers.ts';
import { ConsumptionCard } from './energy/consumption-card.tsx';
import { DayCard } from './energy/day-card.tsx';
import { TotalsCard } from './energy/totals-card.tsx';

interface Choice {
  readonly meter: string;
  readonly by: Step;
  readonly span: Span;
  /** Windows before the present one. */
  readonly back: number;
}

/** What a meter took, by hour, day or month, against the period before. */
export function EnergyPage() {
  const { t } = useTexts();
  const site = useSite();
  const query = useQuery(equipmentQuery(site.id));
  return (
    <Ready query={query}>
      {(equipment) => {
        const main = mainMeter(equipment);
        if (main) return <Meters equipment={equipment} main={main} />;
        return (
          <>
            <PageTitle title={t('energy.title')} />
            <Empty title={t('energy.empty.title')}>{t('energy.empty.body')}</Empty>
          </>
        );
      }}
    </Ready>
  );
}

function Meters({ equipment, main }: { equipment: readonly EquipmentView[]; main: EquipmentView }) {
  const { t } = useTexts();
  const site = useSite();
  const now = useNow();
  const [choice, setChoice] = useState<Choice>({ meter: main.id, by: 'day', span: spans.day[0], back: 0 });
  const meter = equipment.find((each) => each.id === choice.meter) ?? main;
  const period = windowOf(choice.span, choice.back, now, site.timezone);
  const query = useQuery(consumptionQuery(site.id, meter.id, choice.by, period));
  const sentence = useSentence(meter, query.data);
  return (
    <>
      <PageTitle title={t('energy.title')} sentence={sentence} />
      <Choices equipment={equipment} choice={choice} onChange={setChoice} />
      <div className="grid">
        <ConsumptionCard query={query} by={choice.by} />
        <TotalsCard query={query} />
        <DayCard meter={meter} />
      </div>
    </>
  );
}

/** The whole of the period; how it compares is a sentence of its own, because it covers only what both periods have. */
function useSentence(meter: EquipmentView, answer: Consumption | undefined) {
  const { t, local, language } = useTexts();
  const place = usePlace();
  if (!answer) return undefined;
  const [used] = nameWindows([answer, { from: answer.beforeFrom, to: answer.beforeTo }], place);
  if (!used) return undefined;
  const said = t(used.first === used.last ? 'energy.sentenceDay' : 'energy.sentence', {
    meter: local(meter.name),
    kWh: formatNumber(totalOf(answer.items), language),
    from: used.first,
    to: used.last,
  });
  const { change } = answer.total;
  if (change === null) return `${said}${t('energy.noBefore')}`;
  const figure = formatChange(Math.abs(change), language).replace('+', '');
  const steps = t(`energy.steps.${answer.by}`);
  return `${said}${t(change >= 0 ? 'energy.more' : 'energy.less', { change: figure, steps })}`;
}

interface ChoicesProps {
  readonly equipment: readonly EquipmentView[];
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

function Choices({ equipment, choice, onChange }: ChoicesProps) {
  const { t, local } = useTexts();
  return (
    <div className="toolbar">
      <select
        className="select"
        aria-label={t('energy.meter')}
        value={choice.meter}
        onChange={(event) => onChange({ ...choice, meter: event.target.value })}
      >
        {meterTree(equipment).map(({ meter, depth }) => (
          <option key={meter.id} value={meter.id}>
            {'\u2003'.repeat(depth)}
            {local(meter.name)}
          </option>
        ))}
      </select>
      <Segmented
        label={t('energy.by')}
        options={steps.map((step) => ({ value: step, label: t(`energy.by.${step}`) }))}
        value={choice.by}
        onChange={(by) => onChange({ ...choice, by, span: spans[by][0], back: 0 })}
      />
      <Segmented<Span>
        label={t('energy.span')}
        options={spans[choice.by].map((span) => ({ value: span, label: t(`energy.span.${span}`) }))}
        value={choice.span}
        onChange={(span) => onChange({ ...choice, span, back: 0 })}
      />
      <div className="buttons">
        <button type="button" className="button" onClick={() => onChange({ ...choice, back: choice.back + 1 })}>
          {t('energy.earlier')}
        </button>
        <button
          type="button"
          className="button"
          disabled={choice.back === 0}
          onClick={() => onChange({ ...choice, back: choice.back - 1 })}
        >
          {t('energy.later')}
        </button>
      </div>
    </div>
  );
}
