import type { OrderEntry } from './contract.ts';
import type { Database } from './schema.ts';

/**
 * Adds an entry at the end of an order's history. With a reference (a request's or alarm's id) an entry of the same
 * action is made once; false when it was there.
 */
export async function addHistory(
  db: Database,
  order: string,
  entry: OrderEntry,
  reference: string | null,
): Promise<boolean> {
  const { next } = await db
    .selectFrom('order_history')
    .select((e) => e(e.fn.coalesce(e.fn.max('n'), e.lit(0)), '+', 1).as('next'))
    .where('order_id', '=', order)
    .executeTakeFirstOrThrow();
  const { time, actor, action, from, to, comment } = entry;
  const result = await db
    .insertInto('order_history')
    .values({ order_id: order, n: next, time, actor, action, from_state: from, to_state: to, comment, reference })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** The histories of orders, each from its beginning. */
export async function readHistories(db: Database, orders: readonly string[]): Promise<Map<string, OrderEntry[]>> {
  const histories = new Map<string, OrderEntry[]>(orders.map((id) => [id, []]));
  if (orders.length === 0) return histories;
  const rows = await db
    .selectFrom('order_history')
    .selectAll()
    .where('order_id', 'in', orders)
    .orderBy('order_id')
    .orderBy('n')
    .execute();
  for (const r of rows) {
    const { time, actor, action, comment } = r;
    histories.get(r.order_id)?.push({ time, actor, action, from: r.from_state, to: r.to_state, comment });
  }
  return histories;
}

/** The entries of a proposed history that the stored one does not have; equal entries are told apart by their number. */
export function newEntries(proposed: readonly OrderEntry[], stored: readonly OrderEntry[]): OrderEntry[] {
  const keyOf = (e: OrderEntry) => JSON.stringify([e.time, e.actor, e.action, e.from, e.to, e.comment]);
  const left = new Map<string, number>();
  for (const entry of stored) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + 1);
  return proposed.filter((entry) => {
    const count = left.get(keyOf(entry)) ?? 0;
    if (count > 0) left.set(keyOf(entry), count - 1);
    return count === 0;
  });
}
