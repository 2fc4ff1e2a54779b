import { createHash } from 'node:crypto';
import { type Clock, PlantroomError, type Random, retrySchedule } from '@plantroom/base';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import { type ClientBase, type CustomTypesConfig, Pool, type PoolClient, types } from 'pg';
import type { Connection } from './connection.ts';
import { asOpenError, asRecordsError, failureOf, isConnectionLost, type Place } from './postgres-errors.ts';
import { holdPostgresLock } from './postgres-lock.ts';
import { migratePostgres } from './postgres-migrations.ts';
import type { Database, Tables } from './schema.ts';

/** Where records are kept on a server. */
export interface PostgresOptions {
  /** `postgres://user@host:port/database`, with the driver's parameters (`sslmode`, `host` for a socket's folder). */
  readonly url: string;
  readonly password?: string | undefined;
  /** Most connections of this process; 10 unless told. */
  readonly connections?: number | undefined;
}

/** ms until a connection must stand, or be free in the pool. */
const connecting = 5000;
/** ms that a statement, and the wait for a lock in it, may take; the server ends it then. */
const statement = 20_000;
const lockWait = 10_000;
/** ms after which the driver stops waiting for an answer: the server itself may be gone without a word. */
const answer = 25_000;
/** ms of a transaction without a statement: its process has stopped in the middle, and others wait for its locks. */
const idleTransaction = 5000;

/** The oldest that the project was tested with is 15; 13 has all that is used. */
const oldestServer = 130_000;

/** Attempts at work that others were in the way of, and at work that found no server. */
const attempts = { repeat: 10, wait: 4 } as const;

const int8 = 20;

/** A 64-bit integer as a number; all of ours are ms, counts and sequences. Throws instead of rounding. */
export function parseInteger(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new PlantroomError('records-number', `${text} in the records is beyond 2^53 and cannot be read exactly`);
}

const parsers: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? parseInteger : types.getTypeParser(oid, format as 'text'),
};

/** The password as a parameter, since the address of a socket has no place for it; it counts like the one before the host. */
function addressOf({ url, password }: PostgresOptions): string {
  const address = new URL(url);
  if (password !== undefined) address.searchParams.set('password', password);
  return address.href;
}

function poolOf(options: PostgresOptions): Pool {
  const pool = new Pool({
    connectionString: addressOf(options),
    max: options.connections ?? 10,
    application_name: 'plantroom',
    connectionTimeoutMillis: connecting,
    idleTimeoutMillis: 60_000,
    statement_timeout: statement,
    lock_timeout: lockWait,
    idle_in_transaction_session_timeout: idleTransaction,
    query_timeout: answer,
    keepAlive: true,
    types: parsers,
    // What is acknowledged is on disk, whatever the server does for others.
    options: '-c synchronous_commit=on',
  });
  // A connection that ends is noticed by whoever uses it next; without these two, its end would be the process's.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Connections that were lost, or still wait for an answer, never go back to the pool. */
function withoutBroken(pool: Pool): PostgresPool {
  const known = new WeakMap<PoolClient, PostgresPoolClient>();
  const wrap = (client: PoolClient): PostgresPoolClient => {
    let broken = false;
    client.on('error', () => {
      broken = true;
    });
    const query = async (text: string, parameters: readonly unknown[]) => {
      if (broken) throw new Error('the connection is broken');
      try {
        return await client.query(text, [...parameters]);
      } catch (thrown) {
        broken ||= isConnectionLost(thrown);
        throw thrown;
      }
    };
    return {
      query: query as unknown as PostgresPoolClient['query'],
      release: (destroy) => client.release(destroy || broken),
    };
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const wrapped = known.get(client) ?? wrap(client);
      known.set(client, wrapped);
      return wrapped;
    },
  };
}

/**
 * Connects, checks the server, and brings the tables up to date. Transactions are READ COMMITTED and take named locks first
 * (see Connection): every statement then sees what was committed before the lock was had, nobody fails because another was
 * faster, and unique indexes stay as the last word. What fails all the same is repeated, with jitter, a few times.
 * Throws PlantroomError `records-open`, `records-newer` or `records-changed`; `records-unavailable` while nobody answers.
 */
export async function connectPostgres(options: PostgresOptions, clock: Clock, random: Random): Promise<Connection> {
  const place = placeOf(options.url);
  const { where } = place;
  const pool = poolOf(options);
  try {
    await prepare(pool, clock);
  } catch (thrown) {
    await pool.end();
    throw asOpenError(thrown, place);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: withoutBroken(pool) }) });
  const repeated = <T>(work: (again: boolean) => Promise<T>) => repeat(work, clock, random, where);
  return {
    run: (work) => repeated(() => work(db)),
    atomic: (locks, work) =>
      repeated((again) =>
        db
          .transaction()
          .setIsolationLevel('read committed')
          .execute(async (t) => {
            await lock(t, locks);
            return work(t, again);
          }),
      ),
    hold: (name) => holdPostgresLock(addressOf(options), keyOf(`held/${name}`), clock, where),
    async close() {
      await db.destroy();
      // It ends no pool that it has not used, whose idle connections would keep the process for a minute.
      if (!pool.ended) await pool.end();
    },
  };
}

/** The address for messages, without what is secret. */
function placeOf(url: string): Place {
  const { host, pathname, username, searchParams } = new URL(url);
  return {
    where: `postgres://${host || (searchParams.get('host') ?? '')}${pathname}`,
    user: decodeURIComponent(username) || 'the user',
    database: decodeURIComponent(pathname.slice(1)),
  };
}

async function prepare(pool: Pool, clock: Clock): Promise<void> {
  const client = await pool.connect();
  try {
    await checkServer(client);
    await migratePostgres(client, clock.now());
    client.release();
  } catch (thrown) {
    client.release(true);
    throw thrown;
  }
}

async function checkServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
  );
  const { version, encoding } = rows[0] as { version: number; encoding: string };
  if (version < oldestServer)
    throw new PlantroomError('records-open', `PostgreSQL ${Math.floor(version / 10_000)} is too old`, {
      hint: `Use PostgreSQL ${oldestServer / 10_000} or newer.`,
    });
  if (encoding !== 'UTF8')
    throw new PlantroomError('records-open', `the database of the records has the encoding ${encoding}, not UTF8`, {
      hint: 'Create it anew: createdb --encoding=UTF8 --template=template0.',
    });
}

/** An advisory lock's number from its name. */
const keyOf = (name: string) => createHash('sha256').update(name).digest().readBigInt64BE().toString();

/** Waits for the locks, always in the same order; they go with the transaction. A clash of two keys costs only a wait. */
async function lock(db: Database, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const keys = names.map(keyOf).sort();
  await sql`SELECT pg_advisory_xact_lock(key) FROM unnest(${keys}::bigint[]) AS key`.execute(db);
}

/** When the server did not answer, the work was perhaps done: from then on it is told that it may be there. */
async function repeat<T>(
  work: (again: boolean) => Promise<T>,
  clock: Clock,
  random: Random,
  where: string,
): Promise<T> {
  const delays = retrySchedule({ initial: 20, maximum: 1000, jitter: 1, random });
  let again = false;
  for (let n = 1; ; n++) {
    try {
      return await work(again);
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure === 'other' || failure === 'unstorable' || n >= attempts[failure])
        throw asRecordsError(thrown, where);
      again ||= failure === 'wait';
      await clock.sleep(delays.next().value);
    }
  }
}
