import type { DeviceEvent, Interval } from '@plantroom/model';
import type { GapRecord } from '@plantroom/model/wire';
import { intervalRank } from './interval-rank.ts';
import type { Origin } from './origin.ts';
import type { Database } from './schema.ts';

/**
 * Keeps the highest revision of each interval, one of each gateway; gives the meters that have new figures, with their
 * starts.
 */
export async function storeIntervals(
  db: Database,
  { site, gateway }: Origin,
  intervals: readonly Interval[],
): Promise<Map<string, number[]>> {
  const changed = new Map<string, number[]>();
  for (const { equipment, start, kWh, status, reason, revision } of intervals) {
    const figures = { kwh: kWh, status, reason: reason ?? null, revision };
    const result = await db
      .insertInto('intervals')
      .values({ site, gateway, equipment, start, ...figures })
      .onConflict((c) =>
        c
          .columns(['site', 'equipment', 'start', 'gateway'])
          .doUpdateSet(figures)
          .whereRef('intervals.revision', '<', 'excluded.revision'),
      )
      .executeTakeFirst();
    if ((result.numInsertedOrUpdatedRows ?? 0n) > 0n)
      changed.set(equipment, [...(changed.get(equipment) ?? []), start]);
  }
  return changed;
}

/** Where two gateways have sent one interval, that of the one that has the meter. */
export async function readIntervals(
  db: Database,
  site: string,
  equipment: readonly string[],
  from: number,
  to: number,
): Promise<Interval[]> {
  if (equipment.length === 0) return [];
  const rows = await db
    .selectFrom('intervals')
    .selectAll()
    .where('site', '=', site)
    .where('equipment', 'in', equipment)
    .where('start', '>=', from)
    .where('start', '<', to)
    .orderBy('equipment')
    .orderBy('start')
    .execute();
  const same = (a: (typeof rows)[number] | undefined, b: (typeof rows)[number]) =>
    a?.equipment === b.equipment && a.start === b.start;
  const twice = rows.some((r, n) => same(rows[n - 1], r));
  const rank = twice ? await intervalRank(db, site) : undefined;
  const sorted = rank ? rows.toSorted((a, b) => (same(a, b) ? rank(a, b) : 0)) : rows;
  const best = sorted.filter((r, n) => !same(sorted[n - 1], r));
  return best.map((r) => ({
    equipment: r.equipment,
    start: r.start,
    kWh: r.kwh,
    status: r.status as Interval['status'],
    ...(r.reason === null ? {} : { reason: r.reason as NonNullable<Interval['reason']> }),
    revision: r.revision,
  }));
}

/** A panel's report is kept once, as it came first. */
export async function storeDeviceEvents(db: Database, from: Origin, events: readonly DeviceEvent[]): Promise<void> {
  const { site, gateway } = from;
  for (const event of events)
    await db
      .insertInto('device_events')
      .values({
        site,
        gateway,
        id: event.id,
        equipment: event.equipment,
        time: event.time,
        body: JSON.stringify(event),
      })
      .onConflict((c) => c.doNothing())
      .execute();
}

/** The newest events of an equipment, newest first. */
export async function readDeviceEvents(
  db: Database,
  site: string,
  equipment: string,
  limit: number,
): Promise<DeviceEvent[]> {
  const rows = await db
    .selectFrom('device_events')
    .select('body')
    .where((e) => e.and({ site, equipment }))
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((r) => JSON.parse(r.body) as DeviceEvent);
}

export async function storeGaps(db: Database, from: Origin, gaps: readonly GapRecord[]): Promise<void> {
  const { site, gateway } = from;
  for (const gap of gaps)
    await db
      .insertInto('gaps')
      .values({ site, gateway, id: gap.id, from_time: gap.fromTime, body: JSON.stringify(gap) })
      .onConflict((c) => c.doNothing())
      .execute();
}

/** Every hole that gateways of a site have told of, in the order of time. */
export async function readGaps(db: Database, site: string): Promise<(GapRecord & { gateway: string })[]> {
  const rows = await db.selectFrom('gaps').selectAll().where('site', '=', site).orderBy('from_time').execute();
  return rows.map((r) => ({ ...(JSON.parse(r.body) as GapRecord), gateway: r.gateway }));
}
