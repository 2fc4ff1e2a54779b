import type { EquipmentView, IntervalView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { openAlarmsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { KeyFigure } from '../../components/key-figure.tsx';
import { LiveValue } from '../../components/live-value.tsx';
import { Ready } from '../../components/ready.tsx';
import { useNames } from '../../components/use-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { useSite } from '../../layout/site-context.ts';
import { DayBars } from '../../pictures/day-bars.tsx';
import { byUrgency, isStanding } from '../../util/alarms.ts';
import { type DayEnergy, dayEnergy } from '../../util/day-energy.ts';
import { formatChange, formatNumber, formatShare } from '../../util/numbers.ts';
import { paths } from '../../util/paths.ts';
import { useToday } from './use-today.ts';

export function EnergyTodayCard({ meter }: { readonly meter: EquipmentView }) {
  const { t, local, language } = useTexts();
  const { query, from, to, now } = useToday(meter);
  const label = (items: readonly IntervalView[]) => {
    const { kWh, demand } = dayEnergy(items, from, now);
    return t('energyToday.picture', {
      meter: local(meter.name),
      kWh: formatNumber(kWh, language),
      kW: formatNumber(demand ?? 0, language),
    });
  };
  return (
    <Card title={t('energyToday.title')} note={t('energyToday.note')} span={8} phone="energy">
      <Ready query={query}>
        {(items) => <DayBars items={items} from={from} to={to} now={now} label={label(items)} />}
      </Ready>
    </Card>
  );
}

export function ExpectationCard({ meter }: { readonly meter: EquipmentView }) {
  const { t } = useTexts();
  const { query, from, now } = useToday(meter);
  return (
    <Card title={t('expectation.title')} note={t('expectation.since')} span={4} phone="energy">
      <Ready query={query}>{(items) => <Figures meter={meter} day={dayEnergy(items, from, now)} />}</Ready>
      <EnergyFinding />
    </Card>
  );
}

function Figures({ meter, day }: { meter: EquipmentView; day: DayEnergy }) {
  const { t, language } = useTexts();
  const number = (value: number) => formatNumber(value, language);
  const limit = meter.ratings.contractDemand;
  const expected = day.expected
    ? t('expectation.expected', { kWh: number(day.expected.kWh), error: number(day.expected.error) })
    : t('expectation.learning');
  return (
    <div className="figures">
      <KeyFigure value={number(day.kWh)} unit="kWh" note={expected} />
      {day.change !== undefined && day.verdict !== undefined && (
        <KeyFigure
          value={formatChange(day.change, language)}
          unit="%"
          note={t(`expectation.${day.verdict}`)}
          {...(day.verdict === 'above' && { tone: 'ink-p2' })}
        />
      )}
      <div>
        <LiveValue equipment={meter} point="power" size="large" />
        <div className="sub">
          {limit === undefined ? t('expectation.demand') : t('expectation.demandLimit', { limit: number(limit) })}
        </div>
      </div>
      <KeyFigure
        value={day.completeness === undefined ? '–' : formatShare(day.completeness, language)}
        unit="%"
        note={t('expectation.complete')}
      />
    </div>
  );
}

/** What a meter uses that it should not; a meter's own faults, and other trades' alarms, are none of it. */
const energyFaults: readonly string[] = [
  'energy-meter.night-load',
  'energy-meter.demand',
  'energy-meter.low-power-factor',
];

/** The most urgent energy alarm with the machine that it is about, in a sentence. */
function EnergyFinding() {
  const { t, local } = useTexts();
  const { id } = useSite();
  const nameOf = useNames();
  const { data: alarms = [] } = useQuery(openAlarmsQuery(id));
  const standing = alarms.filter((alarm) => alarm.facts.active && isStanding(alarm));
  const finding = byUrgency(standing).find((alarm) => energyFaults.includes(alarm.fault));
  if (!finding) return null;
  return (
    <p className="finding">
      <b>{t('expectation.finding', { machine: nameOf(finding.equipment), detail: local(finding.detail) })}</b>{' '}
      <Link className="link" to={paths.alarm(id, finding.id)}>
        {t('expectation.open')}
      </Link>
    </p>
  );
}
