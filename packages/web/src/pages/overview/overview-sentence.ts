import { pointKey } from '@plantroom/model';
import type { AlarmView, EquipmentView, WorkOrderView } from '@plantroom/model/api';
import { byEquipment, type LatestState } from '../../api/latest-state.ts';
import type { UsedTexts } from '../../i18n/use-texts.ts';
import { wrongNow } from '../../util/alarms.ts';
import { believed, equipmentFreshness } from '../../util/freshness.ts';
import { isInService, liftNow } from '../../util/lift.ts';
import { formatNumber } from '../../util/numbers.ts';
import { summariseOrders } from '../../util/orders.ts';
import { formatSpan } from '../../util/time.ts';

export interface SiteNow {
  readonly equipment: readonly EquipmentView[];
  readonly latest: LatestState;
  readonly alarms: readonly AlarmView[];
  readonly orders: readonly WorkOrderView[];
  readonly now: number;
}

/** What runs, what does not, what is due: one sentence that can be read out over the phone. */
export function siteSentence({ equipment, latest, alarms, orders, now }: SiteNow, texts: UsedTexts): string {
  const { t } = texts;
  const points = byEquipment(latest);
  const silent = equipment.filter(({ id }) => equipmentFreshness(points.get(id) ?? [], now).isStale);
  const well = equipment.filter(({ id, kind }) => {
    const wrong = wrongNow(alarms, id);
    if (silent.some((each) => each.id === id)) return false;
    if (kind !== 'elevator') return wrong === null;
    return isInService(
      liftNow((name) => latest[pointKey(id, name)], now),
      wrong,
    );
  });
  const parts = [
    t('overview.machines', { count: well.length }),
    ...(silent.length > 0 ? [t('overview.silent', { count: silent.length })] : []),
    alarms.length > 0 ? t('overview.alarms', { count: alarms.length }) : t('overview.noAlarms'),
    orderPart(orders, now, texts),
  ];
  return `${parts.join(t('overview.separator'))}${t('overview.stop')}${outdoors(equipment, latest, now, texts)}`;
}

function orderPart(orders: readonly WorkOrderView[], now: number, { t, language }: UsedTexts): string {
  const { open, overdue, nearest } = summariseOrders(orders, now);
  if (open === 0) return t('overview.noOrders');
  if (nearest === undefined) return t('overview.ordersStanding', { count: open });
  const span = formatSpan(Math.abs(nearest), language);
  return overdue > 0 ? t('overview.overdue', { count: overdue, span }) : t('overview.dueIn', { count: open, span });
}

/** The weather at the door, if a sensor stands there. */
function outdoors(
  equipment: readonly EquipmentView[],
  latest: LatestState,
  now: number,
  { t, language }: UsedTexts,
): string {
  const sensor = equipment.find(({ id, kind }) => kind === 'environment-sensor' && id.includes('outdoor'));
  const value = sensor && believed(latest[pointKey(sensor.id, 'temperature')], now);
  if (value === undefined) return '';
  return t('overview.outdoors', { value: `${formatNumber(value, language, 1)} °C` });
}
