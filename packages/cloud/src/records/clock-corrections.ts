import type { Alarm } from '@plantroom/model';
import type { ClockCorrection } from '@plantroom/model/wire';
import type { Database } from './schema.ts';
import type { Words } from './tables-plant.ts';

/** Corrections of gateways' clocks; `body` is JSON, `from_time` ms since 1970 UTC by the gateway's time as it was. */
export const clockCorrections = ({ text, integer, rows }: Words) => `
CREATE TABLE clock_corrections (
  site ${text} NOT NULL, gateway ${text} NOT NULL, id ${text} NOT NULL, from_time ${integer} NOT NULL, body ${text} NOT NULL,
  PRIMARY KEY (site, gateway, id)
)${rows};
`;

/** The newest of a gateway that are told. */
const told = 20;

interface Origin {
  readonly site: string;
  readonly gateway: string;
}

/**
 * Keeps a correction, once. Orders and alarms that are over get their right times, which nobody else would give them; open alarms
 * get them from their gateway, and samples stay where they are. Gives the ids of what was changed.
 */
export async function storeCorrection(
  db: Database,
  { site, gateway }: Origin,
  correction: ClockCorrection,
): Promise<{ readonly alarms: readonly string[]; readonly orders: readonly string[] }> {
  const { id, from, to, by } = correction;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('clock_corrections')
    .values({ site, gateway, id, from_time: from, body: JSON.stringify(correction) })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  if (by === 0 || numInsertedOrUpdatedRows === 0n) return { alarms: [], orders: [] };
  const orders = await db
    .updateTable('orders')
    .set((e) => ({ raised_at: e('raised_at', '+', by) }))
    .where((e) => e.and({ site, gateway }))
    .where('raised_at', '>=', from)
    .where('raised_at', '<=', to)
    .returning('id')
    .execute();
  const alarms = await db
    .selectFrom('alarms')
    .select(['id', 'body'])
    .where((e) => e.and({ site, gateway }))
    .where('ended_at', 'is not', null)
    .where('raised_at', '>=', from)
    .where('raised_at', '<=', to)
    .execute();
  for (const alarm of alarms) await moveAlarm(db, alarm.id, JSON.parse(alarm.body) as Alarm, correction);
  return { alarms: alarms.map((a) => a.id), orders: orders.map((o) => o.id) };
}

async function moveAlarm(db: Database, id: string, alarm: Alarm, { from, to, by }: ClockCorrection): Promise<void> {
  const right = (time: number) => (time >= from && time <= to ? time + by : time);
  const orNull = (time: number | null) => (time === null ? null : right(time));
  const moved: Alarm = {
    ...alarm,
    raisedAt: right(alarm.raisedAt),
    clearedAt: orNull(alarm.clearedAt),
    acknowledgedAt: orNull(alarm.acknowledgedAt),
    endedAt: orNull(alarm.endedAt),
    evidence: alarm.evidence.map((e) => ({ ...e, time: right(e.time) })),
  };
  await db
    .updateTable('alarms')
    .set({ raised_at: moved.raisedAt, ended_at: moved.endedAt, body: JSON.stringify(moved) })
    .where('id', '=', id)
    .execute();
}

/** The corrections of each gateway, as `site/gateway`, the newest first. */
export async function readCorrections(db: Database): Promise<ReadonlyMap<string, readonly ClockCorrection[]>> {
  const rows = await db.selectFrom('clock_corrections').selectAll().execute();
  const byGateway = Map.groupBy(rows, (r) => `${r.site}/${r.gateway}`);
  return new Map(
    [...byGateway].map(([gateway, its]) => {
      const corrections = its.map((r) => JSON.parse(r.body) as ClockCorrection);
      // By the right time: the wrong one may be of any year.
      return [gateway, corrections.sort((a, b) => b.to + b.by - a.to - a.by).slice(0, told)];
    }),
  );
}
