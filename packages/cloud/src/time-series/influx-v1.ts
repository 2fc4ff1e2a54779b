import { type Clock, coerceError, errorCode, type Logger, PlantroomError, systemClock } from '@plantroom/base';
import { InfluxDB } from 'influx';
import { type RollupRetention, rollupWidths, type TimeSeriesStore } from './contract.ts';
import { InfluxConnection, shardDays } from './influx-connection.ts';
import { readResults, unreadable } from './influx-results.ts';
import { rollupPolicies } from './influx-rollups.ts';
import { InfluxStore } from './influx-store.ts';

export interface InfluxV1Options {
  /** `http://host:8086`. */
  readonly url: string;
  /** Made if it is not there. */
  readonly database: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Days for which samples are kept, Infinity for ever. Unless told the database's own policy stays, or keeps for ever if it is new. */
  readonly retention?: number | undefined;
  /** Days for which rollups are kept; unless told what the database has stays, or they are kept for ever. */
  readonly rollups?: RollupRetention | undefined;
  readonly clock?: Clock;
  readonly logger: Logger;
}

/** ms that a query may take. */
const queryTimeout = 30_000;
/** A failed request must not make the next ones fail unasked, as the client has it. */
const noPause = { getDelay: () => 0, next: () => noPause, reset: () => noPause };

/**
 * Opens InfluxDB 1: makes the database and sets its retention through the `influx` client, reads through it with our own
 * query texts, and writes past it, since it hides the body of an error. Throws PlantroomError `time-series-open`,
 * or `time-series-unavailable` while nobody answers.
 */
export async function openInfluxV1(options: InfluxV1Options): Promise<TimeSeriesStore> {
  const { url, database, user, password = '', clock = systemClock, logger } = options;
  const client = clientOf(options);
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const connection = new InfluxConnection({ url, authorization: user === undefined ? undefined : basic });
  await prepare(client, connection, options).catch((thrown) => {
    connection.close();
    throw thrown;
  });
  const path = (rp?: string) => `/write?${new URLSearchParams({ db: database, ...(rp && { rp }) })}`;
  return new InfluxStore({
    name: `InfluxDB at ${url}`,
    clock,
    logger,
    post: (lines, policy) => connection.post(path(policy), lines, 'text/plain'),
    query: (statements) => within(clock, client.queryRaw(statements, { database, precision: 'ms' })),
    close: () => connection.close(),
  });
}

function clientOf({ url, database, user, password }: InfluxV1Options): InfluxDB {
  const { protocol, hostname, port, pathname } = new URL(url);
  const isSecure = protocol === 'https:';
  return new InfluxDB({
    host: hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    protocol: isSecure ? 'https' : 'http',
    path: pathname === '/' ? '' : pathname,
    database,
    ...(user === undefined ? {} : { username: user, password: password ?? '' }),
    pool: { backoff: noPause, maxRetries: 1, requestTimeout: queryTimeout },
  });
}

/** The client waits for ever when a connection ends in the middle of an answer. */
async function within<T>(clock: Clock, running: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(queryTimeout, done.signal).then(() => {
    throw unreadable(`no answer in ${queryTimeout / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([running, late]);
  } catch (thrown) {
    throw thrown instanceof PlantroomError ? thrown : unreadable(coerceError(thrown).message, thrown);
  } finally {
    done.abort();
  }
}

async function prepare(client: InfluxDB, connection: InfluxConnection, options: InfluxV1Options): Promise<void> {
  const { url, database, retention, clock = systemClock } = options;
  try {
    await connection.reach(url);
    const names = await within(clock, client.getDatabaseNames());
    const isNew = !names.includes(database);
    if (isNew) await within(clock, client.createDatabase(database));
    const policies = await within(clock, client.showRetentionPolicies(database));
    await prepareRollups(client, options, policies);
    if (!isNew && retention === undefined) return;
    const policy = policies.find((p) => p.default)?.name ?? '';
    const duration = durationOf(retention);
    // The client cannot say how long a shard is. Names of databases and policies are quoted; neither holds a quote.
    const alter = `ALTER RETENTION POLICY "${policy}" ON "${database}" DURATION ${duration} SHARD DURATION ${shardDays(retention)}d`;
    readResults(await within(clock, client.queryRaw(alter, { database, method: 'POST' })));
  } catch (thrown) {
    if (errorCode(thrown) === 'time-series-unavailable') throw thrown;
    const reason = coerceError(thrown).message;
    throw new PlantroomError(
      'time-series-open',
      `the database ${database} of InfluxDB at ${url} cannot be used: ${reason}`,
      { hint: 'Check that it runs, and that user and password may make databases there.', cause: thrown },
    );
  }
}

const durationOf = (days = Number.POSITIVE_INFINITY) => (Number.isFinite(days) ? `${days}d` : 'INF');

/** Rollups are kept under policies of their own, so that they outlast the samples. */
async function prepareRollups(
  client: InfluxDB,
  { database, rollups = {}, clock = systemClock }: InfluxV1Options,
  policies: readonly { readonly name: string; readonly duration: string }[],
): Promise<void> {
  for (const width of rollupWidths) {
    const name = rollupPolicies[width];
    const days = rollups[width];
    const known = policies.find((p) => p.name === name);
    if (known && days === undefined) continue;
    const duration = durationOf(days);
    const how = `"${name}" ON "${database}" DURATION ${duration}${known ? '' : ' REPLICATION 1'} SHARD DURATION ${shardDays(days)}d`;
    const statement = `${known ? 'ALTER' : 'CREATE'} RETENTION POLICY ${how}`;
    readResults(await within(clock, client.queryRaw(statement, { database, method: 'POST' })));
  }
}
