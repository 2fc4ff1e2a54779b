import { useQuery } from '@tanstack/react-query';
import { openOrdersQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/notice.tsx';
import { OrderRow } from '../../components/order-row.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useSite } from '../../layout/site-context.ts';
import { byLimit } from '../../util/orders.ts';

const shown = 4;

export function OrdersCard({ nameOf }: { readonly nameOf: (id: string) => string }) {
  const { t } = useTexts();
  const { id } = useSite();
  const query = useQuery(openOrdersQuery(id));
  const note = query.data && t('overview.ordersOpen', { count: query.data.length });
  return (
    <Card title={t('overview.ordersTitle')} note={note} span={4} phone="orders">
      <Ready query={query}>
        {(orders) =>
          orders.length === 0 ? (
            <Empty title={t('orders.empty.title')}>{t('orders.empty.body')}</Empty>
          ) : (
            <ul className="order-rows">
              {byLimit(orders)
                .slice(0, shown)
                .map((order) => (
                  <OrderRow key={order.id} order={order} name={nameOf(order.equipment)} />
                ))}
            </ul>
          )
        }
      </Ready>
    </Card>
  );
}
