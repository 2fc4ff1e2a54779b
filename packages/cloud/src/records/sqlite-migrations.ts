import type { DatabaseSync } from 'node:sqlite';
import { PlantroomError } from '@plantroom/base';
import { migrationsOf } from './migrations.ts';
import type { Words } from './tables-plant.ts';

const words: Words = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  rows: ' STRICT',
  keyed: ' STRICT, WITHOUT ROWID',
};

/** The audit log grows at its end and changes nowhere. */
const auditGuards = `
CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_has_no_holes BEFORE INSERT ON audit
WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`;

/** In order, each once, each in one transaction. A migration that was released is never edited; the next one follows. */
const migrations = migrationsOf(words, auditGuards);

/** Brings the tables up to date; the number of the newest migration is kept as `user_version`. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  const done = Number(row?.user_version ?? 0);
  if (done > migrations.length)
    throw new PlantroomError(
      'records-newer',
      `the records are of version ${done}, this program knows ${migrations.length}`,
      {
        hint: 'Start the newer version of the program, or restore the backup that was made before the update.',
      },
    );
  for (let next = done; next < migrations.length; next++) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migrations[next] ?? '');
      database.exec(`PRAGMA user_version = ${next + 1}`);
      database.exec('COMMIT');
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  }
}
