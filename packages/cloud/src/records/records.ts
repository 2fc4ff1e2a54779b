import type { Clock } from '@plantroom/base';
import { readTransitions, readTurns } from './alarm-journal.ts';
import { readAlarm, readAlarms } from './alarms.ts';
import { appendAudit, verifyAudit } from './audit.ts';
import { readPendingCommands, saveCommand } from './commands.ts';
import { commitEvents } from './commit-events.ts';
import { type Connection, lockOf } from './connection.ts';
import type { Records } from './contract.ts';
import {
  commitTelemetry,
  disconnectGateways,
  readGateways,
  readSecretHash,
  saveSecretHash,
  saveStatus,
} from './gateways.ts';
import { seeIdentity } from './identity.ts';
import { readIntervalDays } from './interval-days.ts';
import { inLedger, isInLedger, readLedger } from './ledger.ts';
import { readDeviceEvents, readGaps, readIntervals } from './measurements.ts';
import { readModel, readNewestModels, readPointsSince, saveModel } from './models.ts';
import { fillSteps } from './order-requests.ts';
import { readOrder, readOrders, updateOrder } from './orders.ts';
import { readUser, removeToken, saveToken, saveUser, userOfToken } from './people.ts';
import { beginRollups, begunRollups, readMarks, settleMarks } from './rollup-marks.ts';

/** The records over a database, whichever it is; a promise resolves when its change is on disk. */
export function recordsOver(connection: Connection, clock: Clock): Records {
  const { run, atomic } = connection;
  return {
    isStored: (entry) => run((db) => isInLedger(db, entry)),
    stored: (entries) => run((db) => inLedger(db, entries)),
    commitTelemetry: (entries, receivedAt) =>
      atomic([...new Set(entries.map((e) => lockOf.gateway(e.entry)))], (t) => commitTelemetry(t, entries, receivedAt)),
    commitEvents: (batch) => atomic([lockOf.site(batch.entry.site)], (t, again) => commitEvents(t, batch, again)),
    model: (site, gateway, revision) => run((db) => readModel(db, site, gateway, revision)),
    saveModel: (site, gateway, model, receivedAt) =>
      atomic([lockOf.site(site)], async (t, again) => {
        const changed = await saveModel(t, { site, gateway }, model, receivedAt, undefined);
        await fillSteps(t, { site, gateway });
        return changed || again;
      }),
    disconnectGateways: () => run((db) => disconnectGateways(db)),
    seeIdentity: (site, gateway, status, now) =>
      atomic([lockOf.gateway({ site, gateway })], (t) => seeIdentity(t, { site, gateway }, status, now)),
    saveStatus: (site, gateway, status, heardAt) =>
      atomic([lockOf.gateway({ site, gateway })], (t) => saveStatus(t, site, gateway, status, heardAt)),
    pendingCommands: (site, gateway) => run((db) => readPendingCommands(db, site, gateway)),
    gatewaySecretHash: (site, gateway) => run((db) => readSecretHash(db, site, gateway)),
    models: () => run((db) => readNewestModels(db)),
    gateways: () => run((db) => readGateways(db)),
    alarms: (filter) => run((db) => readAlarms(db, filter)),
    alarm: (id) => run((db) => readAlarm(db, id)),
    journal: (alarm) => run((db) => readTransitions(db, alarm)),
    turns: (site, period, limit) => run((db) => readTurns(db, site, period, limit)),
    saveCommand: (site, gateway, command) => run((db) => saveCommand(db, { site, gateway }, command)),
    orders: (filter) => run((db) => readOrders(db, filter)),
    order: (id) => run((db) => readOrder(db, id)),
    updateOrder: (order, expected) =>
      atomic([lockOf.site(order.site), lockOf.audit], (t, again) =>
        updateOrder(t, order, expected, clock.now(), again),
      ),
    intervals: (site, equipment, from, to) => run((db) => readIntervals(db, site, equipment, from, to)),
    intervalDays: (site, equipment, days) => run((db) => readIntervalDays(db, site, equipment, days)),
    deviceEvents: (site, equipment, limit) => run((db) => readDeviceEvents(db, site, equipment, limit)),
    pointsSince: (site) => run((db) => readPointsSince(db, site)),
    ledger: (site) => run((db) => readLedger(db, site)),
    gaps: (site) => run((db) => readGaps(db, site)),
    marks: (filter) => run((db) => readMarks(db, filter)),
    beginRollups: (site, from, to, at) => atomic([lockOf.site(site)], (t) => beginRollups(t, site, from, to, at)),
    begunRollups: () => run((db) => begunRollups(db)),
    // Days twice marked after a lost answer are made once more: no harm.
    settleMarks: (done, days, at) =>
      atomic([...new Set(done.map((m) => lockOf.gateway(m)))], (t) => settleMarks(t, done, days, at)),
    audit: (entry) => {
      let attempted: string | undefined;
      return atomic([lockOf.audit], async (t, again) => {
        attempted = await appendAudit(t, entry, again ? attempted : undefined);
      });
    },
    verifyAudit: () => run((db) => verifyAudit(db)),
    createUser: (user) => run((db) => saveUser(db, user)),
    user: (id) => run((db) => readUser(db, id)),
    saveToken: (token) => atomic([], (t) => saveToken(t, token, clock.now())),
    userOfToken: (hash, purpose, now, consume) => atomic([], (t) => userOfToken(t, hash, purpose, now, consume)),
    removeToken: async (hash) => void (await run((db) => removeToken(db, hash))),
    saveGatewaySecret: (site, gateway, hash) => run((db) => saveSecretHash(db, site, gateway, hash)),
    hold: (name) => connection.hold(name),
    close: () => connection.close(),
  };
}
