import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { normalFacts } from '@plantroom/model';
import { startPostgres, temporaryDirectory } from '@plantroom/testing';
import type { EventsBatch, Records } from '../../packages/cloud/src/records/contract.ts';
import { openPostgresRecords } from '../../packages/cloud/src/records/postgres-records.ts';
import { openSqliteRecords } from '../../packages/cloud/src/records/sqlite-records.ts';
import { type Bench, type Figure, orientation } from './figure.ts';

/** Frames that ingest has in hand when it commits. */
const batch = 16;
const site = 'bench';

type Commit = (records: Records, gateway: string, n: number) => Promise<unknown>;

const telemetry: Commit = (records, gateway, n) => {
  const name = { site, gateway, epoch: 'bench-epoch', lane: 'telemetry' } as const;
  const frames = Array.from({ length: batch }, (_, m) => ({
    entry: { ...name, sequence: n * batch + m + 1 },
    samples: 1000,
    oldestGatewayTime: n,
    newestGatewayTime: n,
    quarters: [0],
  }));
  return records.commitTelemetry(frames, n);
};

/** An alarm with its order, of one pump in fifty, each after the last one has ended. */
const events: Commit = (records, gateway, n) => {
  const id = `${gateway}-${n}`;
  const fault = { equipment: `${gateway}-pump-${n % 50}`, fault: 'pump.dry-run', subject: '' };
  const text = { en: 'Pump runs dry', zh: '水泵干转' };
  const nothing = {
    models: [],
    transitions: [],
    intervals: [],
    deviceEvents: [],
    gaps: [],
    corrections: [],
    outcomes: [],
  };
  const frame: EventsBatch = {
    ...{ entry: { site, gateway, epoch: 'bench-epoch', lane: 'events', sequence: n + 1 }, receivedAt: n, ...nothing },
    alarms: [
      {
        ...{ id, ...fault, source: 'gateway', priority: 2, facts: { ...normalFacts, active: true }, raisedAt: n },
        ...{ clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, endedAt: null, ending: null },
        ...{ detail: text, evidence: [], version: 1, command: null },
      },
    ],
    orders: [{ id, alarm: id, ...fault, priority: 2, trade: 'mechanical', raisedAt: n, title: text }],
  };
  return records.commitEvents(frame);
};

/** Commits a second of workers that each have records and a gateway of their own; a fifth of the time is for warming up. */
async function rate(workers: readonly Records[], commit: Commit, what: string, seconds: number): Promise<number> {
  const begin = systemClock.monotonic();
  const [counted, end] = [begin + seconds * 200, begin + seconds * 1200];
  let commits = 0;
  await Promise.all(
    workers.map(async (records, worker) => {
      for (let n = 0; systemClock.monotonic() < end; n++) {
        await commit(records, `${what}-${worker}`, n);
        if (systemClock.monotonic() > counted) commits++;
      }
    }),
  );
  return commits / seconds;
}

/** `--seconds` is how long each part is measured. */
export const bench: Bench = {
  about:
    'commits of ingest to the records, each waiting for the disk: SQLite, and a real PostgreSQL on this machine ' +
    `with one worker and with four; telemetry is ${batch} frames of one gateway's ledger at a time, events an alarm with its order`,
  async run({ seconds = '4' }) {
    using folder = temporaryDirectory('plantroom-bench');
    const server = await startPostgres({ fsync: true });
    const options = { url: server.url(await server.createDatabase()), password: server.password, connections: 1 };
    const four = await Promise.all([0, 1, 2, 3].map(() => openPostgresRecords(options)));
    const sqlite = await openSqliteRecords(join(folder.path, 'records.sqlite'));
    try {
      const figures: Figure[] = [];
      for (const [what, commit] of Object.entries({ telemetry, events })) {
        const embedded = await rate([sqlite], commit, `${what}-sqlite`, Number(seconds));
        const one = await rate(four.slice(0, 1), commit, `${what}-one`, Number(seconds));
        const all = await rate(four, commit, `${what}-four`, Number(seconds));
        figures.push(orientation(`${what}: SQLite`, embedded, 'commits/s'));
        figures.push(orientation(`${what}: PostgreSQL, one worker`, one, 'commits/s'));
        figures.push(orientation(`${what}: PostgreSQL, four workers`, all, 'commits/s'));
        figures.push(orientation(`${what}: PostgreSQL with one worker to SQLite`, one / embedded, 'x'));
        figures.push(orientation(`${what}: four workers to one`, all / one, 'x'));
      }
      return figures;
    } finally {
      await Promise.all([sqlite, ...four].map((records) => records.close()));
      await server.stop();
    }
  },
};
