import type { LocalText } from '@plantroom/model';
import type { AlarmView, EquipmentView, WorkOrderView } from '@plantroom/model/api';

export type Found =
  | { readonly type: 'equipment'; readonly equipment: EquipmentView }
  | { readonly type: 'alarm'; readonly alarm: AlarmView; readonly name: LocalText }
  | { readonly type: 'order'; readonly order: WorkOrderView; readonly name: LocalText };

export interface Searched {
  readonly equipment: readonly EquipmentView[];
  readonly alarms: readonly AlarmView[];
  readonly orders: readonly WorkOrderView[];
}

const limit = 12;

/** Every word of the query must occur, in either language; without a query what is wrong comes first. */
export function find(query: string, { equipment, alarms, orders }: Searched): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: (string | LocalText)[]) => {
    const hay = texts
      .map((text) => (typeof text === 'string' ? text : `${text.en} ${text.zh}`))
      .join(' ')
      .toLowerCase();
    return words.every((word) => hay.includes(word));
  };
  const nameOf = (id: string): LocalText => equipment.find((each) => each.id === id)?.name ?? { en: id, zh: id };
  const machines = equipment
    .filter((each) => fits(each.id, each.name, each.place))
    .map((each): Found => ({ type: 'equipment', equipment: each }));
  const open = [
    ...alarms
      .map((alarm): Found & { type: 'alarm' } => ({ type: 'alarm', alarm, name: nameOf(alarm.equipment) }))
      .filter(({ alarm, name }) => fits(name, alarm.title, alarm.detail)),
    ...orders
      .map((order): Found & { type: 'order' } => ({ type: 'order', order, name: nameOf(order.equipment) }))
      .filter(({ order, name }) => fits(order.number, name, order.title)),
  ];
  const all: Found[] = words.length === 0 ? [...open, ...machines] : [...machines, ...open];
  return all.slice(0, limit);
}
