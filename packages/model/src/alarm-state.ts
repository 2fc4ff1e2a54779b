import type { AlarmFacts } from './alarm.ts';

/** The states of ISA-18.2-2016 / IEC 62682, by the letters of the standard's state model. */
export const alarmStates = {
  A: 'normal',
  B: 'unacknowledged',
  C: 'acknowledged',
  D: 'returned-unacknowledged',
  E: 'latched-unacknowledged',
  F: 'latched-acknowledged',
  G: 'shelved',
  H: 'suppressed',
  I: 'out-of-service',
} as const;
export type AlarmStateLetter = keyof typeof alarmStates;
export type AlarmState = (typeof alarmStates)[AlarmStateLetter];

/** Derives the state. What hides an alarm comes first: out of service, then suppressed, then shelved. */
export function alarmStateOf(facts: AlarmFacts): AlarmState {
  if (facts.outOfService) return alarmStates.I;
  if (facts.suppressed) return alarmStates.H;
  if (facts.shelved) return alarmStates.G;
  if (facts.active) return facts.acknowledged ? alarmStates.C : alarmStates.B;
  if (facts.latched) return facts.acknowledged ? alarmStates.F : alarmStates.E;
  return facts.acknowledged ? alarmStates.A : alarmStates.D;
}
