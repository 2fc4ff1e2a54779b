import { workOrderStates } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OrderStep, serviceClocks } from './service-clocks.ts';

const hour = 3_600_000;
const level = { respond: 2 * hour, resolve: 48 * hour };
const at = (hours: number, to: OrderStep['to']): OrderStep => ({ time: hours * hour, to });
const clocks = (steps: OrderStep[], now: number) => serviceClocks({ raisedAt: 0, steps }, level, now * hour);

describe('the two clocks', () => {
  it('run from the moment the order was raised', () => {
    expect(clocks([], 1)).toEqual({
      respond: { dueAt: 2 * hour, state: 'on-track', used: 0.5, metAt: null },
      resolve: { dueAt: 48 * hour, state: 'on-track', used: 1 / 48, metAt: null },
    });
    expect(clocks([], 1.6).respond.state).toBe('at-risk');
    expect(clocks([], 3).respond).toMatchObject({ state: 'breached', used: 1.5, dueAt: 2 * hour });
  });

  it('stop at acceptance and at resolution', () => {
    const steps = [at(1, 'accepted'), at(2, 'in-progress'), at(10, 'resolved'), at(12, 'closed')];
    expect(clocks(steps, 100)).toEqual({
      respond: { dueAt: 2 * hour, state: 'met', used: 0.5, metAt: hour },
      resolve: { dueAt: 48 * hour, state: 'met', used: 10 / 48, metAt: 10 * hour },
    });
  });

  it('do not forgive a late acceptance', () => {
    expect(clocks([at(3, 'accepted')], 4).respond).toMatchObject({ state: 'breached', metAt: 3 * hour });
  });

  it('move the due time on while the order is on hold', () => {
    const steps = [at(1, 'accepted'), at(2, 'in-progress'), at(10, 'on-hold')];
    expect(clocks(steps, 20).resolve).toEqual({ dueAt: 58 * hour, state: 'paused', used: 10 / 48, metAt: null });
    expect(clocks([...steps, at(30, 'in-progress')], 31).resolve).toMatchObject({ dueAt: 68 * hour, used: 11 / 48 });
  });

  it('go on after a reopening without the time in between', () => {
    const steps = [at(1, 'accepted'), at(10, 'resolved'), at(12, 'closed'), at(40, 'reopened')];
    expect(clocks(steps, 41).resolve).toMatchObject({ used: 11 / 48, metAt: null });
  });

  it('never run backwards as time goes on, whatever happens to the order', () => {
    const step = fc.record({ time: fc.integer({ min: 0, max: 100 * hour }), to: fc.constantFrom(...workOrderStates) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), fc.nat({ max: 100 }), fc.nat({ max: 50 }), (steps, now, more) => {
        const sorted = steps.sort((a, b) => a.time - b.time);
        const [early, late] = [clocks(sorted, now), clocks(sorted, now + more)];
        expect(late.resolve.used).toBeGreaterThanOrEqual(early.resolve.used);
        expect(late.respond.used).toBeGreaterThanOrEqual(early.respond.used);
      }),
    );
  });
});
