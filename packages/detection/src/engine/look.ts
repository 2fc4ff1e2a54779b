import type { Evidence } from '@plantroom/model';
import type { Instance, Slot } from './instance.ts';

/** Answer of `look` when every needed point is known. */
export const known = -1;

/**
 * Fills the instance's view from the process image as of `now`: values that are good or uncertain and not stale. Returns
 * `known`, or since when the first of the needed points has been unknown.
 */
export function look(instance: Instance, now: number): number {
  const { view, needed, optional, counters } = instance;
  let unknownSince = Number.POSITIVE_INFINITY;
  for (let index = 0; index < needed.length; index += 1) {
    const slot = needed[index];
    if (slot === undefined) continue;
    const since = unusableSince(slot, now);
    if (since !== known) unknownSince = Math.min(unknownSince, since);
    else view.points[instance.fault.points[index] ?? ''] = slot.value ?? undefined;
  }
  if (unknownSince !== Number.POSITIVE_INFINITY) return Math.max(0, unknownSince);
  instance.blinded = false;
  for (const { name, slot, decisive } of optional) {
    const usable = unusableSince(slot, now) === known;
    view.points[name] = usable ? (slot.value ?? undefined) : undefined;
    if (decisive && !usable) instance.blinded = true;
  }
  for (const { name, counter } of counters) view.counts[name] = counter.count;
  view.wallTime = now;
  view.now = now - instance.machine.stepped;
  return known;
}

/**
 * Whether an instance can be judged by what stands in the image, without a sample: one that is timed takes each sample once,
 * and what has not been heard since a restart, or is gone by now, tells nothing of today.
 */
export function canJudge(instance: Instance, now: number): boolean {
  const { fault, needed, optional, pending } = instance;
  if (fault.trigger !== 'condition' || fault.timed) return false;
  if (needed.some((slot) => slot.remembered) || optional.some(({ slot }) => slot.remembered)) return false;
  return look(instance, now) === known && !(pending && instance.blinded);
}

function unusableSince(slot: Slot, now: number): number {
  if (slot.rank === 2 || slot.value === null) return slot.badSince;
  const stale = slot.heard + slot.staleAfter;
  return now > stale ? stale : known;
}

/** What an alarm shows of the moment at which it was raised. */
export function evidenceOf(instance: Instance): Evidence[] {
  const slots = [...instance.needed, ...instance.optional.map(({ slot }) => slot)];
  return slots
    .filter((slot) => slot.value !== null && slot.rank < 2)
    .map(({ name, value, time }) => ({ point: name, value, time }));
}
