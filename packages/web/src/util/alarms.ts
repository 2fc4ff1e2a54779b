import type { Priority } from '@plantroom/model';
import type { AlarmView } from '@plantroom/model/api';
import { dayStart, hour } from './time.ts';

/** A fire, as the panel or one of its devices tells it; a panel's own faults are less urgent. */
export function isFire({ fault, priority }: Pick<AlarmView, 'fault' | 'priority'>): boolean {
  return priority === 1 && fault.startsWith('fire-panel.');
}

/** As an operator works: the most urgent first, a fire before any other emergency, then the newest. */
export function byUrgency(alarms: readonly AlarmView[]): AlarmView[] {
  return [...alarms].sort(
    (a, b) => a.priority - b.priority || Number(isFire(b)) - Number(isFire(a)) || b.raisedAt - a.raisedAt,
  );
}

/**
 * Alarms that stand: shelved and suppressed ones and those out of service are hidden by somebody's decision (ISA-18.2)
 * and are counted apart.
 */
export function isStanding({ facts }: Pick<AlarmView, 'facts'>): boolean {
  return !facts.shelved && !facts.suppressed && !facts.outOfService;
}

/** An alarm, and those that are told under it: what it explains, and what came after it in a flood. */
export interface FoldedAlarm {
  readonly alarm: AlarmView;
  readonly under: readonly AlarmView[];
}

/**
 * Folds alarms under what stands for them (ISA-18.2: first-out on top in a flood). Fires and alarms of the two highest
 * priorities stay on their own; so does what has nobody to go under.
 */
export function foldAlarms(alarms: readonly AlarmView[]): FoldedAlarm[] {
  const byId = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const above = ({ suppression, firstOut, priority }: AlarmView) =>
    byId.get(suppression?.alarm ?? '') ?? (priority > 2 ? byId.get(firstOut ?? '') : undefined);
  const rootOf = (alarm: AlarmView): AlarmView => {
    let root = alarm;
    const seen = new Set([alarm]);
    for (let next = above(root); next && !seen.has(next); next = above(root)) {
      seen.add(next);
      root = next;
    }
    return isStanding(root) ? root : alarm;
  };
  const families = Map.groupBy(alarms, rootOf);
  return alarms
    .filter((alarm) => families.has(alarm))
    .map((alarm) => ({ alarm, under: (families.get(alarm) ?? []).filter((each) => each !== alarm) }));
}

/** The most urgent thing that is wrong with a machine now: an alarm that has returned is no longer. */
export function wrongNow(alarms: readonly AlarmView[], equipment: string): Priority | null {
  return alarms
    .filter((alarm) => alarm.equipment === equipment && alarm.facts.active && isStanding(alarm))
    .reduce<Priority | null>((most, { priority }) => (most === null || priority < most ? priority : most), null);
}

/** Alarms raised since the site's midnight for each hour of it; the load that one operator can take is about six. */
export function alarmsAnHour(alarms: readonly AlarmView[], timezone: string, now: number): number {
  const midnight = dayStart(now, timezone);
  const raised = alarms.filter((alarm) => alarm.raisedAt >= midnight).length;
  return raised / Math.max(1, (now - midnight) / hour);
}
