import { ManualClock } from '@plantroom/base';
import type { WorkOrderAction } from '@plantroom/model';
import { beforeEach, expect, test } from 'vitest';
import type { OrderRow } from '../records/contract.ts';
import { OrderActions } from './order-actions.ts';

const raised: OrderRow = {
  id: 'o1',
  number: 'WO-1001',
  site: 'tower',
  equipment: 'p1',
  fault: 'pump.dry-run',
  subject: '',
  alarm: 'a1',
  priority: 2,
  trade: 'mechanical',
  state: 'raised',
  version: 1,
  title: { en: 'Pump runs dry', zh: '水泵干转' },
  assignee: null,
  raisedAt: 0,
  occurrences: 1,
  steps: [],
  history: [{ time: 0, actor: 'gateway', action: 'raise', from: null, to: 'raised', comment: '' }],
};

let stored: OrderRow;
let changes: OrderRow[];
let actions: OrderActions;
/** What another person does between our reading and our writing. */
let meanwhile: () => void;

beforeEach(() => {
  stored = raised;
  changes = [];
  meanwhile = () => {};
  actions = new OrderActions({
    clock: new ManualClock(5_000),
    stepCount: () => 2,
    onChanged: (order) => changes.push(order),
    records: {
      order: async (id) => (id === stored.id ? stored : undefined),
      async updateOrder(order, expected) {
        meanwhile();
        if (stored.version !== expected) return false;
        stored = order;
        return true;
      },
    },
  });
});

function act(action: WorkOrderAction, version: number, more: { assignee?: string } = {}) {
  return actions.act(action, { id: 'o1', version, actor: 'li', comment: 'on it', ...more });
}

test('the way of a job: accepted, started, resolved, closed, each in the history', async () => {
  for (const [i, action] of (['accept', 'start', 'resolve', 'close'] as const).entries())
    expect(await act(action, i + 1)).toMatchObject({ ok: true });
  expect(stored).toMatchObject({ state: 'closed', version: 5, assignee: 'li' });
  expect(stored.history.map((h) => h.to)).toEqual(['raised', 'accepted', 'in-progress', 'resolved', 'closed']);
  expect(stored.history[1]).toEqual({
    time: 5_000,
    actor: 'li',
    action: 'accept',
    from: 'raised',
    to: 'accepted',
    comment: 'on it',
  });
  expect(changes.map((c) => c.version)).toEqual([2, 3, 4, 5]);
});

test('an old version changes nothing, before or during the write', async () => {
  expect(await act('accept', 2)).toMatchObject({ ok: false, code: 'version-conflict' });
  meanwhile = () => {
    stored = { ...stored, version: 2 };
  };
  expect(await act('accept', 1)).toMatchObject({ ok: false, code: 'version-conflict' });
  expect(stored.state).toBe('raised');
  expect(changes).toEqual([]);
});

test('a state refuses what it does not allow', async () => {
  expect(await act('close', 1)).toMatchObject({ ok: false, code: 'action-not-allowed' });
});

test('assigning needs a person, and keeps them when they accept', async () => {
  expect(await act('assign', 1)).toMatchObject({ ok: false, code: 'invalid-request' });
  await act('assign', 1, { assignee: 'wang' });
  await act('accept', 2);
  expect(stored.assignee).toBe('wang');
});

test('steps are ticked on and off; one that does not exist is not', async () => {
  await actions.tick('o1', 1, true, 1, 'li');
  expect(stored.steps).toEqual([
    { doneAt: null, doneBy: null },
    { doneAt: 5_000, doneBy: 'li' },
  ]);
  await actions.tick('o1', 1, false, 2, 'li');
  expect(stored.steps[1]).toEqual({ doneAt: null, doneBy: null });
  expect(await actions.tick('o1', 2, true, 3, 'li')).toMatchObject({ ok: false, code: 'not-found' });
});

test('an unknown order is not found', async () => {
  const outcome = await actions.act('accept', { id: 'o2', version: 1, actor: 'li', comment: '' });
  expect(outcome).toMatchObject({ ok: false, code: 'not-found' });
});
