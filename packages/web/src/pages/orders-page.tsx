import type { WorkOrderView } from '@plantroom/model/api';
import { stateLabels } from '@plantroom/operations';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { allOrdersQuery, openOrdersQuery } from '../api/queries.ts';
import { Card } from '../components/card.tsx';
import { Empty } from '../components/notice.tsx';
import { useLimitText } from '../components/order-row.tsx';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Ready } from '../components/ready.tsx';
import { RingClock } from '../components/ring-clock.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNames } from '../components/use-names.ts';
import { usePeople } from '../components/use-people.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { usePlace, useSite } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { byLimit, clockNow, nextLimit, summariseOrders } from '../util/orders.ts';
import { paths } from '../util/paths.ts';
import { formatMoment } from '../util/time.ts';

type Shown = 'open' | 'all';

/** Work orders: open ones by the limit that comes first, or all of them by age. */
export function OrdersPage() {
  const { t } = useTexts();
  const site = useSite();
  const now = useNow();
  const [shown, setShown] = useState<Shown>('open');
  const { data: open } = useQuery(openOrdersQuery(site.id));
  const sentence = open && t('orders.sentence', { count: open.length, overdue: summariseOrders(open, now).overdue });
  const options = [
    { value: 'open' as const, label: t('orders.open') },
    { value: 'all' as const, label: t('orders.all') },
  ];
  return (
    <>
      <PageTitle title={t('orders.title')} sentence={sentence} />
      <div className="toolbar">
        <Segmented label={t('orders.show')} options={options} value={shown} onChange={setShown} />
      </div>
      {shown === 'open' ? <OpenOrders /> : <AllOrders />}
    </>
  );
}

function OpenOrders() {
  const { t } = useTexts();
  const query = useQuery(openOrdersQuery(useSite().id));
  return (
    <Card title={t('orders.open')}>
      <Ready query={query}>
        {(orders) =>
          orders.length === 0 ? (
            <Empty title={t('orders.empty.title')}>{t('orders.empty.body')}</Empty>
          ) : (
            <OrderTable orders={byLimit(orders)} />
          )
        }
      </Ready>
    </Card>
  );
}

function AllOrders() {
  const { t } = useTexts();
  const query = useInfiniteQuery(allOrdersQuery(useSite().id));
  return (
    <Card title={t('orders.all')}>
      <Ready query={query}>
        {({ pages }) => {
          const orders = pages.flatMap((page) => page.items).sort((a, b) => b.raisedAt - a.raisedAt);
          if (orders.length === 0) return <Empty title={t('orders.empty.title')}>{t('orders.empty.body')}</Empty>;
          return <OrderTable orders={orders} />;
        }}
      </Ready>
      {query.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('orders.older')}
        </button>
      )}
    </Card>
  );
}

function OrderTable({ orders }: { readonly orders: readonly WorkOrderView[] }) {
  const { t } = useTexts();
  const nameOf = useNames();
  return (
    <table className="table stacked">
      <thead>
        <tr>
          <th scope="col" className="narrow">
            <span className="hidden">{t('alarms.priority')}</span>
          </th>
          <th scope="col">{t('orders.number')}</th>
          <th scope="col">{t('orders.equipment')}</th>
          <th scope="col">{t('orders.what')}</th>
          <th scope="col">{t('orders.state')}</th>
          <th scope="col">{t('orders.assignee')}</th>
          <th scope="col">{t('orders.raised')}</th>
          <th scope="col">{t('orders.limit')}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <OrderLine key={order.id} order={order} name={nameOf(order.equipment)} />
        ))}
      </tbody>
    </table>
  );
}

function OrderLine({ order, name }: { order: WorkOrderView; name: string }) {
  const { t, local } = useTexts();
  const site = useSite();
  const place = usePlace();
  const now = useNow();
  const personOf = usePeople();
  const { by, left, tone } = useLimitText(order);
  return (
    <tr data-order={order.id}>
      <td>
        <PrioritySymbol priority={order.priority} />
      </td>
      <td>
        <Link to={paths.order(site.id, order.id)} className="link">
          {order.number}
        </Link>
      </td>
      <td className="strong">
        <Link to={paths.equipment(site.id, order.equipment)} className="plain">
          {name}
        </Link>
      </td>
      <td className="wide">{local(order.title)}</td>
      <td>
        <span className="chip">{local(stateLabels[order.state])}</span>
      </td>
      <td className="muted">{order.assignee === null ? t('orders.nobody') : personOf(order.assignee)}</td>
      <td className="muted">{formatMoment(order.raisedAt, now, place)}</td>
      <td>
        <span className="limit">
          <RingClock clock={clockNow(nextLimit(order).clock, now)} size={26} />
          <span>
            <span className={tone}>{left}</span>
            <br />
            <span className="muted small">{by}</span>
          </span>
        </span>
      </td>
    </tr>
  );
}
