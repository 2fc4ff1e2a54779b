import { hidden } from './hidden.ts';
import type { Instance, Machine } from './instance.ts';
import { nextMaintenance } from './maintenance.ts';

/** Something that time itself brings about. */
export interface Due {
  readonly at: number;
  readonly order: number;
  readonly what: 'delay' | 'silence' | 'shelving' | 're-alarm' | 'maintenance' | 'flood';
  readonly instance: Instance | undefined;
}

export interface Waiting {
  /** Instances with a delay that runs. */
  readonly delays: Iterable<Instance>;
  readonly machines: Iterable<Machine>;
  /** Instances with an open alarm. */
  readonly open: Iterable<Instance>;
  /** Planned work that began or ended until then has been seen to. */
  readonly maintainedUntil: number;
  /** When the flood of alarms ends, if there is one and no further alarm comes. */
  readonly floodEnds: number | undefined;
}

/** The earliest thing due; of two in one millisecond the one of the lower ordinal, so that a replay decides alike. */
export function earliest(waiting: Waiting): Due | undefined {
  let first: Due | undefined;
  const offer = (at: number, order: number, what: Due['what'], instance: Instance | undefined) => {
    if (at === Number.POSITIVE_INFINITY) return;
    if (first === undefined || at < first.at || (at === first.at && order < first.order)) {
      first = { at, order, what, instance };
    }
  };
  for (const instance of waiting.delays) offer(instance.due + lagOf(instance), instance.ordinal, 'delay', instance);
  for (const machine of waiting.machines) {
    const { silence, equipment } = machine;
    if (equipment.maintenance)
      offer(nextMaintenance(equipment, waiting.maintainedUntil), Number.POSITIVE_INFINITY, 'maintenance', undefined);
    if (silence && !silence.open?.alarm.facts.active) {
      offer(machine.heard + silenceOf(silence), silence.ordinal, 'silence', silence);
    }
  }
  for (const instance of waiting.open) {
    const { open, ordinal } = instance;
    if (!open) continue;
    const { facts } = open.alarm;
    if (facts.shelved) offer(open.shelvedUntil ?? Number.NEGATIVE_INFINITY, ordinal, 'shelving', instance);
    if (open.againAt !== undefined && !hidden(facts)) offer(open.againAt, ordinal, 're-alarm', instance);
  }
  if (waiting.floodEnds !== undefined) offer(waiting.floodEnds, Number.POSITIVE_INFINITY, 'flood', undefined);
  return first;
}

/**
 * A delay runs on the time of the machine's samples, which come this much later (ms): what they say of the moment when it ends
 * is waited for. Else a source whose clock is slow, or whose samples are long on their way, would have no delays.
 */
function lagOf({ fault, machine }: Instance): number {
  return fault.trigger === 'condition' ? machine.lag : 0;
}

/** How long an equipment may send nothing usable: its own cadence at the least, and never less than the parameter. */
export function silenceOf(silence: Instance): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const slot of silence.machine.slots.values()) shortest = Math.min(shortest, slot.staleAfter);
  return Math.max(silence.onDelay, shortest) + 1;
}
