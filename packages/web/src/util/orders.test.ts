import type { WorkOrderView } from '@plantroom/model/api';
import { describe, expect, test } from 'vitest';
import { createRecords } from '../../mock/records.ts';
import { byLimit, clockNow, nextLimit, summariseOrders } from './orders.ts';
import { hour, minute } from './time.ts';

const now = Date.parse('2026-11-21T06:00:00Z');
const { orders } = createRecords(now);
const order = (change: Partial<WorkOrderView>): WorkOrderView => ({ ...(orders[0] as WorkOrderView), ...change });
const clock = (dueAt: number, change: Partial<WorkOrderView['respond']> = {}): WorkOrderView['respond'] => ({
  dueAt,
  state: 'on-track',
  used: 0.2,
  metAt: null,
  ...change,
});

describe('the limit of an order', () => {
  test('is the response until it was given, then the resolution', () => {
    const respond = clock(now + hour);
    const resolve = clock(now + 9 * hour);
    expect(nextLimit({ respond, resolve }).which).toBe('respond');
    expect(nextLimit({ respond: { ...respond, metAt: now }, resolve }).which).toBe('resolve');
  });

  test('puts the closest first and clocks that stand still last', () => {
    const held = order({ id: 'held', respond: clock(0, { metAt: 1 }), resolve: clock(now, { state: 'paused' }) });
    const soon = order({ id: 'soon', respond: clock(now + minute) });
    const late = order({ id: 'late', respond: clock(now - minute, { state: 'breached', used: 1.1 }) });
    expect(byLimit([held, soon, late]).map((each) => each.id)).toEqual(['late', 'soon', 'held']);
  });

  test('is overdue as soon as it has passed, whatever the last answer said', () => {
    expect(clockNow(clock(now - 1), now)).toMatchObject({ state: 'breached', used: 1 });
    expect(clockNow(clock(now + 1), now).state).toBe('on-track');
    expect(clockNow(clock(now - 1, { state: 'paused' }), now).state).toBe('paused');
    expect(clockNow(clock(now - 1, { state: 'met', metAt: now - 5 }), now).state).toBe('met');
  });
});

test('open orders in figures', () => {
  const summary = summariseOrders(
    [
      order({ respond: clock(now - minute, { state: 'breached' }) }),
      order({ respond: clock(now + minute) }),
      order({ respond: clock(0, { metAt: 1 }), resolve: clock(0, { state: 'paused' }) }),
    ],
    now,
  );
  expect(summary).toEqual({ open: 3, overdue: 1, nearest: -minute });
  expect(summariseOrders([], now)).toEqual({ open: 0, overdue: 0, nearest: undefined });
});
