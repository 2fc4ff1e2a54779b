import { type Alarm, normalFacts } from '@plantroom/model';
import type { AlarmFilter, AlarmRow } from './contract.ts';
import { type Origin, publicIds } from './origin.ts';
import { follows, pageOf, placeOf } from './page.ts';
import type { Database, Tables } from './schema.ts';

/** What a version of an alarm changed. */
export interface AlarmChange {
  /** The id under which it is stored. */
  readonly id: string;
  /** Alarms to show anew; empty when the version was old. */
  readonly changed: readonly string[];
  /** The version is the first that says that the alarm is over. */
  readonly ended: boolean;
}

/** How far a gateway's clock may run ahead of ours, in ms. */
const ahead = 600_000;

/**
 * Keeps an alarm's version unless a newer one is there. An alarm counts as open until it has ended or a later one of its
 * gateway has its identity: the later one proves that it is over, even while its last version is still on the way. What
 * another gateway says of the same equipment stands beside it and proves nothing.
 */
export async function storeAlarm(db: Database, from: Origin, alarm: Alarm, receivedAt: number): Promise<AlarmChange> {
  const { site, gateway } = from;
  const stored = await db
    .selectFrom('alarms')
    .select(['id', 'version', 'ended_at'])
    .where((e) => e.and({ site, gateway, own: alarm.id }))
    .executeTakeFirst();
  if (stored && stored.version >= alarm.version) return { id: stored.id, changed: [], ended: false };
  const { equipment, fault, subject } = alarm;
  const siblings = await db
    .selectFrom('alarms')
    .select(['id', 'own', 'raised_at', 'open'])
    .where((e) => e.and({ site, gateway, equipment, fault, subject }))
    .where('own', '!=', alarm.id)
    .where((e) => e.or([e('open', '=', 1), e('raised_at', '>=', alarm.raisedAt)]))
    .execute();
  // What a clock that was ahead has raised in the future must not stand before every later one until then.
  const isFuture = (raisedAt: number) => raisedAt > receivedAt + ahead;
  const isLater = (s: { own: string; raised_at: number }) =>
    isFuture(s.raised_at) && !isFuture(alarm.raisedAt)
      ? false
      : s.raised_at > alarm.raisedAt || (s.raised_at === alarm.raisedAt && s.own > alarm.id);
  const overtaken = siblings.filter((s) => s.open === 1 && !isLater(s)).map((s) => s.id);
  if (overtaken.length > 0) await db.updateTable('alarms').set({ open: 0 }).where('id', 'in', overtaken).execute();
  const row = {
    ...{ site, gateway, own: alarm.id, equipment, fault, subject },
    priority: alarm.priority,
    raised_at: alarm.raisedAt,
    ended_at: alarm.endedAt,
    version: alarm.version,
    open: alarm.endedAt === null && !siblings.some(isLater) ? 1 : 0,
    facts: JSON.stringify(alarm.facts),
    body: JSON.stringify(alarm),
  };
  if (stored) await db.updateTable('alarms').set(row).where('id', '=', stored.id).execute();
  const id = stored?.id ?? (await insertAlarm(db, from, row));
  return { id, changed: [id, ...overtaken], ended: alarm.endedAt !== null && stored?.ended_at == null };
}

/**
 * Ends an alarm that its gateway does not have: its log was lost or put back to an earlier time, and no version will ever
 * end it. The version stays, so that a later one that is still on its way is taken. Gives the gateway's own id of what it
 * ended.
 */
export async function withdrawAlarm(db: Database, from: Origin, id: string, at: number): Promise<string | undefined> {
  const { site, gateway } = from;
  const row = await db
    .selectFrom('alarms')
    .select(['own', 'body'])
    .where((e) => e.and({ site, gateway, id, open: 1 }))
    .executeTakeFirst();
  if (!row) return undefined;
  const { shelving: _, removal: __, suppression: ___, chattering: ____, ...alarm } = JSON.parse(row.body) as Alarm;
  const facts = { ...normalFacts, acknowledged: alarm.facts.acknowledged };
  const over: Alarm = { ...alarm, facts, endedAt: at, ending: 'withdrawn' };
  const body = { ended_at: at, facts: JSON.stringify(over.facts), body: JSON.stringify(over) };
  await db
    .updateTable('alarms')
    .set({ open: 0, ...body })
    .where('id', '=', id)
    .execute();
  return row.own;
}

async function insertAlarm(db: Database, from: Origin, row: Omit<Tables['alarms'], 'id'>): Promise<string> {
  for (const id of publicIds(from, row.own)) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('alarms')
      .values({ id, ...row })
      .onConflict((c) => c.column('id').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows) return id;
  }
  throw new Error(`alarm ${row.own} of ${from.site}/${from.gateway} found no id`);
}

/** The stored ids of alarms by what their gateway calls them. */
export async function alarmIds(db: Database, { site, gateway }: Origin, own: readonly string[]) {
  if (own.length === 0) return new Map<string, string>();
  const rows = await db
    .selectFrom('alarms')
    .select(['id', 'own'])
    .where((e) => e.and({ site, gateway }))
    .where('own', 'in', own)
    .execute();
  return new Map(rows.map((r) => [r.own, r.id]));
}

export async function readAlarms(
  db: Database,
  filter: AlarmFilter,
): Promise<{ items: AlarmRow[]; next: string | null }> {
  let query = db.selectFrom('alarms').select(['id', 'raised_at', 'site', 'gateway', 'body']);
  if (filter.site !== undefined) query = query.where('site', '=', filter.site);
  if (filter.equipment !== undefined) query = query.where('equipment', '=', filter.equipment);
  if (filter.open !== undefined) query = query.where('open', '=', filter.open ? 1 : 0);
  if (filter.after !== undefined) {
    const place = placeOf(filter.after);
    query = query.where((e) => follows(e, place));
  }
  const found = await query
    .orderBy('raised_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute();
  const { rows, next } = pageOf(found, filter.limit);
  return { items: await withRelations(db, rows), next };
}

export async function readAlarm(db: Database, id: string): Promise<AlarmRow | undefined> {
  const row = await db
    .selectFrom('alarms')
    .select(['id', 'site', 'gateway', 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && (await withRelations(db, [row]))[0];
}

/** Adds the order that stands for each alarm and the newest click that waits for its gateway. */
async function withRelations(
  db: Database,
  rows: readonly { id: string; site: string; gateway: string; body: string }[],
): Promise<AlarmRow[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((r) => r.id);
  const orders = await db
    .selectFrom('order_requests as r')
    .innerJoin('orders as o', 'o.id', 'r.order_id')
    .innerJoin('alarms as a', (join) =>
      join.onRef('a.own', '=', 'r.alarm').onRef('a.site', '=', 'r.site').onRef('a.gateway', '=', 'r.gateway'),
    )
    .select(['a.id as alarm', 'o.id', 'o.number'])
    .where('a.id', 'in', ids)
    // An alarm that was raised again after its order was closed has several: the open one, else the newest, comes last.
    .orderBy('o.open')
    .orderBy('o.raised_at')
    .orderBy('o.id')
    .execute();
  const commands = await db
    .selectFrom('commands')
    .select(['id', 'alarm', 'action', 'time'])
    .where('alarm', 'in', ids)
    .where('done', '=', 0)
    .orderBy('time')
    .execute();
  const orderOf = new Map(orders.map((o) => [o.alarm, { id: o.id, number: o.number }]));
  const pendingOf = new Map(commands.map((c) => [c.alarm, { command: c.id, action: c.action, since: c.time }]));
  return rows.map((r) => ({
    ...(JSON.parse(r.body) as Alarm),
    id: r.id,
    site: r.site,
    gateway: r.gateway,
    order: orderOf.get(r.id) ?? null,
    pending: pendingOf.get(r.id) ?? null,
  }));
}
