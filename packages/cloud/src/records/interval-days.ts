import { aggregate, sumsOf, type TimeZone, timeZone } from '@plantroom/energy';
import type { Interval } from '@plantroom/model';
import type { IntervalDay } from './contract.ts';
import { readIntervals } from './measurements.ts';
import { modelOf } from './models.ts';
import type { Database } from './schema.ts';

/** Rows of one statement. */
const most = 400;
/** Before any interval and after all of them; ms. */
const [always, never] = [0, 4e12];

/**
 * Sums up the days of meters in which intervals have changed; a meter of which there are no sums yet in the site's zone, or
 * only in another one, is summed up whole. Call it in the transaction that stores the intervals. Without a model there is no
 * zone, and nothing is done.
 */
export async function sumIntervalDays(
  db: Database,
  site: string,
  changed: ReadonlyMap<string, readonly number[]>,
): Promise<void> {
  const zone = changed.size > 0 ? await zoneOf(db, site) : undefined;
  if (!zone) return;
  for (const [equipment, starts] of changed) {
    const own = { site, equipment };
    const known = await db
      .selectFrom('interval_days')
      .select('start')
      .where((e) => e.and({ ...own, timezone: zone.name }))
      .limit(1)
      .executeTakeFirst();
    if (!known) {
      await db
        .deleteFrom('interval_days')
        .where((e) => e.and(own))
        .execute();
      await write(db, own, zone, await readIntervals(db, site, [equipment], always, never));
      continue;
    }
    for (const day of new Set(starts.map((start) => zone.startOf('day', start)))) {
      const intervals = await readIntervals(db, site, [equipment], day, zone.nextStart('day', day));
      await db
        .deleteFrom('interval_days')
        .where((e) => e.and({ ...own, timezone: zone.name, start: day }))
        .execute();
      await write(db, own, zone, intervals);
    }
  }
}

async function write(
  db: Database,
  own: { site: string; equipment: string },
  zone: TimeZone,
  intervals: readonly Interval[],
): Promise<void> {
  const days = Map.groupBy(sumsOf(intervals), (sum) => zone.startOf('day', sum.start));
  const rows = [...days].flatMap(([start, sums]) => {
    const [day] = aggregate(sums, { by: 'day', from: start, to: zone.nextStart('day', start), timezone: zone.name });
    if (day?.kWh == null) return [];
    const kwh = day.kWh;
    return [{ ...own, timezone: zone.name, start, kwh, figures: sums.length, estimated: day.estimated * kwh }];
  });
  for (let at = 0; at < rows.length; at += most)
    await db
      .insertInto('interval_days')
      .values(rows.slice(at, at + most))
      .execute();
}

async function zoneOf(db: Database, site: string): Promise<TimeZone | undefined> {
  const row = await db
    .selectFrom('gateways as g')
    .innerJoin('models as m', (join) =>
      join.onRef('m.site', '=', 'g.site').onRef('m.gateway', '=', 'g.gateway').onRef('m.revision', '=', 'g.model'),
    )
    .select('m.body')
    .where('g.site', '=', site)
    .orderBy('g.gateway')
    .limit(1)
    .executeTakeFirst();
  return row && timeZone(modelOf(row.body).site.timezone);
}

export async function readIntervalDays(
  db: Database,
  site: string,
  equipment: string,
  { from, to, timezone }: { from: number; to: number; timezone: string },
): Promise<IntervalDay[]> {
  const rows = await db
    .selectFrom('interval_days')
    .select(['start', 'kwh', 'figures', 'estimated'])
    .where((e) => e.and({ site, equipment, timezone }))
    .where('start', '>=', from)
    .where('start', '<', to)
    .orderBy('start')
    .execute();
  return rows.map(({ start, kwh, figures, estimated }) => ({ start, kWh: kwh, figures, estimated }));
}
