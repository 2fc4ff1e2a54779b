import { atMost, type Clock } from '@plantroom/base';
import { Client } from 'pg';
import type { HeldLock } from './contract.ts';
import { asRecordsError } from './postgres-errors.ts';

/** How often the session of a lock is tried, ms; and how long an answer may take. */
const heartbeat = 3000;
const answer = 5000;
/** ms that the farewell may take. */
const farewell = 1000;
/** ms after which the server ends the session of a holder that froze or vanished, so that another can take the lock. */
const silence = 15_000;

/** A holder that sends nothing is dropped; PostgreSQL 13 knows no end of idle sessions, only of dead connections. */
const prepare = `SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '3', false),
  set_config('tcp_keepalives_count', '3', false),
  CASE WHEN current_setting('server_version_num')::int >= 140000
    THEN set_config('idle_session_timeout', '${silence}', false) END`;

/**
 * Takes a lock for as long as its session lasts: no transaction holds it, and a pool would give its connection to others.
 * Undefined while another session has it. Throws PlantroomError `records-unavailable`.
 */
export async function holdPostgresLock(
  connectionString: string,
  key: string,
  clock: Clock,
  where: string,
): Promise<HeldLock | undefined> {
  const client = new Client({
    ...{ connectionString, application_name: 'plantroom leader', keepAlive: true },
    ...{ connectionTimeoutMillis: answer, query_timeout: answer },
  });
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  try {
    await client.connect();
    await client.query(prepare);
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1::bigint) AS held', [key]);
    if (rows[0]?.held !== true) {
      await client.end();
      return undefined;
    }
  } catch (thrown) {
    client.end().catch(() => {});
    throw asRecordsError(thrown, where);
  }
  const timer = clock.every(heartbeat, () => void client.query('SELECT 1').catch(() => lost.abort()));
  lost.signal.addEventListener('abort', () => {
    timer.cancel();
    client.end().catch(() => {});
  });
  return {
    lost: lost.signal,
    async release() {
      timer.cancel();
      // A server that vanished without a word answers no farewell.
      await atMost(clock, farewell, client.end());
    },
  };
}
