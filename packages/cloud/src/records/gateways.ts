import type { GatewayStatus } from '@plantroom/model/wire';
import { sql } from 'kysely';
import type { EntryName, GatewayRow } from './contract.ts';
import { enterInLedger } from './ledger.ts';
import type { Database } from './schema.ts';

/** Moves "last heard" on, never back. */
export async function hear(db: Database, site: string, gateway: string, at: number): Promise<void> {
  await db
    .insertInto('gateways')
    .values({ site, gateway, samples: 0, heard_at: at })
    .onConflict((c) =>
      c.columns(['site', 'gateway']).doUpdateSet({ heard_at: sql<number>`max(coalesce(gateways.heard_at, 0), ${at})` }),
    )
    .execute();
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
  for (const { site, gateway, status } of await readGateways(db)) {
    if (!status?.online) continue;
    await db
      .updateTable('gateways')
      .set({ status: JSON.stringify({ ...status, online: false }) })
      .where((e) => e.and({ site, gateway }))
      .execute();
  }
}

export async function readGateways(db: Database): Promise<GatewayRow[]> {
  const rows = await db.selectFrom('gateways').selectAll().orderBy('site').orderBy('gateway').execute();
  return rows.map((r) => ({
    site: r.site,
    gateway: r.gateway,
    status: r.status === null ? null : (JSON.parse(r.status) as GatewayStatus),
    heardAt: r.heard_at,
    samples: r.samples,
    lag: r.lag,
  }));
}

/** Enters telemetry frames in the ledger and counts the samples of those that were not there. */
export async function commitTelemetry(
  db: Database,
  entries: readonly { entry: EntryName; samples: number; newestGatewayTime: number }[],
  receivedAt: number,
): Promise<void> {
  for (const { entry, samples, newestGatewayTime } of entries) {
    if (!(await enterInLedger(db, entry))) continue;
    const { site, gateway } = entry;
    await hear(db, site, gateway, receivedAt);
    await db
      .updateTable('gateways')
      .set({ samples: sql<number>`samples + ${samples}` })
      .where((e) => e.and({ site, gateway }))
      .execute();
    // History that is sent again does not say how late live data is; a clock that is ahead must not say it for ever.
    const newest = Math.min(newestGatewayTime, receivedAt);
    await db
      .updateTable('gateways')
      .set({ newest_sample_at: newest, lag: receivedAt - newest })
      .where((e) => e.and({ site, gateway }))
      .where((e) => e.or([e('newest_sample_at', 'is', null), e('newest_sample_at', '<=', newest)]))
      .execute();
  }
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
