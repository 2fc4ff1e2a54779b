import { workOrderActions, workOrderStates } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionLabels, allowedActions, applyAction, isOpen, orderTransitions, stateLabels } from './order-states.ts';

describe('an order', () => {
  it('walks from raised to closed', () => {
    const walk = ['accept', 'start', 'hold', 'resume', 'resolve', 'close'] as const;
    const states = walk.map((_, n) =>
      walk.slice(0, n + 1).reduce(
        (state, action) => {
          const result = applyAction(state, action);
          if (!result.ok) throw new Error(result.problem.message.en);
          return result.state;
        },
        'raised' as (typeof workOrderStates)[number],
      ),
    );
    expect(states).toEqual(['accepted', 'in-progress', 'on-hold', 'in-progress', 'resolved', 'closed']);
  });

  it('that is closed can be reopened, one that is cancelled cannot', () => {
    expect(applyAction('closed', 'reopen')).toEqual({ ok: true, state: 'reopened' });
    expect(allowedActions('cancelled')).toEqual([]);
  });

  it('says in both languages what it does not allow and what it does', () => {
    const result = applyAction('raised', 'resolve');
    expect(result.ok ? '' : result.problem.message.en).toBe(
      'An order that is raised does not allow "resolve"; possible now: assign, accept, cancel.',
    );
    expect(result.ok ? '' : result.problem.message.zh).toContain('派单、接单');
  });

  it('can always be brought to an end while it is open', () => {
    const reaches = (from: (typeof workOrderStates)[number]) => {
      const seen = new Set([from]);
      for (const state of seen) for (const next of Object.values(orderTransitions[state])) seen.add(next);
      return seen;
    };
    for (const state of workOrderStates.filter(isOpen)) expect(reaches(state)).toContain('closed');
  });

  it('never takes an action that its list does not offer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...workOrderStates), fc.constantFrom(...workOrderActions), (state, action) => {
        expect(applyAction(state, action).ok).toBe(allowedActions(state).includes(action));
      }),
    );
  });

  it('has words for every state and action', () => {
    expect(Object.keys(stateLabels).sort()).toEqual([...workOrderStates].sort());
    expect(Object.keys(actionLabels).sort()).toEqual([...workOrderActions].sort());
  });
});
