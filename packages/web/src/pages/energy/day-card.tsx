import type { EquipmentView, IntervalView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { intervalsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { useNow } from '../../live/use-now.ts';
import { DayBars } from '../../pictures/day-bars.tsx';
import { dayEnergy } from '../../util/day-energy.ts';
import { formatNumber } from '../../util/numbers.ts';
import { dayStart, formatClock, formatWeekday } from '../../util/time.ts';

/** One day of a meter in 15-minute bars against what was to be expected. */
export function DayCard({ meter }: { readonly meter: EquipmentView }) {
  const { t } = useTexts();
  const place = usePlace();
  const now = useNow();
  const [back, setBack] = useState(0);
  const from = dayStart(now, place.timezone, -back);
  const to = dayStart(now, place.timezone, 1 - back);
  const query = useQuery({ ...intervalsQuery(meter.site, meter.id, { from, to }), refetchInterval: 60_000 });
  return (
    <Card title={t('energy.today', { day: formatWeekday(from, place) })} note={t('energyToday.note')} phone="energy">
      <div className="toolbar">
        <div className="buttons">
          <button type="button" className="button" onClick={() => setBack(back + 1)}>
            {t('energy.earlier')}
          </button>
          <button type="button" className="button" disabled={back === 0} onClick={() => setBack(back - 1)}>
            {t('energy.later')}
          </button>
        </div>
      </div>
      <Ready query={query}>{(items) => <Day meter={meter} items={items} from={from} to={to} now={now} />}</Ready>
    </Card>
  );
}

interface DayProps {
  readonly meter: EquipmentView;
  readonly items: readonly IntervalView[];
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

function Day({ meter, items, from, to, now }: DayProps) {
  const { t, local, language } = useTexts();
  const { kWh, demand } = dayEnergy(items, from, now);
  const label = t('energyToday.picture', {
    meter: local(meter.name),
    kWh: formatNumber(kWh, language),
    kW: formatNumber(demand ?? 0, language),
  });
  return (
    <>
      <DayBars items={items} from={from} to={to} now={now} label={label} />
      <IntervalTable items={items.filter((item) => item.start < now)} />
    </>
  );
}

function IntervalTable({ items }: { readonly items: readonly IntervalView[] }) {
  const { t, language } = useTexts();
  const place = usePlace();
  const figure = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : formatNumber(value, language, 2);
  return (
    <details className="as-table">
      <summary>{t('energy.todayTable')}</summary>
      <div className="scroll">
        <table className="table dense">
          <thead>
            <tr>
              <th scope="col">{t('energy.time')}</th>
              <th scope="col" className="number">
                {t('energy.col.kWh')}
              </th>
              <th scope="col" className="number">
                {t('energy.interval.expected')}
              </th>
              <th scope="col">{t('energy.interval.status')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.start}>
                <td>{formatClock(item.start, place)}</td>
                <td className="number">{figure(item.kWh)}</td>
                <td className="number">{figure(item.expected?.kWh)}</td>
                <td>{t(`interval.${item.status}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
