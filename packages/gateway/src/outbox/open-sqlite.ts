import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlantroomError, randomId } from '@plantroom/base';
import { SqliteSession } from './session-sqlite.ts';

const entryColumns = `lane TEXT NOT NULL, sequence INTEGER NOT NULL, history INTEGER NOT NULL, revision TEXT NOT NULL,
  time INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, items INTEGER NOT NULL, size INTEGER NOT NULL,
  crc INTEGER NOT NULL, bytes BLOB NOT NULL`;

// `lanes` keeps the books by itself: summing the entries after a day without network would read the whole log.
const schema = `
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

/** SQLite's result codes: the file is broken, it is no database, another process holds it. */
const corrupt = 11;
const notADatabase = 26;
const busy = 5;

export interface LogIdentity {
  readonly site: string;
  readonly gateway: string;
}

export interface OpenedLog {
  readonly session: SqliteSession;
  readonly epoch: string;
  /** Where a log went that could not be read. */
  readonly setAside?: string;
}

/**
 * Opens or makes the log. A file that is not readable as a database is set aside and a new log with a new epoch begins:
 * a gateway must come back without hands. Throws PlantroomError `data-directory-in-use` while another process has it,
 * and `foreign-data-directory` when it belongs to another gateway (its frames carry that name for ever).
 */
export function openLog(file: string, identity: LogIdentity, now: number): OpenedLog {
  mkdirSync(dirname(file), { recursive: true });
  try {
    return prepare(file, identity);
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (code === busy) throw inUse(file, thrown);
    if (code !== corrupt && code !== notADatabase) throw thrown;
    const setAside = `${file}.unreadable-${now}`;
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(file + suffix)) renameSync(file + suffix, setAside + suffix);
    return { ...prepare(file, identity), setAside };
  }
}

function prepare(file: string, identity: LogIdentity): OpenedLog {
  const database = new DatabaseSync(file);
  try {
    // FULL must be asked for at every open: a build may default to NORMAL for an existing WAL file, which loses
    // committed transactions at a power cut. EXCLUSIVE keeps a second gateway off the same log.
    database.exec(`PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL; BEGIN IMMEDIATE; ${schema} COMMIT; PRAGMA busy_timeout = 5000;`);
    const session = new SqliteSession(database);
    return { session, epoch: identify(session, file, identity) };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Writes the log's owner and epoch at its first opening, checks the owner at every later one. */
function identify(session: SqliteSession, file: string, identity: LogIdentity): string {
  const owner = `${identity.site}/${identity.gateway}`;
  return session.together(() => {
    const known = session.text("SELECT value FROM about WHERE name = 'owner'") ?? owner;
    if (known !== owner) throw foreign(file, known, owner);
    session.run("INSERT OR IGNORE INTO about VALUES ('owner', ?), ('epoch', ?)", owner, randomId(8));
    return session.text("SELECT value FROM about WHERE name = 'epoch'") ?? '';
  });
}

function sqliteCode(thrown: unknown): number | undefined {
  const code = thrown instanceof Error && 'errcode' in thrown ? thrown.errcode : undefined;
  // Extended codes keep the primary one in their lowest byte.
  return typeof code === 'number' ? code & 0xff : undefined;
}

function inUse(file: string, cause: unknown): PlantroomError {
  return new PlantroomError('data-directory-in-use', `Another gateway is using ${dirname(file)}.`, {
    hint: 'Stop it first, or give this one another data directory.',
    cause,
  });
}

function foreign(file: string, known: string, owner: string): PlantroomError {
  return new PlantroomError('foreign-data-directory', `${dirname(file)} holds the log of ${known}, this is ${owner}.`, {
    hint: 'Give this gateway a data directory of its own.',
  });
}
