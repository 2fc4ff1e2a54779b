import assert from 'node:assert/strict';
import type { DeviceEvent, Interval } from '@plantroom/model';
import type { GatewayStatus } from '@plantroom/model/wire';
import { alarmCases } from './conformance-alarms.ts';
import { clockCases } from './conformance-clock.ts';
import {
  alarmOf,
  batchAt,
  entryAt,
  modelWith,
  origin,
  type RecordsCase,
  type RecordsUnderTest,
  requestOf,
  telemetryAt,
} from './conformance-kit.ts';
import { orderCases } from './conformance-orders.ts';
import { originCases } from './conformance-origins.ts';

async function remembersEntries(under: RecordsUnderTest): Promise<void> {
  const telemetry = (sequence: number) => telemetryAt(sequence).entry;
  const commit = (...sequences: number[]) =>
    under.records().commitTelemetry(
      sequences.map((n) => telemetryAt(n)),
      1000,
    );
  await commit(5, 1, 2);
  await commit(2, 4, 4);
  await under.reopen();
  const records = under.records();
  const stored = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => records.isStored(telemetry(n))));
  assert.deepEqual(stored, [false, true, true, false, true, true, false]);
  const asked = [1, 3, 5].map(telemetry);
  assert.deepEqual([...(await records.stored(asked))], [asked[0], asked[2]]);
  assert.equal(await records.isStored(entryAt(1)), false);
  assert.equal(await records.isStored({ ...telemetry(1), epoch: 'epoch-0002' }), false);
  const [gateway] = await records.gateways();
  assert.deepEqual([gateway?.samples, gateway?.heardAt, gateway?.lag], [40, 1000, 495]);
}

/** A hole in the ledger has its place in time from what lies on both sides. */
async function placesHolesInTime(under: RecordsUnderTest): Promise<void> {
  const commit = (...sequences: number[]) =>
    under.records().commitTelemetry(
      sequences.map((n) => telemetryAt(n, { oldestGatewayTime: 10 * n, newestGatewayTime: 10 * n + 9 })),
      1000,
    );
  await commit(2, 1);
  await commit(6, 3);
  await commit(5, 1);
  await under.reopen();
  const stream = { gateway: 'gw-1', epoch: 'epoch-0001', lane: 'telemetry' } as const;
  const ledger = () => under.records().ledger('harbour');
  assert.deepEqual(await ledger(), [
    { ...stream, first: 1, last: 3, firstTime: 10, lastTime: 39 },
    { ...stream, first: 5, last: 6, firstTime: 50, lastTime: 69 },
  ]);
  await commit(4);
  assert.deepEqual(await ledger(), [{ ...stream, first: 1, last: 6, firstTime: 10, lastTime: 69 }]);
  assert.deepEqual(await under.records().ledger('other'), []);
}

async function remembersWhatToRollUp(under: RecordsUnderTest): Promise<void> {
  const quarter = 900_000;
  const commit = (sequence: number, quarters: number[], at: number) =>
    under.records().commitTelemetry([telemetryAt(sequence, { quarters })], at);
  const marks = (more: object = {}) => under.records().marks({ width: 'quarter', limit: 10, ...more });
  await commit(1, [quarter, 0, quarter], 1000);
  await commit(1, [5 * quarter], 1500);
  await commit(2, [quarter], 2000);
  await under.reopen();
  const read = await marks();
  assert.deepEqual(
    read.map((m) => [m.site, m.gateway, m.start, m.version, m.markedAt]),
    [
      ['harbour', 'gw-1', 0, 1, 1000],
      ['harbour', 'gw-1', quarter, 2, 2000],
    ],
  );
  assert.deepEqual(await marks({ from: 1, to: quarter }), []);
  assert.deepEqual(await marks({ site: 'other' }), []);
  assert.deepEqual((await marks({ limit: 1 })).length, 1);
  // One is touched again while it is worked on: it stays.
  await commit(3, [quarter], 3000);
  await under.records().settleMarks(read, [{ site: 'harbour', start: -8 * 3_600_000 }], 4000);
  await under.reopen();
  assert.deepEqual(
    (await marks()).map((m) => [m.start, m.version]),
    [[quarter, 4]],
  );
  const days = await under.records().marks({ width: 'day', limit: 10 });
  assert.deepEqual(
    days.map((m) => [m.site, m.gateway, m.start, m.markedAt]),
    [['harbour', '', -8 * 3_600_000, 4000]],
  );
  const rest = [...(await marks()), ...days];
  await under.records().settleMarks(rest, [], 5000);
  assert.deepEqual([await marks(), await under.records().marks({ width: 'day', limit: 10 })], [[], []]);
  // Somebody else has settled it: who of the two wrote last is not known.
  await under.records().settleMarks(rest.slice(0, 1), [], 6000);
  assert.deepEqual(
    (await marks()).map((m) => [m.start, m.version, m.markedAt]),
    [[quarter, 1, 6000]],
  );
}

async function beginsRollupsOnce(under: RecordsUnderTest): Promise<void> {
  const quarter = 900_000;
  const starts = async () =>
    (await under.records().marks({ width: 'quarter', limit: 9999 })).map((m) => m.start / quarter);
  await under.records().beginRollups('harbour', 1.5 * quarter, 3.5 * quarter, 1000);
  assert.deepEqual([await starts(), await under.records().begunRollups()], [[1, 2, 3], ['harbour']]);
  await under.reopen();
  await under.records().beginRollups('harbour', 0, 9 * quarter, 2000);
  assert.deepEqual(await starts(), [1, 2, 3]);
  await under.records().settleMarks(await under.records().marks({ width: 'quarter', limit: 9 }), [], 3000);
  assert.deepEqual([await starts(), await under.records().begunRollups()], [[], ['harbour']]);
  await under.records().beginRollups('other', 0, 2000 * quarter, 1000);
  assert.equal((await starts()).length, 2000);
}

async function keepsTheHighestRevision(under: RecordsUnderTest): Promise<void> {
  const interval = (start: number, kWh: number | null, revision: number, equipment = 'meter-1') =>
    ({ equipment, start, kWh, status: 'measured', revision }) as const;
  const records = under.records();
  const first = [interval(0, 1, 1), interval(900, 2, 2), interval(0, 9, 1, 'meter-2')];
  assert.deepEqual((await records.commitEvents(batchAt(1, { intervals: first }))).intervals, ['meter-1', 'meter-2']);
  const revised = { ...interval(0, null, 3), status: 'missing', reason: 'gap' } as const;
  assert.deepEqual((await records.commitEvents(batchAt(2, { intervals: [revised] }))).intervals, ['meter-1']);
  assert.deepEqual((await records.commitEvents(batchAt(3, { intervals: [interval(900, 7, 1)] }))).intervals, []);
  assert.deepEqual(await records.intervals('harbour', ['meter-2', 'meter-1'], 0, 901), [revised, first[1], first[2]]);
  assert.deepEqual(await records.intervals('harbour', ['meter-1'], 900, 900), []);
  assert.deepEqual(await records.intervals('other', ['meter-1'], 0, 901), []);
}

async function sumsDaysUp(under: RecordsUnderTest): Promise<void> {
  const [quarter, day] = [900_000, 86_400_000];
  /** Midnight in Shanghai, the zone of the model. */
  const midnight = 16 * 3_600_000;
  const interval = (start: number, kWh: number | null, revision = 1, more: Partial<Interval> = {}): Interval => ({
    ...{ equipment: 'meter-1', start, kWh, status: kWh === null ? 'missing' : 'measured', revision },
    ...more,
  });
  const records = under.records();
  const sums = async (from = 0, to = 9e12, timezone = 'Asia/Shanghai') =>
    (await under.records().intervalDays('harbour', 'meter-1', { from, to, timezone })).map((d) => [
      (d.start - midnight) / day,
      d.kWh,
      d.figures,
      d.estimated,
    ]);
  const other = interval(midnight, 99, 1, { equipment: 'meter-2' });
  const first = [interval(midnight + day - quarter, 1), interval(midnight + day, 2), other];
  await records.commitEvents(batchAt(1, { intervals: first }));
  assert.deepEqual(await sums(), []);
  // The zone is known from here on; what was there before is summed up with the next interval.
  await records.saveModel('harbour', 'gw-1', modelWith('revision-a', 1), 1000);
  const next = [interval(midnight + day + quarter, 3, 1, { status: 'estimated' }), interval(midnight + 2 * day, null)];
  await records.commitEvents(batchAt(2, { intervals: next }));
  await under.reopen();
  assert.deepEqual(await sums(), [
    [0, 1, 1, 0],
    [1, 5, 2, 3],
  ]);
  assert.deepEqual(await sums(midnight + day, midnight + day + 1), [[1, 5, 2, 3]]);
  assert.deepEqual(await sums(0, 9e12, 'UTC'), []);
  const later = [interval(midnight + day, null, 2), interval(midnight + day - quarter, 7, 2)];
  await under.records().commitEvents(batchAt(3, { intervals: [...later, interval(midnight + 2 * day, 8, 2)] }));
  assert.deepEqual(await sums(), [
    [0, 7, 1, 0],
    [1, 3, 1, 3],
    [2, 8, 1, 0],
  ]);
  const model = modelWith('revision-b', 1);
  const moved = { ...model, site: { ...model.site, timezone: 'UTC' } };
  await under.records().saveModel('harbour', 'gw-1', moved, 2000);
  await under.records().commitEvents(batchAt(4, { intervals: [interval(midnight + 3 * day, 1)] }));
  assert.deepEqual([await sums(), (await sums(0, 9e12, 'UTC')).map(([, kWh]) => kWh)], [[], [10, 8, 1]]);
  // A zone that does not exist is UTC.
  const lost = { ...modelWith('revision-c', 1), site: { ...model.site, timezone: 'Mars/Phobos' } };
  await under.records().commitEvents(batchAt(5, { models: [lost], intervals: [interval(midnight + 4 * day, 2)] }));
  assert.deepEqual((await under.records().models()).at(0)?.site.timezone, 'UTC');
  assert.deepEqual(
    (await sums(0, 9e12, 'UTC')).map(([, kWh]) => kWh),
    [10, 8, 1, 2],
  );
}

async function keepsTheNewestModel(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const revisions = async () => (await records.models()).map((m) => m.revision);
  await records.commitEvents(batchAt(5, { models: [modelWith('revision-b', 1)] }));
  await records.commitEvents(batchAt(2, { models: [modelWith('revision-a', 1)] }));
  assert.deepEqual(await revisions(), ['revision-b']);
  assert.equal((await records.model('harbour', 'gw-1', 'revision-a'))?.revision, 'revision-a');
  assert.equal(await records.model('harbour', 'gw-2', 'revision-a'), undefined);
  assert.equal(await records.saveModel('harbour', 'gw-1', modelWith('revision-b', 1), 2000), false);
  await records.commitEvents(batchAt(9, { models: [modelWith('revision-a', 1)] }));
  assert.deepEqual(await revisions(), ['revision-a']);
  const anew = { ...batchAt(1, { models: [modelWith('revision-c', 1)] }), entry: entryAt(1, { epoch: 'epoch-0002' }) };
  assert.deepEqual((await records.commitEvents(anew)).models, ['revision-c']);
  assert.deepEqual(await revisions(), ['revision-c']);
}

async function pagesLists(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const many = Array.from({ length: 7 }, (_, n) => alarmOf(`a${n}`, 100 + (n >> 1), { subject: `zone-${n}` }));
  const requests = many.map((a, n) => requestOf(`o${n}`, a.id, a.raisedAt, { subject: a.subject }));
  await records.commitEvents(batchAt(1, { alarms: many, orders: requests }));
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await records.alarms({ limit: 3, ...(after === null ? {} : { after }) });
    seen.push(...page.items.map((a) => a.id));
    after = page.next;
  } while (after !== null);
  assert.deepEqual(seen, ['a6', 'a5', 'a4', 'a3', 'a2', 'a1', 'a0']);
  const page = await records.orders({ limit: 6, site: 'harbour', equipment: 'pump-1', open: true });
  const rest = await records.orders({ limit: 6, after: page.next ?? '' });
  assert.deepEqual([page.items.length, rest.items.map((o) => o.id), rest.next], [6, ['o0'], null]);
  assert.deepEqual((await records.orders({ limit: 6, site: 'other' })).items, []);
  await assert.rejects(records.alarms({ limit: 3, after: 'nonsense' }), { code: 'cursor' });
}

async function keepsDeviceEventsAndGaps(under: RecordsUnderTest): Promise<void> {
  const event = (id: string, time: number): DeviceEvent => ({
    ...{ id, equipment: 'panel-1', time, gatewayTime: time, category: 'fire', address: '', zone: '', message: 'fire' },
  });
  const gap = {
    ...{ id: 'g1', lane: 'telemetry' as const, fromSequence: 1, toSequence: 2, fromTime: 5, toTime: 6, samples: 9 },
    reason: 'dropped',
  } as const;
  const records = under.records();
  for (const sequence of [1, 2])
    await records.commitEvents(batchAt(sequence, { deviceEvents: [event('e1', 10), event('e2', 20)], gaps: [gap] }));
  const read = (limit: number) => records.deviceEvents('harbour', 'panel-1', limit);
  assert.deepEqual([await read(9), await read(1)], [[event('e2', 20), event('e1', 10)], [event('e2', 20)]]);
  assert.deepEqual(await records.gaps('harbour'), [{ ...gap, gateway: 'gw-1' }]);
}

async function seesTwoGatewaysOfOneIdentity(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const see = async (epoch: string, now: number) => {
    const status: GatewayStatus = {
      ...{ online: true, time: now, epoch, revision: 'revision-a', version: '0.1.0', quarantined: 0, connections: [] },
      backlog: { entries: 0, bytes: 0, oldest: 0 },
    };
    await records.saveStatus('harbour', 'gw-1', status, now);
    return records.seeIdentity('harbour', 'gw-1', status, now);
  };
  assert.equal(await see('epoch-0001', 1000), undefined);
  assert.equal(await see('epoch-0002', 2000), undefined);
  assert.deepEqual(await see('epoch-0001', 3000), { kind: 'epochs', since: 3000, at: 3000 });
  assert.equal(await see('epoch-0002', 4000), undefined);
  assert.deepEqual((await records.gateways())[0]?.conflict, { kind: 'epochs', since: 3000, at: 4000 });
}

async function keepsTheNewestStatus(under: RecordsUnderTest): Promise<void> {
  const status = (time: number, online: boolean): GatewayStatus => ({
    ...{ online, time, epoch: 'epoch-0001', revision: 'revision-a', version: '0.1.0', quarantined: 0, connections: [] },
    backlog: { entries: 0, bytes: 0, oldest: 0 },
  });
  const records = under.records();
  const save = (time: number, online: boolean, heardAt: number) =>
    records.saveStatus('harbour', 'gw-1', status(time, online), heardAt);
  await save(100, true, 1000);
  await save(50, true, 900);
  assert.deepEqual(await records.gateways(), [
    { ...origin, status: status(100, true), heardAt: 1000, samples: 0, conflict: null, corrections: [], lag: null },
  ]);
  await save(80, false, 80);
  const [gateway] = await records.gateways();
  assert.deepEqual([gateway?.status?.online, gateway?.heardAt], [false, 1000]);
  await save(5000, true, 5000);
  await records.disconnectGateways();
  const [after] = await records.gateways();
  assert.deepEqual([after?.status?.online, after?.heardAt, after?.status?.time], [false, 5000, 5000]);
}

async function knowsPeopleAndTokens(under: RecordsUnderTest): Promise<void> {
  const ada = { id: 'ada', name: 'Ada', role: 'engineer' } as const;
  await under.records().createUser(ada);
  const token = { hash: 'h1', user: 'ada', purpose: 'sign-in', expiresAt: 9e15 } as const;
  await under.records().saveToken(token);
  await under.reopen();
  const records = under.records();
  assert.deepEqual(await records.user('ada'), ada);
  assert.equal(await records.userOfToken('h1', 'session', 10, false), undefined);
  assert.equal(await records.userOfToken('h1', 'sign-in', 9e15, true), undefined);
  const both = await Promise.all([1, 2].map(() => records.userOfToken('h1', 'sign-in', 10, true)));
  // Either of the two may be the one.
  assert.deepEqual(
    both.filter((one) => one !== undefined),
    [{ user: ada, expiresAt: 9e15 }],
  );
  await records.saveToken({ ...token, hash: 'h2', purpose: 'session' });
  await records.removeToken('h2');
  assert.equal(await records.userOfToken('h2', 'session', 10, false), undefined);
  await records.saveGatewaySecret('harbour', 'gw-1', 'abc');
  await records.saveGatewaySecret('harbour', 'gw-1', 'def');
  assert.deepEqual(await Promise.all(['gw-1', 'gw-2'].map((g) => records.gatewaySecretHash('harbour', g))), [
    'def',
    undefined,
  ]);
}

async function sortsByBytes(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const ids = ['Z', '_', 'a', 'a-b', 'aB', 'ab', 'é', '水'];
  const many = ids.map((id) => alarmOf(id, 2 ** 41, { subject: id, equipment: `Pump ${id}` }));
  await records.commitEvents(batchAt(1, { alarms: many.toReversed() }));
  const first = await records.alarms({ limit: 5 });
  const rest = await records.alarms({ limit: 5, after: first.next ?? '' });
  const read = [...first.items, ...rest.items].map((a) => a.id);
  assert.deepEqual(read.toReversed(), ids);
  for (const gateway of ids) await records.saveGatewaySecret('harbour', gateway, 'hash');
  assert.deepEqual(
    (await records.gateways()).map((g) => g.gateway).filter((g) => g !== 'gw-1'),
    ids,
  );
}

async function chainsTheAudit(under: RecordsUnderTest): Promise<void> {
  const entry = { time: 1, actor: 'ada', action: 'sign-in', target: 'session', detail: '' };
  await Promise.all([1, 2, 3].map((time) => under.records().audit({ ...entry, time })));
  await under.reopen();
  await under.records().audit(entry);
  // What no database gives back as it was: half a character, and NUL.
  await under.records().audit({ ...entry, actor: 'a\uD800', detail: 'a\0b' });
  assert.deepEqual(await under.records().verifyAudit(), { entries: 5, broken: null });
}

/** What every store of records must do. */
export const recordsConformance: readonly RecordsCase[] = [
  ...orderCases,
  ...originCases,
  ...alarmCases,
  ...clockCases,
  { name: 'remembers which entries it has, counts samples once', run: remembersEntries },
  { name: 'knows when a hole in the ledger was', run: placesHolesInTime },
  { name: 'remembers which rollups are behind until they are made', run: remembersWhatToRollUp },
  { name: 'begins the rollups of a site once', run: beginsRollupsOnce },
  { name: 'keeps the highest revision of an interval', run: keepsTheHighestRevision },
  { name: 'sums intervals up by days of the site', run: sumsDaysUp },
  { name: 'keeps the newest model of a gateway', run: keepsTheNewestModel },
  { name: 'gives lists in pages', run: pagesLists },
  { name: 'keeps device events and gaps once', run: keepsDeviceEventsAndGaps },
  { name: 'keeps the newest status', run: keepsTheNewestStatus },
  { name: 'sees two gateways of one identity', run: seesTwoGatewaysOfOneIdentity },
  { name: 'knows people, tokens and secrets', run: knowsPeopleAndTokens },
  { name: 'sorts text by its bytes', run: sortsByBytes },
  { name: 'chains the audit log', run: chainsTheAudit },
];
