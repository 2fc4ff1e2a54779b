import type { GatewayStatus } from '@plantroom/model/wire';
import { sql } from 'kysely';
import { readCorrections } from './clock-corrections.ts';
import type { EntryName, GatewayRow, TelemetryEntry } from './contract.ts';
import { identityOf } from './identity.ts';
import { byStream, enterInLedger } from './ledger.ts';
import { markQuarters } from './rollup-marks.ts';
import type { Database } from './schema.ts';

/** Moves "last heard" on, never back. */
export async function hear(db: Database, site: string, gateway: string, at: number): Promise<void> {
  await db
    .insertInto('gateways')
    .values({ site, gateway, samples: 0, heard_at: at })
    .onConflict((c) => c.columns(['site', 'gateway']).doUpdateSet({ heard_at: later('heard_at') }))
    .execute();
}

/** The greater of a stored time and the new one; only what both databases understand. */
function later(column: 'heard_at' | 'newest_sample_at') {
  const [stored, fresh] = [sql.ref(`gateways.${column}`), sql.ref(`excluded.${column}`)];
  return sql<number>`CASE WHEN ${stored} > ${fresh} THEN ${stored} ELSE ${fresh} END`;
}

/** Keeps the newest status by the gateway's own time: a retained one that comes late replaces nothing. */
export async function saveStatus(
  db: Database,
  site: string,
  gateway: string,
  status: GatewayStatus,
  heardAt: number,
): Promise<void> {
  await hear(db, site, gateway, heardAt);
  const row = await db
    .selectFrom('gateways')
    .select('status')
    .where((e) => e.and({ site, gateway }))
    .executeTakeFirst();
  const stored = row?.status ? (JSON.parse(row.status) as GatewayStatus) : undefined;
  // The Will carries the time at which the connection began, yet it is the last word on that connection.
  if (stored && status.online && stored.time > status.time) return;
  await db
    .updateTable('gateways')
    .set({ status: JSON.stringify(status) })
    .where((e) => e.and({ site, gateway }))
    .execute();
}

/** Takes "online" back from every gateway; what else it said of itself stays. */
export async function disconnectGateways(db: Database): Promise<void> {
  const rows = await db.selectFrom('gateways').select(['site', 'gateway', 'status']).execute();
  for (const { site, gateway, status } of rows) {
    if (status === null) continue;
    const online = JSON.parse(status) as GatewayStatus;
    if (!online.online) continue;
    await db
      .updateTable('gateways')
      .set({ status: JSON.stringify({ ...online, online: false }) })
      // Unless a newer status has come meanwhile.
      .where((e) => e.and({ site, gateway, status }))
      .execute();
  }
}

export async function readGateways(db: Database): Promise<GatewayRow[]> {
  const rows = await db.selectFrom('gateways').selectAll().orderBy('site').orderBy('gateway').execute();
  const corrections = await readCorrections(db);
  return rows.map((r) => ({
    site: r.site,
    gateway: r.gateway,
    status: r.status === null ? null : (JSON.parse(r.status) as GatewayStatus),
    conflict: identityOf(r.identity).conflict,
    heardAt: r.heard_at,
    samples: r.samples,
    lag: r.lag,
    corrections: corrections.get(`${r.site}/${r.gateway}`) ?? [],
  }));
}

/** Enters telemetry frames in the ledger, counts the samples of those that were not there and marks their rollups. */
export async function commitTelemetry(
  db: Database,
  entries: readonly TelemetryEntry[],
  receivedAt: number,
): Promise<void> {
  for (const frames of byStream(entries, (e) => e.entry)) {
    const bySequence = new Map(frames.map((f) => [f.entry.sequence, f]));
    const [one] = frames;
    const spans = new Map(
      frames.map((f) => [f.entry.sequence, { oldest: f.oldestGatewayTime, newest: f.newestGatewayTime }]),
    );
    const added = await enterInLedger(db, one.entry, [...bySequence.keys()], spans);
    const fresh = [...added].flatMap((n) => bySequence.get(n) ?? []);
    if (fresh.length === 0) continue;
    await count(db, one.entry, fresh, receivedAt);
    await markQuarters(
      db,
      one.entry,
      fresh.flatMap((f) => f.quarters),
      receivedAt,
    );
  }
}

async function count(
  db: Database,
  { site, gateway }: EntryName,
  frames: readonly TelemetryEntry[],
  receivedAt: number,
): Promise<void> {
  const samples = frames.reduce((sum, f) => sum + f.samples, 0);
  // History that is sent again does not say how late live data is; a clock that is ahead must not say it for ever.
  const newest = Math.min(Math.max(...frames.map((f) => f.newestGatewayTime)), receivedAt);
  const [stored, fresh] = [sql.ref('gateways.newest_sample_at'), sql.ref('excluded.newest_sample_at')];
  await db
    .insertInto('gateways')
    .values({ site, gateway, samples, heard_at: receivedAt, newest_sample_at: newest, lag: receivedAt - newest })
    .onConflict((c) =>
      c.columns(['site', 'gateway']).doUpdateSet({
        samples: sql<number>`gateways.samples + excluded.samples`,
        heard_at: later('heard_at'),
        lag: sql<number>`CASE WHEN ${stored} > ${fresh} THEN gateways.lag ELSE excluded.lag END`,
        newest_sample_at: later('newest_sample_at'),
      }),
    )
    .execute();
}

export async function readSecretHash(db: Database, site: string, gateway: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('gateways')
    .select('secret_hash')
    .where((e) => e.and({ site, gateway }))
    .executeTakeFirst();
  return row?.secret_hash ?? undefined;
}

export async function saveSecretHash(db: Database, site: string, gateway: string, hash: string): Promise<void> {
  await db
    .insertInto('gateways')
    .values({ site, gateway, samples: 0, secret_hash: hash })
    .onConflict((c) => c.columns(['site', 'gateway']).doUpdateSet({ secret_hash: hash }))
    .execute();
}
