import { PlantroomError } from '@plantroom/base';
import { allHanded } from './handed-sqlite.ts';
import type { SqliteSession } from './session-sqlite.ts';

const entryColumns = `lane TEXT NOT NULL, sequence INTEGER NOT NULL, history INTEGER NOT NULL, revision TEXT NOT NULL,
  time INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, items INTEGER NOT NULL, size INTEGER NOT NULL,
  crc INTEGER NOT NULL, bytes BLOB NOT NULL`;

// `lanes` keeps the books by itself: summing the entries after a day without network would read the whole log.
const first = () => `
  CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS lanes (
    lane TEXT PRIMARY KEY, next INTEGER NOT NULL DEFAULT 1, entries INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0, buffered INTEGER NOT NULL DEFAULT 0, produced INTEGER NOT NULL DEFAULT 0,
    stored INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS entries (${entryColumns});
  CREATE UNIQUE INDEX IF NOT EXISTS entries_in_order ON entries (lane, history, sequence);
  CREATE TABLE IF NOT EXISTS quarantine (${entryColumns}, code TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (lane, sequence));
  CREATE TABLE IF NOT EXISTS models (revision TEXT PRIMARY KEY, content TEXT NOT NULL, frame BLOB);
  CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  INSERT OR IGNORE INTO lanes (lane) VALUES ('events'), ('telemetry');
`;

/**
 * An epoch for each opening: entries that wait keep theirs, and their order is that of their rows. The column comes
 * with a default instead of a copy, since a full log may be as large as the disk that is left.
 */
const epochForEachOpening = (session: SqliteSession) => {
  const epoch = (session.text("SELECT value FROM about WHERE name = 'epoch'") ?? '').replaceAll("'", "''");
  return `
    ALTER TABLE entries ADD COLUMN epoch TEXT NOT NULL DEFAULT '${epoch}';
    DROP INDEX entries_in_order;
    CREATE INDEX entries_in_order ON entries (lane, history);
    CREATE UNIQUE INDEX entries_by_name ON entries (epoch, lane, sequence);
    ALTER TABLE quarantine RENAME TO quarantine_before;
    CREATE TABLE quarantine (${entryColumns}, epoch TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL,
      PRIMARY KEY (epoch, lane, sequence));
    INSERT INTO quarantine SELECT lane, sequence, history, revision, time, first, last, items, size, crc, bytes,
      '${epoch}', code, reason FROM quarantine_before ORDER BY lane, sequence;
    DROP TABLE quarantine_before;
    DELETE FROM about WHERE name = 'epoch';
  `;
};

/** What became of samples, apart: dropped ones alone were counted before. */
const thinnedAndCorrupt = () => `
  ALTER TABLE lanes ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE lanes ADD COLUMN corrupt INTEGER NOT NULL DEFAULT 0;
`;

/**
 * Thinning: what an entry stands for beside its own samples, how far it has been thinned, and what was given to a reader.
 * Entries of earlier versions may have been sent.
 */
const thinning = () => `
  ALTER TABLE entries ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE entries ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE quarantine ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE quarantine ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX entries_by_stage ON entries (lane, history, stage);
  CREATE TABLE handed (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
  ${allHanded};
`;

/** Steps from one layout of the file to the next; its `user_version` is the number of those it has behind it. */
const steps: readonly ((session: SqliteSession) => string)[] = [
  first,
  epochForEachOpening,
  thinnedAndCorrupt,
  thinning,
];

/** Brings a file to this version's layout; throws PlantroomError `newer-data-directory` when it is past that. */
export function migrate(session: SqliteSession, file: string): void {
  const version = session.number('PRAGMA user_version') ?? 0;
  if (version > steps.length)
    throw new PlantroomError('newer-data-directory', `${file} was written by a newer version of Plantroom.`, {
      hint: 'Start that version, or give this one a data directory of its own.',
    });
  if (version === steps.length) return;
  session.together(() => {
    for (const step of steps.slice(version)) session.script(step(session));
    session.script(`PRAGMA user_version = ${steps.length}`);
  });
}
