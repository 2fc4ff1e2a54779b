import { modelOf } from './models.ts';
import type { Database } from './schema.ts';

interface Sent {
  readonly gateway: string;
  readonly equipment: string;
}

/**
 * Which of two gateways' figures of one meter count, the better first: that of the gateway whose newest model has the meter; if
 * both have it, of the gateway that is known for longer, so that a newcomer cannot write over anybody.
 */
export async function intervalRank(db: Database, site: string): Promise<(a: Sent, b: Sent) => number> {
  const newest = await db
    .selectFrom('gateways as g')
    .innerJoin('models as m', (join) =>
      join.onRef('m.site', '=', 'g.site').onRef('m.gateway', '=', 'g.gateway').onRef('m.revision', '=', 'g.model'),
    )
    .select(['g.gateway', 'm.body'])
    .where('g.site', '=', site)
    .execute();
  const first = await db
    .selectFrom('models')
    .select((e) => ['gateway', e.fn.min('received_at').as('since')])
    .where('site', '=', site)
    .groupBy('gateway')
    .execute();
  const meters = new Map(newest.map((r) => [r.gateway, new Set(modelOf(r.body).equipment.map((e) => e.id))]));
  const since = new Map(first.map((r) => [r.gateway, Number(r.since)]));
  const has = ({ gateway, equipment }: Sent) => (meters.get(gateway)?.has(equipment) ? 0 : 1);
  const age = ({ gateway }: Sent) => since.get(gateway) ?? Number.MAX_SAFE_INTEGER;
  return (a, b) => has(a) - has(b) || age(a) - age(b) || (a.gateway < b.gateway ? -1 : 1);
}
