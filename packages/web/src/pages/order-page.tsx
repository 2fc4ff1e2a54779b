import type { WorkOrderView } from '@plantroom/model/api';
import { stateLabels } from '@plantroom/operations';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { alarmQuery, orderQuery } from '../api/queries.ts';
import { AlarmEvidence } from '../components/alarm-evidence.tsx';
import { Card } from '../components/card.tsx';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Ready } from '../components/ready.tsx';
import { useNames } from '../components/use-names.ts';
import { usePeople } from '../components/use-people.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { usePlace, useSite } from '../layout/site-context.ts';
import { paths } from '../util/paths.ts';
import { formatFull, formatSpan, minute } from '../util/time.ts';
import { OrderActions } from './order/order-actions.tsx';
import { OrderClocks } from './order/order-clocks.tsx';
import { OrderHistory } from './order/order-history.tsx';
import { OrderSteps } from './order/order-steps.tsx';

/** One order: what to do, how much time is left, what was done. */
export function OrderPage() {
  const { id } = useParams({ from: '/sites/$site/orders/$id' });
  const query = useQuery(orderQuery(id));
  return <Ready query={query}>{(order) => <Order order={order} />}</Ready>;
}

function Order({ order }: { readonly order: WorkOrderView }) {
  const { t, local } = useTexts();
  const site = useSite();
  const name = useNames()(order.equipment);
  const personOf = usePeople();
  const sentence = [
    `<b>${name}</b>`,
    `<b>${local(stateLabels[order.state])}</b>`,
    order.assignee === null ? t('orders.nobody') : personOf(order.assignee),
    t('order.occurrences', { count: order.occurrences }),
  ].join(t('overview.separator'));
  return (
    <>
      <p className="crumb">
        <Link to={paths.orders(site.id)} className="link">
          {t('order.back')}
        </Link>
      </p>
      <PageTitle title={`${order.number} ${local(order.title)}`} sentence={sentence}>
        <PrioritySymbol priority={order.priority} />
      </PageTitle>
      <div className="grid">
        <div className="span-8 stack">
          <OrderSteps order={order} />
          <Card title={t('order.facts')}>
            <Facts order={order} name={name} />
          </Card>
          {order.alarm !== null && <Evidence alarm={order.alarm} />}
          <OrderHistory order={order} />
        </div>
        <div className="span-4 stack">
          <OrderClocks order={order} />
          <OrderActions order={order} />
        </div>
      </div>
    </>
  );
}

/** What the gateway saw when it raised the alarm that this order is for. */
function Evidence({ alarm }: { readonly alarm: string }) {
  const { t, local, language } = useTexts();
  const place = usePlace();
  const { data } = useQuery(alarmQuery(alarm));
  if (!data) return null;
  return (
    <Card title={t('alarm.evidence')} note={formatFull(data.raisedAt, place)}>
      <p className="strong">{local(data.detail)}</p>
      <AlarmEvidence alarm={data} />
      {data.respondWithin !== undefined && (
        <p className="muted after-facts">
          {t('alarm.respondWithin', { span: formatSpan(data.respondWithin * minute, language) })}
        </p>
      )}
    </Card>
  );
}

function Facts({ order, name }: { readonly order: WorkOrderView; readonly name: string }) {
  const { t, local } = useTexts();
  const site = useSite();
  return (
    <>
      <h3>{t('order.cause')}</h3>
      <p>{local(order.cause)}</p>
      <h3>{t('order.consequence')}</h3>
      <p>{local(order.consequence)}</p>
      <h3>{t('order.trade')}</h3>
      <p>{t(`trade.${order.trade}`)}</p>
      <p className="sheet-links">
        <Link to={paths.equipment(site.id, order.equipment)} className="link">
          {t('alarm.trend', { equipment: name })}
        </Link>
        {order.alarm !== null && (
          <Link to={paths.alarm(site.id, order.alarm)} className="link">
            {t('order.alarm')}
          </Link>
        )}
      </p>
    </>
  );
}
