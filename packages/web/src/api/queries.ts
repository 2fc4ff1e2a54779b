import type {
  AlarmJournal,
  AlarmMetricsView,
  AlarmView,
  CompletenessDays,
  Consumption,
  DeviceEventView,
  EquipmentView,
  FaultView,
  GatewayView,
  IntervalView,
  LatestPoint,
  Series,
  Session,
  Site,
  Statement,
  WorkOrderView,
} from '@plantroom/model/api';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Query } from './client.ts';
import { keys } from './keys.ts';
import { type LatestState, mergeLatest } from './latest-state.ts';

export interface ListOf<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** Reads every page of a list; only for lists that are short by nature (what is open, what stands in a building). */
async function wholeList<T>(path: string, query: Query, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page: ListOf<T> = await call<ListOf<T>>(path, { query: { ...query, after }, signal });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return items;
}

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => call<Session>('/session', { signal }),
  staleTime: 60_000,
});

export const sitesQuery = queryOptions({
  queryKey: keys.sites,
  queryFn: ({ signal }) => wholeList<Site>('/sites', {}, signal),
});

export const equipmentQuery = (site: string) =>
  queryOptions({
    queryKey: keys.equipment(site),
    queryFn: ({ signal }) => wholeList<EquipmentView>('/equipment', { site }, signal),
  });

/** Which faults can be found on a machine; changes with the site file alone. */
export const machineFaultsQuery = (site: string, id: string) =>
  queryOptions({
    queryKey: keys.machineFaults(site, id),
    queryFn: ({ signal }) => wholeList<FaultView>(`/equipment/${site}/${id}/faults`, {}, signal),
  });

/** The newest reports of a panel, asked for again every ten seconds. */
export const deviceEventsQuery = (site: string, equipment: string) =>
  queryOptions({
    queryKey: keys.deviceEvents(site, equipment),
    queryFn: async ({ signal }) =>
      (await call<ListOf<DeviceEventView>>('/device-events', { query: { site, equipment, limit: 20 }, signal })).items,
    refetchInterval: 10_000,
  });

/** Kept current by the live feed; asked for once, and again only when somebody returns to the page. */
export const latestQuery = (site: string) =>
  queryOptions({
    queryKey: keys.latest(site),
    queryFn: async ({ signal }): Promise<LatestState> =>
      mergeLatest({}, (await call<ListOf<LatestPoint>>('/points/latest', { query: { site }, signal })).items),
    staleTime: 60_000,
    // Hundreds of values change four times a second; comparing each would cost more than it saves.
    structuralSharing: false,
  });

export const openAlarmsQuery = (site: string) =>
  queryOptions({
    queryKey: keys.openAlarms(site),
    queryFn: ({ signal }) => wholeList<AlarmView>('/alarms', { site, open: true }, signal),
  });

export const openOrdersQuery = (site: string) =>
  queryOptions({
    queryKey: keys.openOrders(site),
    queryFn: ({ signal }) => wholeList<WorkOrderView>('/work-orders', { site, open: true }, signal),
    // Clocks run even when nothing is said: their state is the server's to tell.
    refetchInterval: 60_000,
  });

const pageSize = 100;

export const allAlarmsQuery = (site: string) =>
  infiniteQueryOptions({
    queryKey: keys.allAlarms(site),
    queryFn: ({ pageParam, signal }) =>
      call<ListOf<AlarmView>>('/alarms', { query: { site, limit: pageSize, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const allOrdersQuery = (site: string) =>
  infiniteQueryOptions({
    queryKey: keys.allOrders(site),
    queryFn: ({ pageParam, signal }) =>
      call<ListOf<WorkOrderView>>('/work-orders', { query: { site, limit: pageSize, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const alarmQuery = (id: string) =>
  queryOptions({
    queryKey: keys.alarm(id),
    queryFn: ({ signal }) => call<AlarmView>(`/alarms/${encodeURIComponent(id)}`, { signal }),
  });

/** Load and answers of a site's alarms; read again every minute. */
export const alarmMetricsQuery = (site: string, span: number, now: () => number) =>
  queryOptions({
    queryKey: [...keys.alarmMetrics(site), span],
    queryFn: ({ signal }) => {
      const to = Math.ceil(now());
      return call<AlarmMetricsView>('/alarm-metrics', { query: { site, from: to - span, to }, signal });
    },
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });

/** How an alarm came to be as it is; `version` makes each new version ask again. */
export const alarmJournalQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: [...keys.alarm(id), 'journal', version],
    queryFn: ({ signal }) => call<AlarmJournal>(`/alarms/${encodeURIComponent(id)}/journal`, { signal }),
    placeholderData: keepPreviousData,
  });

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: keys.order(id),
    queryFn: ({ signal }) => call<WorkOrderView>(`/work-orders/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: 60_000,
  });

export const gatewaysQuery = (site: string) =>
  queryOptions({
    queryKey: keys.gateways(site),
    queryFn: ({ signal }) => wholeList<GatewayView>('/gateways', { site }, signal),
    refetchInterval: 30_000,
  });

/** A day that is over changes only when something arrives late. */
export const statementQuery = (site: string, day: string | undefined) =>
  queryOptions({
    queryKey: [...keys.completeness(site), day ?? 'yesterday'],
    queryFn: ({ signal }) => call<Statement>('/completeness', { query: { site, day }, signal }),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });

export const completenessDaysQuery = (site: string) =>
  queryOptions({
    queryKey: [...keys.completeness(site), 'days'],
    queryFn: ({ signal }) => call<CompletenessDays>('/completeness/days', { query: { site }, signal }),
    refetchInterval: 300_000,
  });

export interface SeriesRequest {
  readonly site: string;
  readonly equipment: string;
  readonly point: string;
  /** ms back from `now`. */
  readonly span: number;
  readonly aggregate: 'mean' | 'last';
}

/** The history of a point up to now; read again as often as a step of it can have grown. */
export const seriesQuery = ({ site, equipment, point, span, aggregate }: SeriesRequest, now: () => number) =>
  queryOptions<Series>({
    queryKey: [...keys.series(site), equipment, point, span, aggregate],
    queryFn: ({ signal }) => {
      const to = Math.ceil(now());
      return call<Series>('/series', {
        query: { site, equipment, point, from: to - span, to, interval: 'auto', aggregate },
        signal,
      });
    },
    refetchInterval: Math.max(10_000, span / 500),
    placeholderData: (previous) => (previous?.point === point ? previous : undefined),
  });

export interface Period {
  readonly from: number;
  readonly to: number;
}

export const intervalsQuery = (site: string, equipment: string, { from, to }: Period) =>
  queryOptions({
    queryKey: [...keys.energy(site), equipment, 'intervals', from, to],
    queryFn: ({ signal }) => wholeList<IntervalView>('/energy/intervals', { site, equipment, from, to }, signal),
    placeholderData: keepPreviousData,
  });

export const consumptionQuery = (site: string, equipment: string, by: Consumption['by'], { from, to }: Period) =>
  queryOptions({
    queryKey: [...keys.energy(site), equipment, by, from, to],
    queryFn: ({ signal }) =>
      call<Consumption>('/energy/consumption', { query: { site, equipment, by, from, to }, signal }),
    placeholderData: keepPreviousData,
  });
