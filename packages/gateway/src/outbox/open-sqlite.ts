import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlantroomError, randomId } from '@plantroom/base';
import type { SalvageReport } from './contract.ts';
import { isBusy, isDamage, LogDamage } from './damage.ts';
import { DamagedLog } from './damaged-sqlite.ts';
import { freshRow } from './handed-sqlite.ts';
import { mendWal } from './mend-wal-sqlite.ts';
import { finishSalvage, salvage } from './salvage-sqlite.ts';
import { migrate } from './schema-sqlite.ts';
import { SqliteSession } from './session-sqlite.ts';
import type { WalFinding } from './wal.ts';

/** After an end without goodbye, a file up to this size (bytes) is checked through; damage in a larger one shows when read. */
const checkedSize = 32 * 1024 * 1024;

export interface LogIdentity {
  readonly site: string;
  readonly gateway: string;
}

export interface OpenedLog {
  readonly session: SqliteSession;
  readonly epoch: string;
  /** The first row that no entry has. */
  readonly nextRow: number;
  /** What was saved, when the log had been broken. */
  readonly salvaged?: SalvageReport;
  /** What had changed on the disk, and was mended before anything was read. */
  readonly mended?: WalFinding['damage'];
}

/**
 * Opens or makes the log, in a new epoch: sequences count anew, for a log that went back in time (a lost tail, a
 * restored copy) does not know which it has used. A broken file is replaced by what can be read of it: a gateway must
 * come back without hands. Throws PlantroomError `data-directory-in-use` while another process has it,
 * `foreign-data-directory` when it belongs to another gateway (its frames carry that name for ever), and
 * `newer-data-directory`.
 */
export function openLog(file: string, identity: LogIdentity, now: number): OpenedLog {
  const epoch = randomId(8);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  finishSalvage(file);
  const damage = mendWal(file);
  const mended = damage ? { mended: damage } : {};
  const unclean = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
  try {
    return { ...prepare(file, identity, unclean), epoch, ...mended };
  } catch (thrown) {
    if (isBusy(thrown)) throw inUse(file, thrown);
    if (!isDamage(thrown)) throw thrown;
    return { ...reopenDamaged(file, identity, now, epoch), ...mended };
  }
}

/** Replaces a broken log, which nobody has open, by what can be read of it; throws as `openLog`. */
export function reopenDamaged(file: string, identity: LogIdentity, now: number, epoch = randomId(8)): OpenedLog {
  const owner = ownerOf(identity);
  const salvaged = salvage({
    file,
    owner,
    epoch,
    now,
    create: (half) => prepare(half, identity, false).session,
    refuse: (known) => {
      throw foreign(file, known, owner);
    },
  });
  return { ...prepare(file, identity, false), epoch, salvaged };
}

function prepare(file: string, identity: LogIdentity, check: boolean): Pick<OpenedLog, 'session' | 'nextRow'> {
  // SQLite gives its other files the rights of this one.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  try {
    // FULL must be asked for at every open: a build may default to NORMAL for an existing WAL file, which loses
    // committed transactions at a power cut. EXCLUSIVE keeps a second gateway off the same log.
    database.exec(`PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT; PRAGMA busy_timeout = 5000;`);
    const session = new SqliteSession(database);
    if (check && statSync(file).size <= checkedSize) {
      const found = session.text('PRAGMA quick_check(1)');
      if (found !== 'ok') throw new LogDamage(found ?? 'the check gave no answer');
    }
    migrate(session, file);
    session.together(() => {
      claim(session, file, ownerOf(identity));
      session.run('UPDATE lanes SET next = 1');
    });
    return { session, nextRow: freshRow(session, (session.number('SELECT max(rowid) FROM entries') ?? 0) + 1) };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/**
 * Whom a log belongs to that nobody has open. Throws PlantroomError `unknown-log-owner` when that is not legible: the
 * gateway's own start repairs what can be.
 */
export function ownerOfLog(file: string): LogIdentity {
  const damaged = new DamagedLog(file);
  const [site, gateway] = damaged.owner()?.split('/') ?? [];
  damaged.close();
  if (site !== undefined && gateway !== undefined) return { site, gateway };
  throw new PlantroomError('unknown-log-owner', `${file} does not say which gateway it belongs to.`, {
    hint: 'It is damaged, or another process has it: start its gateway, which saves what can be read.',
  });
}

/** Writes the log's owner at its first opening, checks it at every later one. */
function claim(session: SqliteSession, file: string, owner: string): void {
  const known = session.text("SELECT value FROM about WHERE name = 'owner'") ?? owner;
  if (known !== owner) throw foreign(file, known, owner);
  session.run("INSERT OR IGNORE INTO about VALUES ('owner', ?)", owner);
  if (session.number('SELECT count(*) FROM lanes') !== 2) throw new LogDamage('the books of a lane are missing');
}

function ownerOf({ site, gateway }: LogIdentity): string {
  return `${site}/${gateway}`;
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
