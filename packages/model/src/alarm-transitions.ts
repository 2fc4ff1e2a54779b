import type { AlarmFacts } from './alarm.ts';
import { alarmStateOf } from './alarm-state.ts';

/** What can happen to an alarm. `raise` and `clear` come after their delays; `re-alarm` after its timer or a higher limit. */
export const alarmInputs = [
  'raise',
  'clear',
  'acknowledge',
  'reset',
  're-alarm',
  'shelve',
  'unshelve',
  'suppress',
  'unsuppress',
  'remove-from-service',
  'return-to-service',
] as const;
export type AlarmInput = (typeof alarmInputs)[number];

/** How one fault's alarms behave. */
export interface AlarmPolicy {
  /** The alarm stays after its condition has ended, until an operator resets it. */
  readonly latching: boolean;
  /** Fire and lift-safety alarms can be neither shelved nor suppressed nor taken out of service by us. */
  readonly safety: boolean;
}

/** The facts of an alarm at rest: state A, normal. */
export const normalFacts: AlarmFacts = {
  active: false,
  acknowledged: true,
  latched: false,
  shelved: false,
  suppressed: false,
  outOfService: false,
};

type Transition = (facts: AlarmFacts, policy: AlarmPolicy) => Partial<AlarmFacts> | undefined;

/**
 * The transition table of ISA-18.2-2016 over independent facts. Evaluation goes on while an alarm is hidden, so `raise`
 * and `clear` apply in states G, H and I too. `undefined`: the input has no effect in this state.
 */
const table: Record<AlarmInput, Transition> = {
  raise: (f) => (f.active ? undefined : { active: true, acknowledged: false, latched: false }),
  clear: (f, p) => (f.active ? { active: false, latched: p.latching } : undefined),
  acknowledge: (f) => (f.acknowledged ? undefined : { acknowledged: true }),
  reset: (f) => (f.latched && !f.active ? { latched: false } : undefined),
  're-alarm': (f) => (f.active && f.acknowledged ? { acknowledged: false } : undefined),
  shelve: (f, p) => (p.safety || f.shelved ? undefined : { shelved: true }),
  unshelve: (f) => (f.shelved ? { shelved: false } : undefined),
  suppress: (f, p) => (p.safety || f.suppressed ? undefined : { suppressed: true }),
  unsuppress: (f) => (f.suppressed ? { suppressed: false } : undefined),
  'remove-from-service': (f, p) => (p.safety || f.outOfService ? undefined : { outOfService: true }),
  'return-to-service': (f) => (f.outOfService ? { outOfService: false } : undefined),
};

/** The facts after an input, or `undefined` when it changes nothing. */
export function transition(facts: AlarmFacts, input: AlarmInput, policy: AlarmPolicy): AlarmFacts | undefined {
  const change = table[input](facts, policy);
  return change && { ...facts, ...change };
}

/** Over: back to normal, acknowledged, not latched and not hidden. The next `raise` is a new occurrence. */
export function isOver(facts: AlarmFacts): boolean {
  return alarmStateOf(facts) === 'normal';
}
