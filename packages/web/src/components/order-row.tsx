import type { WorkOrderView } from '@plantroom/model/api';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace, useSite } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { clockNow, isRunning, nextLimit } from '../util/orders.ts';
import { paths } from '../util/paths.ts';
import { formatMoment, formatSpan } from '../util/time.ts';
import { RingClock } from './ring-clock.tsx';

/** The limit that counts now, in words: "accept by 14:32". */
export function useLimitText(order: WorkOrderView): { by: string; left: string; tone: string } {
  const { t, language } = useTexts();
  const place = usePlace();
  const now = useNow();
  const { which, clock } = nextLimit(order);
  const current = clockNow(clock, now);
  const time = formatMoment(clock.dueAt, now, place);
  const by = t(which === 'respond' ? 'clock.respondBy' : 'clock.resolveBy', { time });
  const span = formatSpan(Math.abs(clock.dueAt - now), language);
  if (!isRunning(clock)) return { by, left: t(`clock.${clock.state}`), tone: 'muted' };
  const tone = current.state === 'breached' ? 'ink-p1' : current.state === 'at-risk' ? 'ink-p2' : 'muted';
  return { by, left: clock.dueAt < now ? t('clock.over', { span }) : span, tone };
}

/** An order with its ring: what, which limit, how long. */
export function OrderRow({ order, name }: { readonly order: WorkOrderView; readonly name: string }) {
  const { t, local } = useTexts();
  const site = useSite();
  const now = useNow();
  const { by, left, tone } = useLimitText(order);
  return (
    <li>
      <Link to={paths.order(site.id, order.id)} className="order-row">
        <RingClock clock={clockNow(nextLimit(order).clock, now)} />
        <span className="order-text">
          <span className="strong">
            {name}
            {t('overview.separator')}
            {local(order.title)}
          </span>{' '}
          <span className="sub">
            {order.number}
            {t('overview.separator')}
            {by}
          </span>
        </span>{' '}
        <span className={`order-left ${tone}`}>{left}</span>
      </Link>
    </li>
  );
}
