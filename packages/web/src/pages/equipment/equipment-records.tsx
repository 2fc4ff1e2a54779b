import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { openAlarmsQuery, openOrdersQuery } from '../../api/queries.ts';
import { Age } from '../../components/age.tsx';
import { AlarmStateChip } from '../../components/alarm-state-chip.tsx';
import { Card } from '../../components/card.tsx';
import { OrderRow } from '../../components/order-row.tsx';
import { PrioritySymbol } from '../../components/priority-symbol.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { byUrgency, isStanding } from '../../util/alarms.ts';
import { formatNumber } from '../../util/numbers.ts';
import { byLimit } from '../../util/orders.ts';
import { paths } from '../../util/paths.ts';
import { ratingOf } from '../../util/ratings.ts';

/** What is open for one machine: alarms first, then the orders for them, then its name plate. */
export function EquipmentRecords({ machine }: { readonly machine: EquipmentView }) {
  return (
    <div className="span-4 stack phone-alarms">
      <MachineAlarms machine={machine} />
      <MachineOrders machine={machine} />
      <Ratings machine={machine} />
    </div>
  );
}

function MachineAlarms({ machine }: { readonly machine: EquipmentView }) {
  const { t, local } = useTexts();
  const query = useQuery(openAlarmsQuery(machine.site));
  return (
    <Card title={t('machine.alarms')}>
      <Ready query={query}>
        {(all) => {
          const mine = all.filter((alarm) => alarm.equipment === machine.id);
          const alarms = byUrgency(mine.filter(isStanding));
          // A loop that is cut hides fifty: what stands must not be looked for among them.
          const hidden = mine.length - alarms.length;
          if (mine.length === 0) return <p className="notice">{t('machine.noAlarms')}</p>;
          return (
            <>
              <ul className="records">
                {alarms.map((alarm) => (
                  <li key={alarm.id}>
                    <Link to={paths.alarm(machine.site, alarm.id)} className="record">
                      <PrioritySymbol priority={alarm.priority} />
                      <span className="record-text">{local(alarm.detail)}</span>{' '}
                      <span className="record-more">
                        <AlarmStateChip alarm={alarm} /> <Age since={alarm.raisedAt} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
              {hidden > 0 && (
                <p className="notice">
                  <Link to={paths.alarms(machine.site)} className="link">
                    {t('machine.hiddenAlarms', { count: hidden })}
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

function MachineOrders({ machine }: { readonly machine: EquipmentView }) {
  const { t, local } = useTexts();
  const query = useQuery(openOrdersQuery(machine.site));
  return (
    <Card title={t('machine.orders')}>
      <Ready query={query}>
        {(all) => {
          const orders = byLimit(all.filter((order) => order.equipment === machine.id));
          if (orders.length === 0) return <p className="notice">{t('machine.noOrders')}</p>;
          return (
            <ul className="order-rows">
              {orders.map((order) => (
                <OrderRow key={order.id} order={order} name={local(machine.name)} />
              ))}
            </ul>
          );
        }}
      </Ready>
    </Card>
  );
}

/** What the name plate says. */
function Ratings({ machine }: { readonly machine: EquipmentView }) {
  const { t, local, language } = useTexts();
  const ratings = Object.entries(machine.ratings);
  if (ratings.length === 0) return null;
  return (
    <Card title={t('machine.ratings')}>
      <dl className="facts">
        {ratings.map(([name, value]) => (
          <div key={name}>
            <dt>{local(ratingOf(name).label)}</dt>
            <dd>
              {formatNumber(value, language, Number.isInteger(value) ? 0 : 2)} {ratingOf(name).unit}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
