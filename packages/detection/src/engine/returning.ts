import type { Explainer } from '../stages/stage.ts';
import type { Instance, Machine } from './instance.ts';

/**
 * What went with a lost supply or a dead connection comes back one by one: a driver leaves a device that did not answer alone
 * for up to five minutes, and needs a poll then; the rest is for the device to start.
 */
const grace = 360_000;

/** Notes that an alarm is over which may have taken others with it; one that was hidden has itself gone with another. */
export function noteReturn({ machine, fault, open, changes }: Instance, at: number): void {
  const facts = open?.alarm.facts;
  // Out of service it has taken nothing with it either.
  if (!open || facts?.suppressed || facts?.outOfService) return;
  if (!fault.endsSupply && fault.trigger !== 'silence') return;
  const { id, raisedAt } = open.alarm;
  // Unlike the alarm's own times, which are names, those of its changes move with the clock.
  const raised = changes.at(-1) ?? raisedAt;
  const lostAt = fault.trigger === 'silence' ? raised - machine.silentAfter : raised;
  machine.returned = { alarm: id, fault: fault.id, lostAt, at };
}

/** What another machine returned from, if this one fell silent with it and may still be on its way back. */
export function returnsWith({ heard, silentAfter }: Machine, other: Machine, now: number): Explainer | undefined {
  const { returned } = other;
  if (!returned || now < returned.at || now >= returned.at + grace) return undefined;
  // What was silent before has nothing to do with it: else a meter that comes and goes would hide a dead device for ever.
  if (heard + silentAfter < returned.lostAt) return undefined;
  return { alarm: returned.alarm, equipment: other.equipment.id, fault: returned.fault, over: true };
}

/** When what a machine returned from ceases to explain anything, if that is after a moment. */
export function graceEnds({ returned }: Machine, after: number): number {
  const end = returned ? returned.at + grace : Number.NEGATIVE_INFINITY;
  return end > after ? end : Number.POSITIVE_INFINITY;
}
