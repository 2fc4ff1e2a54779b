import type { AlarmView } from '@plantroom/model/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { allAlarmsQuery, openAlarmsQuery } from '../../api/queries.ts';
import { Age } from '../../components/age.tsx';
import { AlarmStateChip } from '../../components/alarm-state-chip.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/notice.tsx';
import { PrioritySymbol } from '../../components/priority-symbol.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useSite } from '../../layout/site-context.ts';
import { serverClock } from '../../live/server-clock.ts';
import { alarmsAnHour, byUrgency, isStanding } from '../../util/alarms.ts';
import { formatNumber } from '../../util/numbers.ts';
import { paths } from '../../util/paths.ts';

const shown = 5;

function useRate(): string | undefined {
  const { t, language } = useTexts();
  const { id, timezone } = useSite();
  const { data } = useInfiniteQuery(allAlarmsQuery(id));
  if (!data) return undefined;
  const alarms = data.pages.flatMap((page) => page.items);
  const rate = alarmsAnHour(alarms, timezone, serverClock.now());
  return t('overview.alarmRate', { rate: formatNumber(rate, language, 1) });
}

export function AlarmsCard({ nameOf }: { readonly nameOf: (id: string) => string }) {
  const { t } = useTexts();
  const { id } = useSite();
  const query = useQuery(openAlarmsQuery(id));
  const rate = useRate();
  return (
    <Card title={t('alarms.title')} note={rate} span={8} phone="alarms">
      <Ready query={query}>
        {(open) => {
          const alarms = open.filter(isStanding);
          return alarms.length === 0 ? (
            <Empty title={t('alarms.empty.title')}>{t('alarms.empty.body')}</Empty>
          ) : (
            <>
              <AlarmTable alarms={byUrgency(alarms).slice(0, shown)} nameOf={nameOf} />
              {alarms.length > shown && (
                <p className="card-more">
                  <Link className="link" to={paths.alarms(id)}>
                    {t('overview.moreAlarms', { count: alarms.length })}
                  </Link>
                </p>
              )}
            </>
          );
        }}
      </Ready>
    </Card>
  );
}

function AlarmTable({ alarms, nameOf }: { alarms: readonly AlarmView[]; nameOf: (id: string) => string }) {
  const { t } = useTexts();
  return (
    <table className="table stacked alarm-table">
      <thead>
        <tr>
          <th scope="col" className="narrow">
            <span className="hidden">{t('alarms.priority')}</span>
          </th>
          <th scope="col">{t('alarms.equipment')}</th>
          <th scope="col">{t('alarms.what')}</th>
          <th scope="col">{t('alarms.state')}</th>
          <th scope="col" className="number">
            {t('alarms.since')}
          </th>
          <th scope="col" className="number">
            {t('alarms.order')}
          </th>
        </tr>
      </thead>
      <tbody>
        {alarms.map((alarm) => (
          <AlarmLine key={alarm.id} alarm={alarm} name={nameOf(alarm.equipment)} />
        ))}
      </tbody>
    </table>
  );
}

function AlarmLine({ alarm, name }: { alarm: AlarmView; name: string }) {
  const { local } = useTexts();
  const { id } = useSite();
  return (
    <tr>
      <td>
        <PrioritySymbol priority={alarm.priority} />
      </td>
      <td className="strong">
        <Link to={paths.equipment(id, alarm.equipment)} className="plain">
          {name}
        </Link>
      </td>
      <td className="wide">
        <Link to={paths.alarm(id, alarm.id)} className="plain">
          {local(alarm.detail)}
        </Link>
      </td>
      <td>
        <AlarmStateChip alarm={alarm} />
      </td>
      <td className="number">
        <Age since={alarm.raisedAt} bare />
      </td>
      <td className="number">
        {alarm.order && (
          <Link to={paths.order(id, alarm.order.id)} className="link">
            {alarm.order.number}
          </Link>
        )}
      </td>
    </tr>
  );
}
