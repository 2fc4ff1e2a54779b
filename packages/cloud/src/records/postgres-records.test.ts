import { systemClock } from '@plantroom/base';
import { type RunningPostgres, startPostgres, until, withoutServices } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsConformance } from './conformance.ts';
import { alarmOf, batchAt, requestOf } from './conformance-kit.ts';
import { openPostgresRecords } from './postgres-records.ts';

/** Stands still, but for the pauses between attempts. */
const clock = { ...systemClock, now: () => 1_000_000 };
let server: RunningPostgres;
beforeAll(async () => {
  if (!withoutServices) server = await startPostgres();
});
afterAll(() => server?.stop());

const open = (database: string, connections = 4) =>
  openPostgresRecords({ url: server.url(database), password: server.password, connections }, clock);

describe.skipIf(withoutServices)('the PostgreSQL records', () => {
  it.each(recordsConformance)('$name', async ({ run }) => {
    const database = await server.createDatabase();
    let records = await open(database);
    const reopen = async () => {
      await records.close();
      records = await open(database);
    };
    try {
      await run({ records: () => records, reopen });
    } finally {
      await records.close();
    }
  });
});

/** A database with one alarm, one order and three audit entries, which nobody has open. */
async function filled(): Promise<string> {
  const database = await server.createDatabase();
  const records = await open(database);
  await records.commitEvents(batchAt(1, { alarms: [alarmOf('a1', 10)], orders: [requestOf('o1', 'a1', 10)] }));
  for (const time of [1, 2, 3]) await records.audit({ time, actor: 'ada', action: 'look', target: 't', detail: '' });
  await records.close();
  return database;
}

describe.skipIf(withoutServices)('the database itself', () => {
  it('is left without a connection, also by who has asked it nothing: that would keep a process that cannot start', async () => {
    const database = await server.createDatabase();
    const connections = () => server.psql(`SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}'`);
    const records = await open(database);
    expect(Number(await connections())).toBeGreaterThan(0);
    await records.close();
    await until('all are gone', async () => (await connections()) === '0', { timeout: 5000 });
  });

  it('refuses a second open alarm or order of one fault', async () => {
    const database = await filled();
    const copy = (table: string, change: string) =>
      server.psql(
        `CREATE TEMP TABLE copied AS SELECT * FROM ${table}; UPDATE copied SET ${change}; INSERT INTO ${table} SELECT * FROM copied`,
        database,
      );
    await expect(copy('alarms', "id = 'other', own = 'other'")).rejects.toThrow(/one_open_alarm/);
    await expect(copy('orders', "id = 'other', number = 'WO-2'")).rejects.toThrow(/one_open_order/);
    await copy('orders', "id = 'other', number = 'WO-2', open = 0");
  });

  it('refuses to change the audit log, and the chain tells when it was changed all the same', async () => {
    const database = await filled();
    const gap =
      "INSERT INTO audit SELECT n + 5, time, actor, action, target, detail, previous, 'x' FROM audit WHERE n = 1";
    for (const change of ["UPDATE audit SET actor = 'eve' WHERE n = 2", 'DELETE FROM audit', 'TRUNCATE audit', gap])
      await expect(server.psql(change, database)).rejects.toThrow(/append-only/);
    await server.psql("ALTER TABLE audit DISABLE TRIGGER USER; UPDATE audit SET actor = 'eve' WHERE n = 2", database);
    const records = await open(database);
    expect(await records.verifyAudit()).toEqual({ entries: 1, broken: 2 });
    await records.close();
  });
});

describe.skipIf(withoutServices)('migrations', () => {
  it('run once when several processes start at the same time', async () => {
    const database = await server.createDatabase();
    const all = await Promise.all(Array.from({ length: 8 }, () => open(database, 1)));
    const once = 'SELECT count(*) = max(number), min(applied_at), max(applied_at) FROM migrations';
    expect(await server.psql(once, database)).toBe('t|1000000|1000000');
    await Promise.all(all.map((records) => records.close()));
  });

  it('stop at records of a newer version, and at a migration that was another text', async () => {
    const database = await filled();
    await server.psql("UPDATE migrations SET checksum = 'x'", database);
    await expect(open(database)).rejects.toMatchObject({ code: 'records-changed' });
    const newer = await filled();
    await server.psql("INSERT INTO migrations VALUES (999, 'x', 0)", newer);
    await expect(open(newer)).rejects.toMatchObject({ code: 'records-newer' });
  });

  it('need no right to create tables when there is nothing to do', async () => {
    const database = await filled();
    await server.psql(
      "CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT ALL ON ALL TABLES IN SCHEMA public TO reader; REVOKE CREATE ON SCHEMA public FROM reader",
      database,
    );
    const url = server.url(database).replace('plantroom@', 'reader@');
    const records = await openPostgresRecords({ url, password: 'r' }, clock);
    expect((await records.alarms({ limit: 9 })).items).toHaveLength(1);
    await records.close();
    const empty = await server.createDatabase();
    const refused = openPostgresRecords(
      { url: server.url(empty).replace('plantroom@', 'reader@'), password: 'r' },
      clock,
    );
    await expect(refused).rejects.toThrow(/reader may not create tables/);
  });
});

describe.skipIf(withoutServices)('opening says what is wrong', () => {
  const withUrl = (change: (url: string) => string, password = server?.password) =>
    openPostgresRecords({ url: change(server.url('postgres')), password }, clock);

  it.each<[string, (url: string) => string, RegExp]>([
    ['no server', (url) => url.replace(/:\d+\//, ':1/'), /no PostgreSQL answers there/],
    ['no host', (url) => url.replace('127.0.0.1', 'nowhere.invalid'), /the host has no address/],
    ['no socket', () => 'postgres:///plantroom?host=/nowhere', /no PostgreSQL answers there/],
  ])('%s, which may be otherwise in a moment', async (_, change, message) => {
    await expect(withUrl(change)).rejects.toMatchObject({
      code: 'records-unavailable',
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, (url: string) => string, string | undefined, RegExp]>([
    ['a wrong password', (url) => url, 'wrong', /does not let plantroom in/],
    ['an unknown user', (url) => url.replace('plantroom@', 'eve@'), undefined, /does not let eve in/],
    ['no certificate', (url) => `${url}?sslrootcert=/nowhere/ca.crt`, undefined, /no such file.*\/nowhere\/ca.crt/],
    ['no database', (url) => url.replace(/postgres$/, 'absent'), undefined, /there is no database absent/],
  ])('%s', async (_, change, password, said) => {
    const error = await withUrl(change, password).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'records-open', message: expect.stringMatching(said) });
    expect(String(error)).not.toContain(encodeURIComponent(server.password));
  });

  it('a server that is too old', async () => {
    const old = await server.createDatabase();
    const answer = "SELECT CASE $1 WHEN 'server_version_num' THEN '120022' ELSE pg_catalog.current_setting($1) END";
    const as = `AS $$ ${answer} $$ LANGUAGE sql`;
    await server.psql(`CREATE FUNCTION public.current_setting(text) RETURNS text ${as}`, old);
    await server.psql(`ALTER DATABASE ${old} SET search_path = public, pg_catalog`);
    await expect(open(old)).rejects.toMatchObject({ code: 'records-open', message: 'PostgreSQL 12 is too old' });
  });

  it('another encoding', async () => {
    const latin = await server.createDatabase("TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'");
    await expect(open(latin)).rejects.toThrow(/encoding LATIN1, not UTF8/);
  });
});
