import type { Instance } from './instance.ts';

/** ISA-18.2: an alarm chatters when it changes three times or more within a minute. */
const changesOfChatter = 3;
const chatterWindow = 60_000;

/** Notes that the alarm was raised or cleared. */
export function noteChange(instance: Instance, at: number): void {
  instance.changes = [...instance.changes, at].slice(-changesOfChatter);
}

/**
 * It has changed three times within a minute, and not yet been quiet since. An alarm of safety is never held back, so it
 * never counts as chattering.
 */
export function isChattering(instance: Instance, now: number): boolean {
  const { changes, fault, open } = instance;
  if (fault.safety || fault.trigger !== 'condition') return false;
  if (open?.alarm.chattering) return true;
  const [first = 0] = changes;
  return changes.length === changesOfChatter && now - first <= chatterWindow;
}

/** How long its condition must be gone before it clears: one that chatters has to be quiet for a minute. */
export function offDelayOf(instance: Instance): number {
  const { offDelay, since } = instance;
  return isChattering(instance, since) ? Math.max(offDelay, chatterWindow) : offDelay;
}
