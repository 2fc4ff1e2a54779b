import { type Clock, systemClock } from '@plantroom/base';
import type { Records } from './contract.ts';
import { recordsOver } from './records.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

/**
 * Opens (and creates) the embedded records, for this process alone; a promise resolves when its change is on disk.
 * Throws PlantroomError `records-open` or `records-newer`.
 */
export async function openSqliteRecords(file: string, clock: Clock = systemClock): Promise<Records> {
  const { db, close } = openSqliteDatabase(file);
  return recordsOver(
    {
      run: (work) => work(db),
      // There is one connection, which a transaction has for itself: it needs no locks and loses no answer.
      atomic: (_, work) => db.transaction().execute((t) => work(t, false)),
      hold: async () => ({ lost: new AbortController().signal, release: async () => {} }),
      close,
    },
    clock,
  );
}
