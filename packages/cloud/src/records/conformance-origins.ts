import assert from 'node:assert/strict';
import {
  alarmOf,
  batchAt,
  commandOf,
  endOf,
  entryAt,
  modelWith,
  type RecordsCase,
  type RecordsUnderTest,
  requestOf,
} from './conformance-kit.ts';
import type { EventsBatch, Records } from './contract.ts';

const others = [{ gateway: 'gw-2' }, { site: 'other' }];

const from = (origin: object, sequence: number, events: Partial<EventsBatch>) => ({
  ...batchAt(sequence, events),
  entry: entryAt(sequence, origin),
});

async function alarmsOf(records: Records, site: string, gateway: string) {
  const { items } = await records.alarms({ site, limit: 100 });
  return items.filter((a) => a.gateway === gateway);
}

/** Whoever knows the ids that an alarm and its order will have sends them from elsewhere first. */
async function leavesIdsToTheirGateways(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  for (const origin of others)
    await records.commitEvents(
      from(origin, 1, { alarms: [endOf(alarmOf('a1', 10), 10, 9)], orders: [requestOf('o1', 'nothing', 10)] }),
    );
  const transition = {
    ...({ time: 20, input: 'raise', from: 'normal', to: 'unacknowledged' } as const),
    ...{ reasons: [], actor: null, comment: '' },
  };
  const first = alarmOf('a1', 20, { subject: 'zone-1' });
  const own = { alarms: [first, alarmOf('b1', 20)], orders: [requestOf('o1', 'a1', 20, { subject: 'zone-1' })] };
  const told = await records.commitEvents(
    batchAt(1, { ...own, transitions: [{ alarm: 'a1', version: 1, transition }] }),
  );
  await under.reopen();
  const again = under.records();
  const open = (await again.alarms({ site: 'harbour', open: true, limit: 9 })).items;
  const fire = open.find((a) => a.subject === 'zone-1');
  assert.ok(fire && fire.id !== 'a1');
  assert.deepEqual(open.map((a) => a.id).sort(), [...told.alarms].sort());
  assert.deepEqual(await again.alarm(fire.id), fire);
  assert.equal((await again.journal(fire.id)).length, 1);
  assert.deepEqual((await again.alarm('a1'))?.version, 9);
  const order = await again.order(fire.order?.id ?? '');
  assert.deepEqual([order?.site, order?.subject, order?.alarm], ['harbour', 'zone-1', fire.id]);
  // A click goes down with the id that the gateway knows, and its echo comes back to this alarm.
  assert.equal((await again.saveCommand('harbour', 'gw-1', commandOf('c1', 30, fire.id))).alarm, 'a1');
  assert.deepEqual(
    (await again.pendingCommands('harbour', 'gw-1')).map((c) => c.alarm),
    ['a1'],
  );
  assert.equal((await again.alarm(fire.id))?.pending?.command, 'c1');
  const ended = await again.commitEvents(batchAt(2, { alarms: [{ ...endOf(first, 40), command: 'c1' }] }));
  assert.deepEqual([ended.alarms, ended.orders], [[fire.id], [order?.id]]);
  assert.deepEqual([(await again.alarm(fire.id))?.endedAt, (await again.alarm(fire.id))?.pending], [40, null]);
}

/** The ids that the records make up themselves are no gateway's to take. */
async function leavesDerivedIds(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  await records.commitEvents(from({ site: 'other' }, 1, { alarms: [alarmOf('a1', 10)] }));
  await records.commitEvents(batchAt(1, { alarms: [alarmOf('a1', 10)] }));
  const [alarm] = await alarmsOf(records, 'harbour', 'gw-1');
  assert.ok(alarm);
  await records.commitEvents(from({ site: 'third' }, 1, { alarms: [alarmOf(alarm.id, 10)] }));
  const [third] = await alarmsOf(records, 'third', 'gw-1');
  assert.ok(third && third.id !== alarm.id);
}

async function keepsGatewaysApart(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  await records.commitEvents(batchAt(1, { alarms: [alarmOf('a1', 10)] }));
  for (const origin of others) {
    // The same fault of the same equipment, later and over at once; and an order that says that it stands for the alarm.
    await records.commitEvents(from(origin, 1, { alarms: [endOf(alarmOf('b1', 20), 21)] }));
    await records.commitEvents(from(origin, 2, { orders: [requestOf('o1', 'a1', 10)] }));
  }
  const alarm = await records.alarm('a1');
  assert.deepEqual([alarm?.version, alarm?.endedAt, alarm?.order], [1, null, null]);
  assert.deepEqual(
    (await records.alarms({ site: 'harbour', open: true, limit: 9 })).items.map((a) => a.id),
    ['a1'],
  );
  const claimed = (await records.orders({ limit: 9 })).items;
  assert.deepEqual(
    claimed.map((o) => o.alarm),
    [null, null],
  );
}

/** Two gateways send figures of one meter: those of the one that has it count, and both are kept. */
async function keepsIntervalsApart(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const withMeter = (revision: string, gateway: string, ...meters: string[]) => {
    const model = modelWith(revision, 1);
    const rest = { kind: 'energy-meter', place: { en: '', zh: '' }, profile: '', connection: '', ratings: {} } as const;
    const equipment = meters.map((id) => ({ id, name: { en: id, zh: id }, ...rest }));
    return { ...model, gateway, equipment };
  };
  const interval = (kWh: number, revision: number) => ({
    ...{ equipment: 'm1', start: 0, kWh, status: 'measured' as const, revision },
  });
  const gw2 = { gateway: 'gw-2' };
  const read = async () => (await under.records().intervals('harbour', ['m1'], 0, 1)).map((i) => i.kWh);
  const sum = async () =>
    (await under.records().intervalDays('harbour', 'm1', { from: -9e7, to: 1, timezone: 'Asia/Shanghai' })).map(
      (d) => d.kWh,
    );
  await records.commitEvents(batchAt(1, { models: [withMeter('revision-a', 'gw-1', 'm1')] }));
  await records.commitEvents({ ...from(gw2, 1, { intervals: [interval(99, 2 ** 50)] }) });
  assert.deepEqual(await read(), [99]);
  await records.commitEvents(batchAt(2, { intervals: [interval(5, 1)] }));
  assert.deepEqual([await read(), await sum()], [[5], [5]]);
  // It says that the meter is its own, later than the other did.
  const claim = from(gw2, 2, { models: [withMeter('revision-b', 'gw-2', 'm1')], intervals: [interval(98, 2 ** 51)] });
  await records.commitEvents({ ...claim, receivedAt: 5000 });
  await records.commitEvents(batchAt(3, { intervals: [interval(6, 2)] }));
  await under.reopen();
  assert.deepEqual([await read(), await sum()], [[6], [6]]);
  // The meter has moved.
  await under.records().commitEvents(batchAt(4, { models: [withMeter('revision-c', 'gw-1')] }));
  await under.records().commitEvents(from(gw2, 3, { intervals: [interval(7, 2 ** 52)] }));
  assert.deepEqual([await read(), await sum()], [[7], [7]]);
}

/** What every store must do with what several gateways say. */
export const originCases: readonly RecordsCase[] = [
  { name: 'leaves the ids of alarms and orders to each gateway', run: leavesIdsToTheirGateways },
  { name: 'lets nobody take the ids that it makes up', run: leavesDerivedIds },
  { name: 'lets no gateway write over the intervals of another', run: keepsIntervalsApart },
  { name: 'lets no gateway end or claim the alarm of another', run: keepsGatewaysApart },
];
