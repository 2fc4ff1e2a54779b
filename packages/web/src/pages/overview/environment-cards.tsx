import { pointKey } from '@plantroom/model';
import type { EquipmentView } from '@plantroom/model/api';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { byEquipment } from '../../api/latest-state.ts';
import { Card } from '../../components/card.tsx';
import { LiveValue } from '../../components/live-value.tsx';
import { PrioritySymbol } from '../../components/priority-symbol.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { Tank } from '../../pictures/tank.tsx';
import { believed, equipmentFreshness } from '../../util/freshness.ts';
import { paths } from '../../util/paths.ts';
import { formatSpan } from '../../util/time.ts';

export function TanksCard({ tanks }: { readonly tanks: readonly EquipmentView[] }) {
  const { t, local } = useTexts();
  const site = useSite();
  const latest = useLatestState();
  const now = useNow();
  return (
    <Card title={t('tanks.title')} span={4}>
      <ul className="tanks">
        {tanks.map((tank) => (
          <li key={tank.id}>
            <Link to={paths.equipment(site.id, tank.id)} className="tank-link">
              <Tank level={believed(latest[pointKey(tank.id, 'level')], now)} width={60} height={120} />
              <span className="tank-text">
                <span className="pump-name">
                  {local(tank.name)} {tank.priority !== null && <PrioritySymbol priority={tank.priority} />}
                </span>{' '}
                <LiveValue equipment={tank} point="level" size="large" />{' '}
                {tank.points.includes('depth') && (
                  <span className="sub">
                    <LiveValue equipment={tank} point="depth" quiet />
                  </span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What a sensor reads; of a silent one only what it said last, and since when it is silent. */
function SensorValues({ sensor }: { readonly sensor: EquipmentView }) {
  const { t, language } = useTexts();
  const now = useNow();
  const { isSilent, heardAt } = equipmentFreshness(byEquipment(useLatestState()).get(sensor.id) ?? [], now);
  const own = quantities.filter((point) => sensor.points.includes(point));
  return (
    <span className="sensor-values">
      {(isSilent ? own.slice(0, 1) : own).map((point) => (
        <Fragment key={point}>
          <LiveValue equipment={sensor} point={point} quiet />{' '}
        </Fragment>
      ))}
      {isSilent && heardAt !== undefined && (
        <span className="value-age">{t('freshness.silentFor', { age: formatSpan(now - heardAt, language) })}</span>
      )}
    </span>
  );
}

const quantities = ['temperature', 'humidity', 'co2', 'pm25'] as const;

export function EnvironmentCard({ sensors }: { readonly sensors: readonly EquipmentView[] }) {
  const { t, local } = useTexts();
  const site = useSite();
  return (
    <Card title={t('environment.title')} note={t('environment.count', { count: sensors.length })} span={8}>
      <ul className="sensors">
        {sensors.map((sensor) => (
          <li key={sensor.id}>
            <Link to={paths.equipment(site.id, sensor.id)} className="sensor">
              <span className="pump-name">{local(sensor.name)}</span>{' '}
              {sensor.priority !== null && <PrioritySymbol priority={sensor.priority} />}
              <SensorValues sensor={sensor} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
