import { PlantroomError } from '@plantroom/base';
import { appendAudit } from './audit.ts';
import type { OrderEntry, OrderFilter, OrderRow } from './contract.ts';
import { addHistory, newEntries, readHistories } from './order-history.ts';
import { follows, pageOf, placeOf } from './page.ts';
import type { Database, Tables } from './schema.ts';

const closedStates: readonly string[] = ['closed', 'cancelled'];

export async function readOrders(
  db: Database,
  filter: OrderFilter,
): Promise<{ items: OrderRow[]; next: string | null }> {
  let query = db.selectFrom('orders').selectAll();
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
  return { items: await withHistories(db, rows), next };
}

export async function readOrder(db: Database, id: string): Promise<OrderRow | undefined> {
  const row = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
  return row && (await withHistories(db, [row]))[0];
}

async function withHistories(db: Database, rows: readonly Tables['orders'][]): Promise<OrderRow[]> {
  const ids = rows.map((r) => r.id);
  const histories = await readHistories(db, ids);
  const alarmOf = await alarmsOf(db, rows);
  return rows.map((r) => ({
    ...{ id: r.id, number: r.number, site: r.site, equipment: r.equipment, fault: r.fault, subject: r.subject },
    ...{ alarm: alarmOf(r), trade: r.trade, state: r.state, version: r.version, assignee: r.assignee },
    priority: r.priority as OrderRow['priority'],
    title: JSON.parse(r.title) as OrderRow['title'],
    raisedAt: r.raised_at,
    occurrences: r.occurrences,
    steps: JSON.parse(r.steps) as OrderRow['steps'],
    history: histories.get(r.id) ?? [],
  }));
}

/** The stored id of each order's alarm: its gateway's own id until the alarm is there, null if that is another's alarm. */
async function alarmsOf(db: Database, orders: readonly Tables['orders'][]) {
  const own = [...new Set(orders.flatMap((o) => o.alarm ?? []))];
  const alarms =
    own.length === 0
      ? []
      : await db.selectFrom('alarms').select(['id', 'own', 'site', 'gateway']).where('own', 'in', own).execute();
  const keyOf = (site: string, gateway: string, alarm: string) => `${site}/${gateway}/${alarm}`;
  const byOwn = new Map(alarms.map((a) => [keyOf(a.site, a.gateway, a.own), a.id]));
  const taken = new Set(alarms.map((a) => a.id));
  return ({ site, gateway, alarm }: Tables['orders']): string | null =>
    alarm === null ? null : (byOwn.get(keyOf(site, gateway, alarm)) ?? (taken.has(alarm) ? null : alarm));
}

/**
 * Writes what people decide: state, assignee, steps and new entries of the history. What gateways add meanwhile (further
 * occurrences, ends of alarms) does not count as a newer version and is kept. False when the version is not `expected`;
 * throws PlantroomError `order-open` when reopening would give a fault two open orders. Call it in a transaction that has
 * locked the site and the audit log. `again`: an earlier attempt was perhaps committed; if the order is as proposed, it was.
 */
export async function updateOrder(
  db: Database,
  order: OrderRow,
  expected: number,
  now: number,
  again: boolean,
): Promise<boolean> {
  const stored = await readOrder(db, order.id);
  if (stored && again && isWritten(order, expected, stored)) return true;
  if (!stored || stored.version !== expected) return false;
  const open = closedStates.includes(order.state) ? 0 : 1;
  if (open === 1) await refuseSecondOpen(db, stored);
  // An order that was read before its steps were known must not take them away.
  const steps = order.steps.length === 0 ? stored.steps : order.steps;
  await db
    .updateTable('orders')
    .set({
      ...{ state: order.state, assignee: order.assignee, open, version: expected + 1 },
      steps: JSON.stringify(steps.map(({ doneAt, doneBy }) => ({ doneAt, doneBy }))),
    })
    .where('id', '=', order.id)
    .execute();
  const added = newEntries(order.history, stored.history);
  for (const entry of added) await addHistory(db, order.id, entry, null);
  await auditChange(db, stored, { ...order, steps }, added, now);
  return true;
}

function isWritten(order: OrderRow, expected: number, stored: OrderRow): boolean {
  const decided = ({ state, assignee }: OrderRow) => JSON.stringify([state, assignee]);
  return (
    stored.version === expected + 1 &&
    decided(stored) === decided(order) &&
    newEntries(order.history, stored.history).length === 0 &&
    order.steps.every(
      ({ doneAt, doneBy }, n) => stored.steps[n]?.doneAt === doneAt && stored.steps[n]?.doneBy === doneBy,
    )
  );
}

async function refuseSecondOpen(db: Database, order: OrderRow): Promise<void> {
  const { site, equipment, fault, subject } = order;
  const other = await db
    .selectFrom('orders')
    .select('number')
    .where((e) => e.and({ site, equipment, fault, subject, open: 1 }))
    .where('id', '!=', order.id)
    .executeTakeFirst();
  if (!other) return;
  throw new PlantroomError('order-open', `${order.number} cannot be open: ${other.number} stands for the same fault`, {
    hint: `Go on with ${other.number}.`,
    context: { order: order.id },
  });
}

async function auditChange(
  db: Database,
  stored: OrderRow,
  order: OrderRow,
  added: readonly OrderEntry[],
  now: number,
): Promise<void> {
  const target = `work-order/${order.id}`;
  for (const { actor, action, from, to, comment } of added) {
    const detail = JSON.stringify({ number: stored.number, from, to, comment });
    await appendAudit(db, { time: now, actor, action: `work-order.${action}`, target, detail });
  }
  for (const [index, step] of order.steps.entries()) {
    const before = stored.steps[index];
    if (before?.doneAt === step.doneAt) continue;
    const detail = JSON.stringify({ number: stored.number, step: index, doneAt: step.doneAt });
    const actor = step.doneBy ?? added.at(-1)?.actor ?? 'unknown';
    await appendAudit(db, { time: now, actor, action: 'work-order.step', target, detail });
  }
}
