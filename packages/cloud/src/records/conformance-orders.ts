import assert from 'node:assert/strict';
import {
  alarmOf,
  batchAt,
  endOf,
  modelWith,
  type RecordsCase,
  type RecordsUnderTest,
  requestOf,
} from './conformance-kit.ts';
import type { OrderRow, Records } from './contract.ts';

const orders = async (records: Records) => (await records.orders({ limit: 100 })).items;
const actionsOf = (order: OrderRow | undefined) => order?.history.map((h) => h.action);

/** The order with a person's step on top, as the API writes it. */
function stepped(order: OrderRow, to: string, time: number, action = to): OrderRow {
  const entry = { time, actor: 'ada', action, from: order.state, to, comment: '' };
  return { ...order, state: to, history: [...order.history, entry] };
}

async function numbersOrders(under: RecordsUnderTest): Promise<void> {
  await under.records().commitEvents(batchAt(1, { models: [modelWith('revision-a', 2)] }));
  await under.records().commitEvents(batchAt(2, { orders: [requestOf('o1', 'a1', 10)] }));
  await under.reopen();
  const other = requestOf('o2', 'a2', 20, { equipment: 'pump-2' });
  await under.records().commitEvents(batchAt(3, { orders: [other, other] }));
  const [second, first] = await orders(under.records());
  assert.deepEqual([first?.number, second?.number], ['WO-1001', 'WO-1002']);
  const blank = { doneAt: null, doneBy: null };
  assert.deepEqual(first?.steps, [blank, blank]);
  assert.deepEqual(first?.history, [
    { time: 10, actor: 'gw-1', action: 'raise', from: null, to: 'raised', comment: '' },
  ]);
  assert.deepEqual([first?.state, first?.version, first?.alarm, first?.occurrences], ['raised', 1, 'a1', 1]);
}

async function mergesOrders(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const first = requestOf('o1', 'a1', 10);
  const again = requestOf('o2', 'a2', 50, { priority: 1 });
  await records.commitEvents(batchAt(1, { alarms: [alarmOf('a1', 10)], orders: [first] }));
  await records.commitEvents(batchAt(2, { alarms: [alarmOf('a2', 50)], orders: [again] }));
  for (const sequence of [3, 4]) await records.commitEvents(batchAt(sequence, { orders: [again, first] }));
  const [order, ...rest] = await orders(records);
  assert.deepEqual(rest, []);
  assert.deepEqual([order?.id, order?.occurrences, order?.priority, order?.version], ['o1', 2, 1, 1]);
  assert.deepEqual(actionsOf(order), ['raise', 'merge']);
  assert.deepEqual((await records.alarm('a2'))?.order, { id: 'o1', number: 'WO-1001' });
}

async function raisesAnewAfterClosing(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  await records.commitEvents(batchAt(1, { orders: [requestOf('o1', 'a1', 10)] }));
  const order = await records.order('o1');
  assert.ok(order && (await records.updateOrder(stepped(order, 'cancelled', 20), 1)));
  await records.commitEvents(batchAt(2, { orders: [requestOf('o2', 'a2', 30)] }));
  assert.deepEqual(
    (await orders(records)).map((o) => [o.number, o.state]),
    [
      ['WO-1002', 'raised'],
      ['WO-1001', 'cancelled'],
    ],
  );
  // One alarm has both when it came again before it was acknowledged: the newer stands for it.
  await records.commitEvents(batchAt(3, { alarms: [alarmOf('a1', 10)], orders: [requestOf('o3', 'a1', 40)] }));
  assert.deepEqual((await records.alarm('a1'))?.order, { id: 'o2', number: 'WO-1002' });
  const closed = await records.order('o1');
  assert.ok(closed);
  await assert.rejects(records.updateOrder(stepped(closed, 'reopened', 40), 2), { code: 'order-open' });
}

async function reopensResolved(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  await records.commitEvents(batchAt(1, { orders: [requestOf('o1', 'a1', 10)] }));
  const order = await records.order('o1');
  assert.ok(order && (await records.updateOrder(stepped(order, 'resolved', 20), 1)));
  // Raised before the order was resolved, only late: no reason to open it again.
  await records.commitEvents(batchAt(2, { orders: [requestOf('o2', 'a2', 15)] }));
  assert.deepEqual([(await records.order('o1'))?.state, (await records.order('o1'))?.version], ['resolved', 2]);
  await records.commitEvents(batchAt(3, { orders: [requestOf('o3', 'a3', 30)] }));
  const again = await records.order('o1');
  assert.deepEqual([again?.state, again?.version, again?.occurrences], ['reopened', 3, 3]);
  assert.deepEqual(again?.history.at(-1), {
    ...{ time: 30, actor: 'gw-1', action: 'merge', from: 'resolved', to: 'reopened', comment: '' },
  });
}

async function notesEndsOfAlarms(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const alarm = alarmOf('a1', 10);
  await records.commitEvents(batchAt(1, { alarms: [alarm], orders: [requestOf('o1', 'a1', 10)] }));
  const ended = await records.commitEvents(batchAt(2, { alarms: [endOf(alarm, 60)] }));
  assert.deepEqual([ended.alarms, ended.orders], [['a1'], ['o1']]);
  await records.commitEvents(batchAt(3, { alarms: [endOf(alarm, 60, 5)] }));
  // The end may come before the request, and the request before its alarm.
  const late = alarmOf('a2', 70, { equipment: 'pump-2' });
  await records.commitEvents(batchAt(4, { alarms: [endOf(late, 80)] }));
  await records.commitEvents(batchAt(5, { orders: [requestOf('o2', 'a2', 70, { equipment: 'pump-2' })] }));
  await records.commitEvents(batchAt(6, { orders: [requestOf('o3', 'a3', 90, { equipment: 'pump-3' })] }));
  const actions = (await orders(records)).map((o) => [o.id, o.state, actionsOf(o)]);
  assert.deepEqual(actions, [
    ['o3', 'raised', ['raise']],
    ['o2', 'raised', ['raise', 'alarm-ended']],
    ['o1', 'raised', ['raise', 'alarm-ended']],
  ]);
}

async function letsOnePersonWin(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const alarm = alarmOf('a1', 10);
  await records.commitEvents(
    batchAt(1, { models: [modelWith('revision-a', 2)], alarms: [alarm], orders: [requestOf('o1', 'a1', 10)] }),
  );
  const read = await records.order('o1');
  assert.ok(read);
  // What the gateway adds meanwhile neither counts as somebody else's step nor gets lost.
  await records.commitEvents(batchAt(2, { alarms: [endOf(alarm, 15)], orders: [requestOf('o2', 'a2', 16)] }));
  const steps = [
    { doneAt: 20, doneBy: 'ada' },
    { doneAt: null, doneBy: null },
  ];
  const mine = { ...stepped(read, 'assigned', 20, 'assign'), assignee: 'ada', steps };
  const [one, two] = await Promise.all([records.updateOrder(mine, 1), records.updateOrder(mine, 1)]);
  assert.deepEqual([one, two], [true, false]);
  await under.reopen();
  const order = await under.records().order('o1');
  assert.deepEqual(actionsOf(order), ['raise', 'alarm-ended', 'merge', 'assign']);
  assert.deepEqual([order?.version, order?.assignee, order?.occurrences, order?.steps], [2, 'ada', 2, steps]);
  assert.deepEqual(await under.records().verifyAudit(), { entries: 2, broken: null });
}

async function givesStepsLater(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  await records.commitEvents(batchAt(1, { orders: [requestOf('o1', 'a1', 10)] }));
  const bare = await records.order('o1');
  assert.ok(bare && bare.steps.length === 0);
  const model = await records.commitEvents(batchAt(2, { models: [modelWith('revision-a', 3)] }));
  assert.deepEqual(model.orders, ['o1']);
  assert.ok(await records.updateOrder(stepped(bare, 'accepted', 20), 1));
  assert.equal((await records.order('o1'))?.steps.length, 3);
}

/** What every store must do with work orders. */
export const orderCases: readonly RecordsCase[] = [
  { name: 'numbers orders and gives them steps', run: numbersOrders },
  { name: 'merges requests of one fault into its open order', run: mergesOrders },
  { name: 'raises a new order after the old one is closed', run: raisesAnewAfterClosing },
  { name: 'opens a resolved order again when its fault returns', run: reopensResolved },
  { name: 'notes the end of an alarm in its order', run: notesEndsOfAlarms },
  { name: 'lets one person win, and loses nothing of the gateway', run: letsOnePersonWin },
  { name: 'gives an order its steps when the model comes later', run: givesStepsLater },
];
