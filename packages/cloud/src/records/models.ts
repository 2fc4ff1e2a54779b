import { isTimeZone } from '@plantroom/energy';
import { type CatalogueEntry, type ModelRevision, placeText } from '@plantroom/model';
import type { PointSince } from './contract.ts';
import type { Database } from './schema.ts';

interface Origin {
  readonly site: string;
  readonly gateway: string;
}

/** The entry that announced a model; without one it is taken as the newest now. */
type Announcement = { readonly epoch: string; readonly sequence: number } | undefined;

/**
 * Keeps a revision and decides whether it is now the gateway's newest: in one epoch the entry with the highest sequence
 * wins in any order of arrival, a new epoch wins over an old one. True when it became the newest or was not known yet.
 */
export async function saveModel(
  db: Database,
  from: Origin,
  model: ModelRevision,
  receivedAt: number,
  entry: Announcement,
): Promise<boolean> {
  const { site, gateway } = from;
  const row = { site, gateway, revision: model.revision, body: JSON.stringify(model), received_at: receivedAt };
  const inserted = await db
    .insertInto('models')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  const known = await db
    .selectFrom('gateways')
    .selectAll()
    .where((e) => e.and({ site, gateway }))
    .executeTakeFirst();
  const newest =
    known?.model_epoch == null || !entry || known.model_epoch !== entry.epoch
      ? true
      : entry.sequence > (known.model_sequence ?? 0);
  const changed = newest && known?.model !== model.revision;
  if (newest) {
    const pointer = {
      model: model.revision,
      model_epoch: entry?.epoch ?? known?.model_epoch ?? null,
      model_sequence: entry?.sequence ?? known?.model_sequence ?? null,
    };
    await db
      .insertInto('gateways')
      .values({ site, gateway, samples: 0, ...pointer })
      .onConflict((c) => c.columns(['site', 'gateway']).doUpdateSet(pointer))
      .execute();
  }
  return changed || (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/**
 * A model as it was stored; older ones tell a place in one text. A site whose zone nobody here knows is in UTC: all that is
 * reckoned by its days would throw.
 */
export function modelOf(body: string): ModelRevision {
  const stored = JSON.parse(body) as ModelRevision;
  const model = { ...stored, equipment: stored.equipment.map((e) => ({ ...e, place: placeText.parse(e.place) })) };
  const { site } = model;
  return isTimeZone(site.timezone) ? model : { ...model, site: { ...site, timezone: 'UTC' } };
}

export async function readModel(
  db: Database,
  site: string,
  gateway: string,
  revision: string,
): Promise<ModelRevision | undefined> {
  const row = await db
    .selectFrom('models')
    .select('body')
    .where((e) => e.and({ site, gateway, revision }))
    .executeTakeFirst();
  return row && modelOf(row.body);
}

/** The newest model of every gateway that has sent one, in the order of site and gateway. */
export async function readNewestModels(db: Database): Promise<ModelRevision[]> {
  const rows = await db
    .selectFrom('gateways as g')
    .innerJoin('models as m', (join) =>
      join.onRef('m.site', '=', 'g.site').onRef('m.gateway', '=', 'g.gateway').onRef('m.revision', '=', 'g.model'),
    )
    .select('m.body')
    .orderBy('g.site')
    .orderBy('g.gateway')
    .execute();
  return rows.map((r) => modelOf(r.body));
}

/** When each point of a site's gateways came to be known, by all models that were ever received. */
export async function readPointsSince(db: Database, site: string): Promise<PointSince[]> {
  const rows = await db
    .selectFrom('models')
    .select(['gateway', 'body', 'received_at'])
    .where('site', '=', site)
    .orderBy('received_at')
    .execute();
  const found = new Map<string, PointSince>();
  for (const { gateway, body, received_at } of rows)
    for (const { equipment, point } of modelOf(body).points) {
      const key = `${gateway}/${equipment}/${point}`;
      if (!found.has(key)) found.set(key, { gateway, equipment, point, since: received_at });
    }
  return [...found.values()];
}

/** What the catalogue of the gateway's newest model says of a fault. */
export async function catalogueEntryOf(db: Database, from: Origin, fault: string): Promise<CatalogueEntry | undefined> {
  const row = await db
    .selectFrom('gateways')
    .select('model')
    .where((e) => e.and({ site: from.site, gateway: from.gateway }))
    .executeTakeFirst();
  const model = row?.model ? await readModel(db, from.site, from.gateway, row.model) : undefined;
  return model?.catalogue.find((c) => c.fault === fault);
}
