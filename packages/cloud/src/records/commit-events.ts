import { type Expression, sql } from 'kysely';
import { storeTransitions } from './alarm-journal.ts';
import { alarmIds, storeAlarm, withdrawAlarm } from './alarms.ts';
import { storeCorrection } from './clock-corrections.ts';
import { finishCommand } from './commands.ts';
import type { Committed, EventsBatch } from './contract.ts';
import { hear } from './gateways.ts';
import { sumIntervalDays } from './interval-days.ts';
import { enterInLedger } from './ledger.ts';
import { storeDeviceEvents, storeGaps, storeIntervals } from './measurements.ts';
import { saveModel } from './models.ts';
import { fillSteps, noteAlarmEnd, storeOrderRequest } from './order-requests.ts';
import type { Database } from './schema.ts';

/** Ids that one frame changed, each once. */
interface Changes {
  readonly alarms: Set<string>;
  readonly orders: Set<string>;
  readonly intervals: Set<string>;
  readonly models: Set<string>;
}

/**
 * Stores an events frame with its ledger entry. Each event is idempotent by its id and version, so that frames may come
 * in any order and more than once. Call it in a transaction that has locked the site. `again`: an earlier attempt was
 * perhaps committed; if it was, everything that the frame names counts as changed, since nobody was told yet.
 */
export async function commitEvents(db: Database, batch: EventsBatch, again: boolean): Promise<Committed> {
  const { site, gateway, epoch, sequence } = batch.entry;
  const from = { site, gateway };
  const changes: Changes = { alarms: new Set(), orders: new Set(), intervals: new Set(), models: new Set() };
  if ((await enterInLedger(db, batch.entry, [sequence])).size === 0) return again ? named(db, batch) : listed(changes);
  await hear(db, site, gateway, batch.receivedAt);
  for (const model of batch.models)
    if (await saveModel(db, from, model, batch.receivedAt, { epoch, sequence })) changes.models.add(model.revision);
  if (batch.models.length > 0) for (const id of await fillSteps(db, from)) changes.orders.add(id);
  const ids = await commitAlarms(db, batch, changes);
  await storeTransitions(db, ids, batch.transitions);
  for (const request of batch.orders) {
    const stored = await storeOrderRequest(db, from, request);
    if (stored === undefined) continue;
    changes.orders.add(stored.order);
    if (stored.alarm !== undefined) changes.alarms.add(stored.alarm);
  }
  const metered = await storeIntervals(db, from, batch.intervals);
  await sumIntervalDays(db, site, metered);
  for (const meter of metered.keys()) changes.intervals.add(meter);
  await storeDeviceEvents(db, from, batch.deviceEvents);
  await storeGaps(db, from, batch.gaps);
  for (const correction of batch.corrections) {
    const corrected = await storeCorrection(db, from, correction);
    for (const id of corrected.alarms) changes.alarms.add(id);
    for (const id of corrected.orders) changes.orders.add(id);
  }
  for (const outcome of batch.outcomes) {
    const alarm = await finishCommand(db, from, outcome);
    if (alarm === undefined) continue;
    changes.alarms.add(alarm);
    const withdrawn = outcome.isUnknown && (await withdrawAlarm(db, from, alarm, batch.receivedAt));
    if (withdrawn)
      for (const order of await noteAlarmEnd(db, from, withdrawn, batch.receivedAt)) changes.orders.add(order);
  }
  return listed(changes);
}

/** Gives the stored ids of the alarms by what their gateway calls them. */
async function commitAlarms(db: Database, batch: EventsBatch, changes: Changes): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const from = { site: batch.entry.site, gateway: batch.entry.gateway };
  for (const alarm of batch.alarms) {
    const { id, changed, ended } = await storeAlarm(db, from, alarm, batch.receivedAt);
    ids.set(alarm.id, id);
    for (const other of changed) changes.alarms.add(other);
    if (ended && alarm.endedAt !== null)
      for (const order of await noteAlarmEnd(db, from, alarm.id, alarm.endedAt)) changes.orders.add(order);
    // An old version is no news of the alarm, but still the echo of its command.
    if (alarm.command === null) continue;
    const answered = await finishCommand(db, from, { command: alarm.command, applied: true, reason: '' });
    if (answered !== undefined) changes.alarms.add(answered);
  }
  return ids;
}

/** The ids that a frame is about. */
async function named(db: Database, batch: EventsBatch): Promise<Committed> {
  const { site, gateway } = batch.entry;
  const alarms = batch.alarms.map((a) => a.id);
  const requests = batch.orders.map((o) => o.id);
  const commands = batch.outcomes.map((o) => o.command);
  const orders = await db
    .selectFrom('order_requests')
    .select(['order_id', 'alarm'])
    .where((e) => e.and({ site, gateway }))
    .where((e) => e.or([anyOf(e.ref('id'), requests), anyOf(e.ref('alarm'), alarms)]))
    .execute();
  const answered = await db
    .selectFrom('commands')
    .select('alarm')
    .where((e) => e.and({ site, gateway }))
    .where((e) => anyOf(e.ref('id'), commands))
    .execute();
  const ids = await alarmIds(db, { site, gateway }, [...alarms, ...orders.map((r) => r.alarm)]);
  return listed({
    alarms: new Set([...ids.values(), ...answered.map((c) => c.alarm)]),
    orders: new Set(orders.map((r) => r.order_id)),
    intervals: new Set(batch.intervals.map((i) => i.equipment)),
    models: new Set(batch.models.map((m) => m.revision)),
  });
}

/** `IN`, which PostgreSQL does not take with an empty list. */
function anyOf(column: Expression<string>, ids: readonly string[]) {
  return ids.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`${column} IN (${sql.join(ids)})`;
}

function listed(changes: Changes): Committed {
  const { alarms, orders, intervals, models } = changes;
  return { alarms: [...alarms], orders: [...orders], intervals: [...intervals], models: [...models] };
}
