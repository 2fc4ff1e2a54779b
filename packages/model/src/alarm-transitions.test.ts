import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmFacts } from './alarm.ts';
import { type AlarmState, alarmStateOf } from './alarm-state.ts';
import {
  type AlarmInput,
  type AlarmPolicy,
  alarmInputs,
  isOver,
  normalFacts,
  transition,
} from './alarm-transitions.ts';

const plain: AlarmPolicy = { latching: false, safety: false };
const latching: AlarmPolicy = { latching: true, safety: false };
const safety: AlarmPolicy = { latching: false, safety: true };

const facts: Record<'A' | 'B' | 'C' | 'D' | 'E' | 'F', AlarmFacts> = {
  A: normalFacts,
  B: { ...normalFacts, active: true, acknowledged: false },
  C: { ...normalFacts, active: true },
  D: { ...normalFacts, acknowledged: false },
  E: { ...normalFacts, latched: true, acknowledged: false },
  F: { ...normalFacts, latched: true },
};

// The rows of the standard's state table: from, event, policy, to (undefined: no effect).
const rows: [keyof typeof facts, AlarmInput, AlarmPolicy, AlarmState | undefined][] = [
  ['A', 'raise', plain, 'unacknowledged'],
  ['A', 'acknowledge', plain, undefined],
  ['B', 'acknowledge', plain, 'acknowledged'],
  ['B', 'clear', plain, 'returned-unacknowledged'],
  ['B', 'clear', latching, 'latched-unacknowledged'],
  ['B', 'raise', plain, undefined],
  ['C', 'clear', plain, 'normal'],
  ['C', 'clear', latching, 'latched-acknowledged'],
  ['C', 're-alarm', plain, 'unacknowledged'],
  ['D', 'acknowledge', plain, 'normal'],
  ['D', 'raise', plain, 'unacknowledged'],
  ['E', 'acknowledge', latching, 'latched-acknowledged'],
  ['E', 'reset', latching, 'returned-unacknowledged'],
  ['E', 'raise', latching, 'unacknowledged'],
  ['F', 'reset', latching, 'normal'],
  ['F', 'raise', latching, 'unacknowledged'],
  ['B', 'shelve', plain, 'shelved'],
  ['B', 'suppress', plain, 'suppressed'],
  ['B', 'remove-from-service', plain, 'out-of-service'],
  ['B', 'shelve', safety, undefined],
  ['B', 'suppress', safety, undefined],
  ['B', 'remove-from-service', safety, undefined],
];

describe('the ISA-18.2 state table', () => {
  it.each(rows)('%s, %s (%o) -> %s', (from, input, policy, to) => {
    const after = transition(facts[from], input, policy);
    expect(after && alarmStateOf(after)).toBe(to);
  });

  it('goes on evaluating while an alarm is hidden', () => {
    const shelved = transition(facts.C, 'shelve', plain);
    const cleared = shelved && transition(shelved, 'clear', plain);
    const back = cleared && transition(cleared, 'unshelve', plain);
    expect(back && alarmStateOf(back)).toBe('normal');
  });

  it('never hides a safety alarm and never ends one that is active, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alarmInputs), { maxLength: 40 }), (inputs) => {
        let now = facts.B;
        for (const input of inputs) now = transition(now, input, safety) ?? now;
        expect(now.shelved || now.suppressed || now.outOfService).toBe(false);
        if (now.active) expect(isOver(now)).toBe(false);
      }),
    );
  });

  it('changes nothing when an input is repeated', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(facts)), fc.constantFrom(...alarmInputs), (from, input) => {
        const once = transition(from, input, latching) ?? from;
        if (input === 'clear' || input === 're-alarm') return;
        expect(transition(once, input, latching) ?? once).toEqual(once);
      }),
    );
  });
});
