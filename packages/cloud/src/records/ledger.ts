import type { EntryName } from './contract.ts';
import type { Database } from './schema.ts';

/** The range that begins last at or before a sequence. */
function rangeBefore(db: Database, entry: EntryName, sequence: number) {
  return db
    .selectFrom('ledger')
    .select(['first', 'last'])
    .where('site', '=', entry.site)
    .where('gateway', '=', entry.gateway)
    .where('epoch', '=', entry.epoch)
    .where('lane', '=', entry.lane)
    .where('first', '<=', sequence)
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function isInLedger(db: Database, entry: EntryName): Promise<boolean> {
  const range = await rangeBefore(db, entry, entry.sequence);
  return range !== undefined && range.last >= entry.sequence;
}

/** Enters a sequence; false when it stands there already. Ranges that meet become one. Call it in a transaction. */
export async function enterInLedger(db: Database, entry: EntryName): Promise<boolean> {
  const { site, gateway, epoch, lane, sequence } = entry;
  const before = await rangeBefore(db, entry, sequence);
  if (before && before.last >= sequence) return false;
  const after = await rangeBefore(db, entry, sequence + 1);
  const meetsAfter = after !== undefined && after.first === sequence + 1;
  const last = meetsAfter ? after.last : sequence;
  const range = (first: number) => ({ site, gateway, epoch, lane, first });
  if (meetsAfter)
    await db
      .deleteFrom('ledger')
      .where((e) => e.and(range(after.first)))
      .execute();
  if (before && before.last === sequence - 1) {
    await db
      .updateTable('ledger')
      .set({ last })
      .where((e) => e.and(range(before.first)))
      .execute();
  } else {
    await db
      .insertInto('ledger')
      .values({ ...range(sequence), last })
      .execute();
  }
  return true;
}
