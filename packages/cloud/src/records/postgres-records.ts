import { type Clock, systemClock, systemRandom } from '@plantroom/base';
import type { Records } from './contract.ts';
import { connectPostgres, type PostgresOptions } from './postgres-database.ts';
import { recordsOver } from './records.ts';

/**
 * Opens the records on a PostgreSQL server, for any number of processes at once; a promise resolves when its change is
 * committed there. Throws PlantroomError `records-open`, `records-newer` or `records-changed`; later on
 * `records-unavailable` while the server cannot be used and `records-unstorable` for data that it never takes.
 */
export async function openPostgresRecords(options: PostgresOptions, clock: Clock = systemClock): Promise<Records> {
  return recordsOver(await connectPostgres(options, clock, systemRandom), clock);
}
