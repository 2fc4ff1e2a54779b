import { clockCorrections } from './clock-corrections.ts';
import { gatewayIdentity } from './identity.ts';
import { alarmJournal, alarmJournalByTime } from './tables-journal.ts';
import { peopleTables } from './tables-people.ts';
import { intervalDays, intervalOrigins, ownIds, plantTables, rollupTables, type Words } from './tables-plant.ts';

/**
 * The migrations of either database, in order, each once. One that was released is never edited; the next one follows. The
 * guards of the audit log are each database's own.
 */
export const migrationsOf = (words: Words, auditGuards: string): readonly string[] => [
  plantTables(words) + peopleTables(words) + auditGuards,
  rollupTables(words),
  alarmJournal(words),
  clockCorrections(words),
  gatewayIdentity(words),
  alarmJournalByTime(),
  intervalDays(words),
  ownIds(words),
  intervalOrigins(words),
];
