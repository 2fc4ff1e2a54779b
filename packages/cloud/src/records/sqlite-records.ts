import { type Clock, systemClock } from '@plantroom/base';
import { readAlarm, readAlarms } from './alarms.ts';
import { appendAudit, verifyAudit } from './audit.ts';
import { readPendingCommands, saveCommand } from './commands.ts';
import { commitEvents } from './commit-events.ts';
import type { Records } from './contract.ts';
import {
  commitTelemetry,
  disconnectGateways,
  readGateways,
  readSecretHash,
  saveSecretHash,
  saveStatus,
} from './gateways.ts';
import { isInLedger } from './ledger.ts';
import { readDeviceEvents, readGaps, readIntervals } from './measurements.ts';
import { readModel, readNewestModels, saveModel } from './models.ts';
import { fillSteps } from './order-requests.ts';
import { readOrder, readOrders, updateOrder } from './orders.ts';
import { readUser, removeToken, saveToken, saveUser, userOfToken } from './people.ts';
import type { Database } from './schema.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

/**
 * Opens (and creates) the embedded records, for this process alone; a promise resolves when its change is on disk.
 * Throws PlantroomError `records-open` or `records-newer`.
 */
export async function openSqliteRecords(file: string, clock: Clock = systemClock): Promise<Records> {
  const db = openSqliteDatabase(file);
  const atomic = <T>(run: (transaction: Database) => Promise<T>) => db.transaction().execute(run);
  return {
    isStored: (entry) => isInLedger(db, entry),
    commitTelemetry: (entries, receivedAt) => atomic((t) => commitTelemetry(t, entries, receivedAt)),
    commitEvents: (batch) => atomic((t) => commitEvents(t, batch)),
    model: (site, gateway, revision) => readModel(db, site, gateway, revision),
    saveModel: (site, gateway, model, receivedAt) =>
      atomic(async (t) => {
        const changed = await saveModel(t, { site, gateway }, model, receivedAt, undefined);
        await fillSteps(t, { site, gateway });
        return changed;
      }),
    disconnectGateways: () => atomic((t) => disconnectGateways(t)),
    saveStatus: (site, gateway, status, heardAt) => atomic((t) => saveStatus(t, site, gateway, status, heardAt)),
    pendingCommands: (site, gateway) => readPendingCommands(db, site, gateway),
    gatewaySecretHash: (site, gateway) => readSecretHash(db, site, gateway),
    models: () => readNewestModels(db),
    gateways: () => readGateways(db),
    alarms: (filter) => readAlarms(db, filter),
    alarm: (id) => readAlarm(db, id),
    saveCommand: (site, gateway, command) => saveCommand(db, { site, gateway }, command),
    orders: (filter) => readOrders(db, filter),
    order: (id) => readOrder(db, id),
    updateOrder: (order, expected) => atomic((t) => updateOrder(t, order, expected, clock.now())),
    intervals: (site, equipment, from, to) => readIntervals(db, site, equipment, from, to),
    deviceEvents: (site, equipment, limit) => readDeviceEvents(db, site, equipment, limit),
    gaps: (site) => readGaps(db, site),
    audit: (entry) => atomic((t) => appendAudit(t, entry)),
    verifyAudit: () => verifyAudit(db),
    createUser: (user) => saveUser(db, user),
    user: (id) => readUser(db, id),
    saveToken: (token) => atomic((t) => saveToken(t, token, clock.now())),
    userOfToken: (hash, purpose, now, consume) => atomic((t) => userOfToken(t, hash, purpose, now, consume)),
    removeToken: (hash) => removeToken(db, hash),
    saveGatewaySecret: (site, gateway, hash) => saveSecretHash(db, site, gateway, hash),
    close: () => db.destroy(),
  };
}
