import { type Clock, coerceError, errorCode, type Logger, PlantroomError, systemClock } from '@plantroom/base';
import { z } from 'zod';
import { type RollupRetention, rollupWidths, type TimeSeriesStore } from './contract.ts';
import { type Answer, errorOf } from './influx-answer.ts';
import { InfluxConnection, shardDays } from './influx-connection.ts';
import { readResults, unreadable } from './influx-results.ts';
import { rollupPolicies } from './influx-rollups.ts';
import { InfluxStore } from './influx-store.ts';

export interface InfluxV2Options {
  /** `http://host:8086`. */
  readonly url: string;
  readonly org: string;
  /** Made if it is not there. */
  readonly bucket: string;
  readonly token: string;
  /** Days for which samples are kept, Infinity for ever. Unless told the bucket's own rule stays, or keeps for ever if it is new. */
  readonly retention?: number | undefined;
  /** Days for which rollups are kept; unless told what the buckets have stays, or they are kept for ever. */
  readonly rollups?: RollupRetention | undefined;
  readonly clock?: Clock;
  readonly logger: Logger;
}

const secondsADay = 86_400;
const bucketShape = z.object({
  id: z.string(),
  orgID: z.string(),
  name: z.string(),
  retentionRules: z.array(z.object({ everySeconds: z.number() })).default([]),
});
type Bucket = z.infer<typeof bucketShape>;
const buckets = z.object({ buckets: z.array(bucketShape) });
const orgs = z.object({ orgs: z.array(z.object({ id: z.string(), name: z.string() })) });
const mappings = z.object({ content: z.array(z.object({ bucketID: z.string() })) });

/**
 * Opens InfluxDB 2: finds or makes the bucket, sets its retention, and makes sure that InfluxQL reaches it as a database
 * of the same name. Throws PlantroomError `time-series-open`, or `time-series-unavailable` while nobody answers.
 */
export async function openInfluxV2(options: InfluxV2Options): Promise<TimeSeriesStore> {
  const { url, org, bucket, token, clock = systemClock, logger } = options;
  const connection = new InfluxConnection({ url, authorization: `Token ${token}` });
  const query = async (statements: string) => {
    const answer = await connection
      .get('/query', { db: bucket, epoch: 'ms', q: statements })
      .catch((thrown: unknown) => Promise.reject(unreadable(coerceError(thrown).message, thrown)));
    return parsed(answer, (reason) => unreadable(reason));
  };
  try {
    await connection.reach(url);
    await prepare(connection, options);
    readResults(await query('SHOW MEASUREMENTS LIMIT 1'));
  } catch (thrown) {
    connection.close();
    if (errorCode(thrown) === 'time-series-unavailable') throw thrown;
    const reason = coerceError(thrown).message;
    throw new PlantroomError(
      'time-series-open',
      `the bucket ${bucket} of InfluxDB at ${url} cannot be used: ${reason}`,
      {
        hint: 'Check that it runs, the organisation, and that the token may read and write the bucket.',
        cause: thrown,
      },
    );
  }
  const path = (policy?: string) =>
    `/api/v2/write?${new URLSearchParams({ org, bucket: policy ? `${bucket}/${policy}` : bucket, precision: 'ns' })}`;
  return new InfluxStore({
    name: `InfluxDB at ${url}`,
    clock,
    logger,
    post: (lines, policy) => connection.post(path(policy), lines, 'text/plain'),
    query,
    close: () => connection.close(),
  });
}

/** The bucket of samples, and one for each width of rollups, so that they outlast the samples. */
async function prepare(connection: InfluxConnection, options: InfluxV2Options): Promise<void> {
  await prepareBucket(connection, options, 'autogen');
  for (const width of rollupWidths) {
    const policy = rollupPolicies[width];
    // A server that maps buckets by itself takes the name apart at the slash: database, then retention policy.
    const bucket = `${options.bucket}/${policy}`;
    await prepareBucket(connection, { ...options, bucket, retention: options.rollups?.[width] }, policy);
  }
}

async function prepareBucket(connection: InfluxConnection, options: InfluxV2Options, policy: string): Promise<void> {
  const bucket = (await findBucket(connection, options)) ?? (await makeBucket(connection, options));
  const { retention } = options;
  const held = bucket.retentionRules[0]?.everySeconds ?? 0;
  if (retention !== undefined && held !== secondsOf(retention)) {
    const rules = { retentionRules: rulesOf(retention) };
    parsed(await connection.patch(`/api/v2/buckets/${encodeURIComponent(bucket.id)}`, JSON.stringify(rules)), failure);
  }
  await mapDatabase(connection, bucket, policy);
}

async function findBucket(connection: InfluxConnection, { org, bucket }: InfluxV2Options): Promise<Bucket | undefined> {
  const answer = await connection.get('/api/v2/buckets', { org, name: bucket });
  if (answer.status === 404) return undefined;
  return buckets.parse(parsed(answer, failure)).buckets.find((b) => b.name === bucket);
}

async function makeBucket(connection: InfluxConnection, options: InfluxV2Options): Promise<Bucket> {
  const { org, bucket: name, retention } = options;
  const found = orgs
    .parse(parsed(await connection.get('/api/v2/orgs', { org }), failure))
    .orgs.find((o) => o.name === org);
  if (!found) throw new Error(`there is no organisation ${org}, or the token may not see it`);
  const body = { orgID: found.id, name, retentionRules: rulesOf(retention) };
  const made = await connection.post('/api/v2/buckets', JSON.stringify(body), 'application/json');
  return bucketShape.parse(parsed(made, failure));
}

/** 0 keeps for ever. */
const secondsOf = (days = Number.POSITIVE_INFINITY) => (Number.isFinite(days) ? days * secondsADay : 0);

const rulesOf = (retention: number | undefined) => [
  {
    type: 'expire',
    everySeconds: secondsOf(retention),
    shardGroupDurationSeconds: shardDays(retention) * secondsADay,
  },
];

/** A server that maps every bucket by itself says so, or does not let the token ask; reading shows whether it works. */
async function mapDatabase(connection: InfluxConnection, bucket: Bucket, policy: string): Promise<void> {
  const { id, orgID } = bucket;
  const [name = ''] = bucket.name.split('/');
  const answer = await connection.get('/api/v2/dbrps', { orgID, db: name });
  if (answer.status >= 400) return;
  if (mappings.parse(parsed(answer, failure)).content.some((m) => m.bucketID === id)) return;
  const mapping = { orgID, bucketID: id, database: name, retention_policy: policy, default: policy === 'autogen' };
  parsed(await connection.post('/api/v2/dbrps', JSON.stringify(mapping), 'application/json'), failure);
}

const failure = (reason: string) => new Error(reason);

/** The body of an answer below 300 as JSON; throws what `fail` makes of any other. */
function parsed({ status, body }: Answer, fail: (reason: string) => Error): unknown {
  if (status >= 300) throw fail(`it answered ${status}: ${errorOf(body) ?? body.slice(0, 200)}`);
  try {
    return JSON.parse(body);
  } catch {
    throw fail(`it answered ${status} with what is not JSON; something else answers for InfluxDB`);
  }
}
