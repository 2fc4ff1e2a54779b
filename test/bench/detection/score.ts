import type { JournalEntry } from '@plantroom/detection';
import type { Building } from '../../../simulators/src/building/building.ts';
import type { Expected, Scenario } from './scenarios.ts';
import type { Planned } from './schedule.ts';

/** A planned fault and what came of it; times in ms. */
export interface Injection {
  readonly plan: Planned;
  readonly start: number;
  readonly over: number;
  /** When its condition first held, by the simulators' own truth. */
  heldAt: number | undefined;
  foundAt: number | undefined;
}

/** An alarm that asked for attention: raised, or shown after it had been suppressed. */
export interface Call {
  readonly at: number;
  readonly entry: JournalEntry;
  /** `found`: the first of the fault that was injected; `again`: another of it; `true`: it says something else that is so. */
  readonly as: 'found' | 'again' | 'true' | 'false';
}

/** Books faults and alarms, and which belong together. */
export class Score {
  readonly injections: Injection[] = [];
  readonly calls: Call[] = [];
  #live: Injection[] = [];

  begin(plan: Planned, at: number): Injection {
    const injection = {
      plan,
      start: at,
      over: at + (plan.over - plan.start) * 1000,
      heldAt: plan.scenario.holds ? undefined : at,
      foundAt: undefined,
    };
    this.injections.push(injection);
    this.#live.push(injection);
    return injection;
  }

  /** Asks the simulators which faults hold by now. */
  look(building: Building, now: number): void {
    for (const one of this.#live) {
      const { scenario, target } = one.plan;
      if (one.heldAt === undefined && scenario.holds?.(building, target)) one.heldAt = now;
    }
    if (this.#live.some(({ over }) => over < now)) this.#live = this.#live.filter(({ over }) => over >= now);
  }

  hear(entry: JournalEntry, now: number): void {
    const { input, from, to } = entry;
    if (to !== 'unacknowledged' || from === 'unacknowledged') return;
    if (input !== 'raise' && input !== 'unsuppress') return;
    const meant = this.#live.find(({ plan }) => fits(plan.scenario.finds, plan.target, entry));
    const isFirst = meant !== undefined && meant.foundAt === undefined;
    if (isFirst) meant.foundAt = now;
    const isTrue = meant !== undefined || this.#live.some(({ plan }) => isEntailed(plan.scenario, plan.target, entry));
    this.calls.push({ at: now, entry, as: isFirst ? 'found' : meant ? 'again' : isTrue ? 'true' : 'false' });
  }
}

function isEntailed({ entails = [] }: Scenario, target: string, entry: JournalEntry): boolean {
  return entails.some((one) => fits(one, target, entry));
}

function fits(expected: Expected, target: string, { equipment, fault, subject }: JournalEntry): boolean {
  return (
    fault === expected.fault &&
    (expected.equipment ?? [target]).includes(equipment) &&
    (expected.subject === undefined || expected.subject === subject)
  );
}
