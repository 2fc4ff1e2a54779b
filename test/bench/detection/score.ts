import type { JournalEntry } from '@plantroom/detection';
import type { Alarm } from '@plantroom/model';
import type { Building } from '../../../simulators/src/building/building.ts';
import type { Expected, Scenario } from './scenario.ts';
import type { Planned } from './schedule.ts';

/** A planned fault and what came of it; times in ms. */
export interface Injection {
  readonly plan: Planned;
  readonly start: number;
  readonly over: number;
  /** When its condition first held, by the simulators' own truth. */
  heldAt: number | undefined;
  foundAt: number | undefined;
  /** The alarm that others are folded under. */
  alarm: string | undefined;
}

/** An alarm that asked for attention: raised, or shown after it had been suppressed. */
export interface Call {
  readonly at: number;
  readonly entry: JournalEntry;
  /** What the alarm said, in English. */
  readonly said: string;
  /**
   * `found`: the first of the fault that was injected; `again`: another of it; `true`: it says something else that is so;
   * `consequence`: it should have been folded under the fault that brought it.
   */
  readonly as: 'found' | 'again' | 'true' | 'false' | 'consequence';
}

/** Books faults and alarms, and which belong together. */
export class Score {
  readonly injections: Injection[] = [];
  readonly calls: Call[] = [];
  /** Alarms that a fault which takes others with it brought: whether each was folded under its alarm, or called too. */
  readonly consequences = new Map<string, 'folded' | 'called'>();
  #live: Injection[] = [];
  /** Which alarm stands for which. */
  readonly #standsFor = new Map<string, string>();

  begin(plan: Planned, at: number): Injection {
    const injection = {
      plan,
      start: at,
      over: at + (plan.over - plan.start) * 1000,
      heldAt: plan.scenario.holds ? undefined : at,
      foundAt: undefined,
      alarm: undefined,
    };
    this.injections.push(injection);
    this.#live.push(injection);
    return injection;
  }

  /** Asks the simulators which faults hold by now. */
  look(building: Building, now: number): void {
    for (const one of this.#live) {
      const { scenario, target } = one.plan;
      if (one.heldAt === undefined && scenario.holds?.(building, target, now)) one.heldAt = now;
    }
    if (this.#live.some(({ over }) => over < now)) this.#live = this.#live.filter(({ over }) => over >= now);
  }

  hear(entry: JournalEntry, alarm: Alarm | undefined, now: number): void {
    const { input, from, to } = entry;
    const meantime = this.#live.find(({ plan }) => plan.scenario.folds);
    if (alarm?.suppression?.alarm) this.#standsFor.set(alarm.id, alarm.suppression.alarm);
    if (meantime?.alarm === undefined && meantime && fits(meantime.plan.scenario.finds, meantime.plan.target, entry))
      meantime.alarm = entry.alarm;
    if (meantime?.alarm !== undefined && to === 'suppressed' && this.#rootOf(entry.alarm) === meantime.alarm)
      this.consequences.set(entry.alarm, this.consequences.get(entry.alarm) ?? 'folded');
    if (to !== 'unacknowledged' || from === 'unacknowledged') return;
    if (input !== 'raise' && input !== 'unsuppress') return;
    const meant = this.#live.find(({ plan }) => fits(plan.scenario.finds, plan.target, entry));
    const isFirst = meant !== undefined && meant.foundAt === undefined;
    if (isFirst) meant.foundAt = now;
    const isConsequence = meantime !== undefined && meant === undefined;
    if (isConsequence) this.consequences.set(entry.alarm, 'called');
    const isTrue = meant !== undefined || this.#live.some(({ plan }) => isEntailed(plan.scenario, plan.target, entry));
    const otherwise = isConsequence ? 'consequence' : isTrue ? 'true' : 'false';
    this.calls.push({
      at: now,
      entry,
      said: alarm?.detail.en ?? '',
      as: isFirst ? 'found' : meant ? 'again' : otherwise,
    });
  }

  /** The alarm at the end of the chain of those that stand for one another. */
  #rootOf(alarm: string): string {
    const seen = new Set<string>();
    let root = alarm;
    for (
      let next = this.#standsFor.get(root);
      next !== undefined && !seen.has(next);
      next = this.#standsFor.get(root)
    ) {
      seen.add(next);
      root = next;
    }
    return root;
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
