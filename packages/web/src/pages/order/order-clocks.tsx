import type { WorkOrderView } from '@plantroom/model/api';
import { Card } from '../../components/card.tsx';
import { RingClock } from '../../components/ring-clock.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { useNow } from '../../live/use-now.ts';
import { formatNumber } from '../../util/numbers.ts';
import { clockNow, isRunning } from '../../util/orders.ts';
import { formatMoment, formatSpan } from '../../util/time.ts';

export function OrderClocks({ order }: { readonly order: WorkOrderView }) {
  const { t } = useTexts();
  return (
    <Card title={t('order.clocks')} phone="orders">
      <ClockLine label={t('clock.respond')} clock={order.respond} />
      <ClockLine label={t('clock.resolve')} clock={order.resolve} />
    </Card>
  );
}

/** One of the two clocks: its limit, and what is left of it or when it was met. */
function ClockLine({ label, clock }: { readonly label: string; readonly clock: WorkOrderView['respond'] }) {
  const { t, language } = useTexts();
  const place = usePlace();
  const now = useNow();
  const current = clockNow(clock, now);
  const span = formatSpan(Math.abs(clock.dueAt - now), language);
  const left = clock.dueAt < now ? t('clock.over', { span }) : t('clock.left', { span });
  const met = clock.metAt === null ? undefined : formatMoment(clock.metAt, now, place);
  const said =
    met !== undefined
      ? t(clock.used > 1 ? 'clock.lateAt' : 'clock.metAt', { time: met })
      : isRunning(clock)
        ? left
        : '';
  const tone = current.state === 'breached' ? 'ink-p1' : current.state === 'at-risk' ? 'ink-p2' : 'muted';
  return (
    <div className="clock-line">
      <RingClock clock={current} size={44} />
      <div>
        <div className="strong">
          {label} {formatMoment(clock.dueAt, now, place)}
        </div>
        <div className={tone}>
          {met === undefined && `${t(`clock.${current.state}`)}${said && t('overview.separator')}`}
          {said}
        </div>
        <div className="muted small">{t('clock.used', { share: formatNumber(clock.used * 100, language) })}</div>
      </div>
    </div>
  );
}
