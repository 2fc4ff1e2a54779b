import type { WorkOrderRequest } from '@plantroom/model';
import { sql } from 'kysely';
import { catalogueEntryOf } from './models.ts';
import { addHistory } from './order-history.ts';
import { type Origin, publicIds } from './origin.ts';
import type { Database, Tables } from './schema.ts';

/**
 * Makes an order of a gateway's request, or merges it into the open order of the same (site, equipment, fault, subject).
 * A request that came before changes nothing. Gives the order that changed, and the alarm if it is there.
 */
export async function storeOrderRequest(
  db: Database,
  from: Origin,
  request: WorkOrderRequest,
): Promise<{ readonly order: string; readonly alarm: string | undefined } | undefined> {
  const { site, gateway } = from;
  const known = await db
    .selectFrom('order_requests')
    .select('id')
    .where((e) => e.and({ site, gateway, id: request.id }))
    .executeTakeFirst();
  if (known) return undefined;
  const { equipment, fault, subject } = request;
  const open = await db
    .selectFrom('orders')
    .select(['id', 'state', 'priority', 'raised_at'])
    .where((e) => e.and({ site: from.site, equipment, fault, subject, open: 1 }))
    .executeTakeFirst();
  const order = open ? await merge(db, from, request, open) : await raise(db, from, request);
  const alarm = await db
    .selectFrom('alarms')
    .select(['id', 'ended_at'])
    .where((e) => e.and({ site, gateway, own: request.alarm }))
    .executeTakeFirst();
  if (alarm?.ended_at != null) await noteAlarmEnd(db, from, request.alarm, alarm.ended_at);
  return { order, alarm: alarm?.id };
}

async function raise(db: Database, from: Origin, request: WorkOrderRequest): Promise<string> {
  const { value } = await db
    .updateTable('sequences')
    .set({ value: sql<number>`value + 1` })
    .where('name', '=', 'work-order')
    .returning('value')
    .executeTakeFirstOrThrow();
  const { alarm, equipment, fault, subject, priority, trade, raisedAt } = request;
  const steps = (await catalogueEntryOf(db, from, fault))?.steps ?? [];
  const id = await insertOrder(db, from, request.id, {
    ...{ site: from.site, gateway: from.gateway, equipment, fault, subject, alarm, priority, trade },
    ...{ number: `WO-${value}`, state: 'raised', version: 1, open: 1, occurrences: 1 },
    title: JSON.stringify(request.title),
    assignee: null,
    raised_at: raisedAt,
    steps: JSON.stringify(steps.map(() => ({ doneAt: null, doneBy: null }))),
  });
  await remember(db, from, request, id);
  const entry = { time: raisedAt, actor: from.gateway, action: 'raise', from: null, to: 'raised', comment: '' };
  await addHistory(db, id, entry, request.id);
  return id;
}

async function insertOrder(
  db: Database,
  from: Origin,
  own: string,
  row: Omit<Tables['orders'], 'id'>,
): Promise<string> {
  for (const id of publicIds(from, own)) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('orders')
      .values({ id, ...row })
      .onConflict((c) => c.column('id').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows) return id;
  }
  throw new Error(`work order ${own} of ${from.site}/${from.gateway} found no id`);
}

/**
 * The same fault again: one more occurrence, the more urgent priority, the earlier beginning. An order that was resolved
 * before this occurrence is open work again.
 */
async function merge(
  db: Database,
  from: Origin,
  request: WorkOrderRequest,
  order: Pick<Tables['orders'], 'id' | 'state' | 'priority' | 'raised_at'>,
): Promise<string> {
  const reopens = order.state === 'resolved' && (await resolvedBefore(db, order.id, request.raisedAt));
  const state = reopens ? 'reopened' : order.state;
  await db
    .updateTable('orders')
    .set((e) => ({
      occurrences: e('occurrences', '+', 1),
      priority: Math.min(order.priority, request.priority),
      raised_at: Math.min(order.raised_at, request.raisedAt),
      ...(reopens ? { state, version: e('version', '+', 1) } : {}),
    }))
    .where('id', '=', order.id)
    .execute();
  await remember(db, from, request, order.id);
  const entry = { time: request.raisedAt, actor: from.gateway, action: 'merge', from: order.state, to: state };
  await addHistory(db, order.id, { ...entry, comment: '' }, request.id);
  return order.id;
}

async function resolvedBefore(db: Database, order: string, time: number): Promise<boolean> {
  const last = await db
    .selectFrom('order_history')
    .select('time')
    .where((e) => e.and({ order_id: order, to_state: 'resolved' }))
    .orderBy('n')
    .executeTakeFirst();
  return last === undefined || last.time <= time;
}

async function remember(db: Database, from: Origin, request: WorkOrderRequest, order: string): Promise<void> {
  const { id, alarm } = request;
  await db
    .insertInto('order_requests')
    .values({ id, site: from.site, gateway: from.gateway, alarm, order_id: order })
    .execute();
}

/** Notes in the order of an alarm (by its gateway's own id) that the alarm is over; the order stays as it is. Gives the orders that changed. */
export async function noteAlarmEnd(db: Database, from: Origin, alarm: string, endedAt: number): Promise<string[]> {
  const orders = await db
    .selectFrom('order_requests as r')
    .innerJoin('orders as o', 'o.id', 'r.order_id')
    .select(['o.id', 'o.state'])
    .where((e) => e.and({ 'r.alarm': alarm, 'r.site': from.site, 'r.gateway': from.gateway }))
    .execute();
  const noted: string[] = [];
  for (const { id, state } of orders) {
    const entry = { time: endedAt, actor: from.gateway, action: 'alarm-ended', from: state, to: state, comment: '' };
    if (await addHistory(db, id, entry, alarm)) noted.push(id);
  }
  return noted;
}

/** Gives steps to orders that came before their gateway's model. Gives the orders that changed. */
export async function fillSteps(db: Database, from: Origin): Promise<string[]> {
  const bare = await db
    .selectFrom('orders')
    .select(['id', 'fault'])
    .where((e) => e.and({ site: from.site, gateway: from.gateway, steps: '[]', open: 1 }))
    .execute();
  const filled: string[] = [];
  for (const { id, fault } of bare) {
    const steps = (await catalogueEntryOf(db, from, fault))?.steps ?? [];
    if (steps.length === 0) continue;
    const blank = JSON.stringify(steps.map(() => ({ doneAt: null, doneBy: null })));
    await db.updateTable('orders').set({ steps: blank }).where('id', '=', id).execute();
    filled.push(id);
  }
  return filled;
}
