import { pointKey } from '@plantroom/model';
import type { AlarmView, EquipmentView, WorkOrderView } from '@plantroom/model/api';
import { byEquipment, type LatestState } from '../../api/latest-state.ts';
import type { UsedTexts } from '../../i18n/use-texts.ts';
import { believed } from '../../util/freshness.ts';
import { type MachineState, machineState } from '../../util/machine-state.ts';
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
  const states = equipment.map((machine) => machineState(machine, points.get(machine.id) ?? [], alarms, now));
  const count = (state: MachineState) => states.filter((each) => each === state).length;
  const told = (['silent', 'doubtful'] as const).filter((state) => count(state) > 0);
  const parts = [
    t('overview.machines', { count: count('well') }),
    ...told.map((state) => t(`overview.${state}`, { count: count(state) })),
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
