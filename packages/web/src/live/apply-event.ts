import type { AlarmView, GatewayView, LiveEvent, WorkOrderView } from '@plantroom/model/api';
import { isOpen } from '@plantroom/operations';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from '../api/keys.ts';
import { type LatestState, mergeLatest } from '../api/latest-state.ts';
import type { ListOf } from '../api/queries.ts';

interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** A record newer than what is held takes its place at the same spot; a new one comes first. */
export function upsert<T extends Versioned>(items: readonly T[], item: T): T[] {
  const held = items.find((each) => each.id === item.id);
  if (held === undefined) return [item, ...items];
  if (held.version > item.version) return [...items];
  return items.map((each) => (each.id === item.id ? item : each));
}

export function upsertOpen<T extends Versioned>(items: readonly T[], item: T, open: boolean): T[] {
  return open ? upsert(items, item) : items.filter((each) => each.id !== item.id);
}

type Pages<T> = InfiniteData<ListOf<T>, string | undefined>;

function upsertInPages<T extends Versioned>(data: Pages<T>, item: T): Pages<T> {
  const at = data.pages.findIndex((page) => page.items.some((each) => each.id === item.id));
  const target = Math.max(0, at);
  return {
    ...data,
    pages: data.pages.map((page, index) => (index === target ? { ...page, items: upsert(page.items, item) } : page)),
  };
}

export function takeAlarm(client: QueryClient, alarm: AlarmView): void {
  const { site } = alarm;
  client.setQueryData<AlarmView[]>(
    keys.openAlarms(site),
    (held) => held && upsertOpen(held, alarm, alarm.endedAt === null),
  );
  client.setQueryData<Pages<AlarmView>>(keys.allAlarms(site), (held) => held && upsertInPages(held, alarm));
  client.setQueryData<AlarmView>(keys.alarm(alarm.id), (held) => (held && held.version > alarm.version ? held : alarm));
  // Each machine carries its most urgent alarm.
  void client.invalidateQueries({ queryKey: keys.equipment(site) });
}

export function takeOrder(client: QueryClient, order: WorkOrderView): void {
  const { site } = order;
  client.setQueryData<WorkOrderView[]>(
    keys.openOrders(site),
    (held) => held && upsertOpen(held, order, isOpen(order.state)),
  );
  client.setQueryData<Pages<WorkOrderView>>(keys.allOrders(site), (held) => held && upsertInPages(held, order));
  client.setQueryData<WorkOrderView>(keys.order(order.id), (held) =>
    held && held.version > order.version ? held : order,
  );
}

function takeGateway(client: QueryClient, gateway: GatewayView): void {
  client.setQueryData<GatewayView[]>(keys.gateways(gateway.site), (held) =>
    held?.some((each) => each.id === gateway.id)
      ? held.map((each) => (each.id === gateway.id ? gateway : each))
      : held && [...held, gateway],
  );
}

/** Brings a committed change of a site into what the pages show. */
export function applyEvent(client: QueryClient, site: string, event: LiveEvent): void {
  switch (event.type) {
    case 'latest':
      client.setQueryData<LatestState>(keys.latest(site), (held = {}) => mergeLatest(held, event.items));
      return;
    case 'alarm':
      takeAlarm(client, event.alarm);
      return;
    case 'work-order':
      takeOrder(client, event.order);
      return;
    case 'gateway':
      takeGateway(client, event.gateway);
      return;
    case 'intervals':
      for (const equipment of event.equipment)
        void client.invalidateQueries({ queryKey: [...keys.energy(site), equipment] });
      return;
    case 'model':
      missedEvents(client, site);
      return;
    case 'tick':
      return;
  }
}

/** Asks again for everything that events keep current, after some may have been missed. */
export function missedEvents(client: QueryClient, site: string): void {
  const queryKeys = [keys.sites, keys.equipment(site), keys.gateways(site), keys.energy(site)];
  for (const queryKey of [...queryKeys, ['alarms', site], ['orders', site], ['alarm'], ['order']])
    void client.invalidateQueries({ queryKey });
}
