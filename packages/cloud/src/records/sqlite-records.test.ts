import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ManualClock } from '@plantroom/base';
import { temporaryDirectory } from '@plantroom/testing';
import { describe, expect, it } from 'vitest';
import { recordsConformance } from './conformance.ts';
import { alarmOf, batchAt, requestOf } from './conformance-kit.ts';
import { openSqliteRecords } from './sqlite-records.ts';

const clock = new ManualClock(1_000_000);

describe('the SQLite records', () => {
  it.each(recordsConformance)('$name', async ({ run }) => {
    using directory = temporaryDirectory();
    const file = join(directory.path, 'data', 'records.sqlite');
    let records = await openSqliteRecords(file, clock);
    const reopen = async () => {
      await records.close();
      records = await openSqliteRecords(file, clock);
    };
    try {
      await run({ records: () => records, reopen });
    } finally {
      await records.close();
    }
  });
});

/** Records with one alarm, one order and three audit entries, closed, and their file as a bare database. */
async function withFile(run: (database: DatabaseSync, file: string) => void | Promise<void>): Promise<void> {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'records.sqlite');
  const records = await openSqliteRecords(file, clock);
  await records.commitEvents(batchAt(1, { alarms: [alarmOf('a1', 10)], orders: [requestOf('o1', 'a1', 10)] }));
  for (const time of [1, 2, 3]) await records.audit({ time, actor: 'ada', action: 'look', target: 't', detail: '' });
  await records.close();
  const database = new DatabaseSync(file);
  try {
    await run(database, file);
  } finally {
    if (database.isOpen) database.close();
  }
}

it('lets the database itself refuse a second open alarm or order of one fault', () =>
  withFile((database) => {
    const copy = (table: string) =>
      `CREATE TEMP TABLE copied AS SELECT * FROM ${table}; UPDATE copied SET id = 'other'; `;
    const alarm = `${copy('alarms')} UPDATE copied SET own = 'other'; INSERT INTO alarms SELECT * FROM copied`;
    expect(() => database.exec(alarm)).toThrow(/UNIQUE/);
    database.exec('DROP TABLE copied');
    const second = `${copy('orders')} UPDATE copied SET number = 'WO-2'; INSERT INTO orders SELECT * FROM copied`;
    expect(() => database.exec(second)).toThrow(/UNIQUE/);
  }));

it('refuses to change the audit log, and notices when the file was changed behind its back', () =>
  withFile(async (database, file) => {
    expect(() => database.exec("UPDATE audit SET actor = 'eve' WHERE n = 2")).toThrow(/append-only/);
    expect(() => database.exec('DELETE FROM audit WHERE n = 3')).toThrow(/append-only/);
    const gap =
      "INSERT INTO audit SELECT n + 5, time, actor, action, target, detail, previous, 'x' FROM audit WHERE n = 1";
    expect(() => database.exec(gap)).toThrow(/append-only/);
    database.exec("DROP TRIGGER audit_is_not_edited; UPDATE audit SET actor = 'eve' WHERE n = 2");
    database.close();
    const records = await openSqliteRecords(file, clock);
    expect(await records.verifyAudit()).toEqual({ entries: 1, broken: 2 });
    await records.close();
  }));

it('is durable at each commit, and belongs to one process', async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, 'records.sqlite');
  const records = await openSqliteRecords(file, clock);
  const second = new DatabaseSync(file, { timeout: 0 });
  expect(() => second.exec('SELECT * FROM users')).toThrow(/locked/);
  second.close();
  await records.close();
});

it('lets go of its file, also when nothing was asked of it', async () => {
  using folder = temporaryDirectory();
  const file = join(folder.path, 'records.sqlite');
  for (let n = 0; n < 2; n++) await (await openSqliteRecords(file)).close();
});

it('does not open records of a newer version', () =>
  withFile(async (database, file) => {
    database.exec('PRAGMA user_version = 999');
    database.close();
    await expect(openSqliteRecords(file, clock)).rejects.toMatchObject({ code: 'records-newer' });
  }));
