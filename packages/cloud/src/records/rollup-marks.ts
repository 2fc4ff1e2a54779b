import { sql } from 'kysely';
import { quarterLength, quarterOf } from '../quarters.ts';
import type { MarkFilter, RollupMark } from './contract.ts';
import type { Database } from './schema.ts';

/** Rows of one statement. */
const most = 500;

/** Marks quarters of an hour whose samples have changed; each counts once, however often it is named. */
export async function markQuarters(
  db: Database,
  { site, gateway }: { site: string; gateway: string },
  quarters: readonly number[],
  at: number,
): Promise<void> {
  await mark(
    db,
    [...new Set(quarters)].map((start) => ({ site, gateway, width: 'quarter', start })),
    at,
  );
}

/** The row that says that a site's rollups were begun has a width of its own. */
const begun = 'begun';
type Stretch = Pick<RollupMark, 'site' | 'gateway' | 'start'> & { readonly width: RollupMark['width'] | typeof begun };

async function mark(db: Database, stretches: readonly Stretch[], at: number): Promise<void> {
  // In one order, so that two transactions never wait for each other's rows.
  const ordered = [...stretches].sort((a, b) => (a.site === b.site ? a.start - b.start : a.site < b.site ? -1 : 1));
  for (let from = 0; from < ordered.length; from += most)
    await db
      .insertInto('rollup_marks')
      .values(ordered.slice(from, from + most).map((s) => ({ ...s, version: 1, marked_at: at })))
      .onConflict((c) =>
        c.columns(['site', 'gateway', 'width', 'start']).doUpdateSet({
          version: sql<number>`rollup_marks.version + 1`,
          marked_at: sql<number>`excluded.marked_at`,
        }),
      )
      .execute();
}

export async function readMarks(db: Database, filter: MarkFilter): Promise<RollupMark[]> {
  let query = db.selectFrom('rollup_marks').selectAll().where('width', '=', filter.width);
  if (filter.site !== undefined) query = query.where('site', '=', filter.site);
  if (filter.from !== undefined) query = query.where('start', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('start', '<', filter.to);
  const rows = await query.orderBy('start').orderBy('site').orderBy('gateway').limit(filter.limit).execute();
  return rows.map(({ site, gateway, start, version, marked_at }) => ({
    ...{ site, gateway, width: filter.width, start, version },
    markedAt: marked_at,
  }));
}

/**
 * Call it in a transaction: a quarter's mark must not go without its day's. A mark that is gone already was taken by another
 * maker, whose rollups the caller may have overwritten with older ones: it is set again.
 */
export async function settleMarks(
  db: Database,
  done: readonly RollupMark[],
  days: readonly { site: string; start: number }[],
  at: number,
): Promise<void> {
  await mark(
    db,
    days.map(({ site, start }) => ({ site, gateway: '', width: 'day', start })),
    at,
  );
  const unsettled: Stretch[] = [];
  for (const { site, gateway, width, start, version } of done) {
    const { numDeletedRows } = await db
      .deleteFrom('rollup_marks')
      .where((e) => e.and({ site, gateway, width, start, version }))
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) unsettled.push({ site, gateway, width, start });
  }
  await mark(db, unsettled, at);
}

/** Call it in a transaction. */
export async function beginRollups(db: Database, site: string, from: number, to: number, at: number): Promise<void> {
  if ((await begunRollups(db)).includes(site)) return;
  const stretches: Stretch[] = [];
  for (let start = quarterOf(from); start < to; start += quarterLength)
    stretches.push({ site, gateway: '', width: 'quarter', start });
  await mark(db, stretches, at);
  await mark(db, [{ site, gateway: '', width: begun, start: 0 }], at);
}

export async function begunRollups(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('rollup_marks').select('site').where('width', '=', begun).execute();
  return rows.map((r) => r.site);
}
