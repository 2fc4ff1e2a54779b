import { join } from 'node:path';
import type { Clock } from '@plantroom/base';
import type { RecordsOptions } from './config-file.ts';
import type { Records } from './records/contract.ts';

/** Opens the records of the configuration; the driver of the other database is not loaded. */
export async function openRecords(options: RecordsOptions, dataDirectory: string, clock: Clock): Promise<Records> {
  if (options.store === 'postgres') {
    const { openPostgresRecords } = await import('./records/postgres-records.ts');
    return openPostgresRecords(options, clock);
  }
  const { openSqliteRecords } = await import('./records/sqlite-records.ts');
  return openSqliteRecords(join(dataDirectory, 'records.sqlite'), clock);
}
