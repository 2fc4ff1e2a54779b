import { hidden } from './hidden.ts';
import type { Instance, Machine } from './instance.ts';
import { known } from './look.ts';
import { nextMaintenance } from './maintenance.ts';
import { requestDue } from './requests.ts';
import { graceEnds } from './returning.ts';
import { startUpEnds } from './start-up.ts';

/** Something that time itself brings about. */
export interface Due {
  readonly at: number;
  readonly order: number;
  readonly what: 'delay' | 'stale' | 'silence' | 'shelving' | 're-alarm' | 'request' | 'hiding' | 'flood';
  readonly instance: Instance | undefined;
  readonly machine: Machine | undefined;
}

export interface Waiting {
  /** Instances with a delay that runs. */
  readonly delays: Iterable<Instance>;
  readonly machines: Iterable<Machine>;
  /** Instances with an open alarm. */
  readonly open: Iterable<Instance>;
  /** Planned work that began or ended, and returns that were over until then, have been seen to. */
  readonly revealedUntil: number;
  /** When listening began: nothing goes stale for what was not heard before. */
  readonly listeningSince: number;
  /** When the flood of alarms ends, if there is one and no further alarm comes. */
  readonly floodEnds: number | undefined;
}

/**
 * What is due until `to`, by time; of two in one millisecond the one of the lower ordinal first, so that a replay decides
 * alike. `next` is when the earliest of the rest is due.
 */
export function dueUntil(waiting: Waiting, to: number): { readonly due: Due[]; readonly next: number } {
  const due: Due[] = [];
  let next = Number.POSITIVE_INFINITY;
  const offer = (what: Due['what'], instance: Instance | undefined, machine?: Machine) => {
    const at = timeOf(what, instance, waiting, machine);
    if (at > to) next = Math.min(next, at);
    else due.push({ at, order: instance?.ordinal ?? Number.POSITIVE_INFINITY, what, instance, machine });
  };
  for (const instance of waiting.delays) offer('delay', instance);
  for (const machine of waiting.machines) {
    if (machine.equipment.maintenance || machine.returned || machine.startUp) offer('hiding', undefined, machine);
    if (machine.silence) offer('silence', machine.silence);
    for (const instance of machine.tellingLoss) offer('stale', instance);
  }
  for (const instance of waiting.open) {
    offer('shelving', instance);
    offer('re-alarm', instance);
    offer('request', instance);
  }
  offer('flood', undefined);
  return { due: due.sort((a, b) => a.at - b.at || a.order - b.order), next };
}

/** The earliest that an open alarm waits for by itself. */
export function nextOf({ open }: Instance): number {
  const never = Number.POSITIVE_INFINITY;
  return open ? Math.min(open.shelvedUntil ?? never, open.againAt ?? never, requestDue(open)) : never;
}

/** When an optional point of a fault that tells of lost points next goes stale. */
export function nextStale({ optional, staleSeen }: Instance, listeningSince: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { slot } of optional) {
    const at = Math.max(slot.heard, listeningSince) + slot.staleAfter + 1;
    if (slot.rank < 2 && at > staleSeen) next = Math.min(next, at);
  }
  return next;
}

/** Whether nothing that has happened since has moved it or taken it away. */
export function isStillDue({ what, instance, machine, at }: Due, waiting: Waiting): boolean {
  return timeOf(what, instance, waiting, machine) === at;
}

/** When it happens; infinity: not at all as things stand. */
function timeOf(what: Due['what'], instance: Instance | undefined, waiting: Waiting, machine?: Machine): number {
  const never = Number.POSITIVE_INFINITY;
  if (what === 'flood') return waiting.floodEnds ?? never;
  if (what === 'hiding') return machine ? nextEdge(machine, waiting.revealedUntil) : never;
  if (!instance) return never;
  const { open } = instance;
  if (what === 'delay') return instance.pending ? instance.due + lagOf(instance) : never;
  if (what === 'silence')
    return open?.alarm.facts.active ? never : instance.machine.heard + instance.machine.silentAfter;
  if (what === 'stale') return nextStale(instance, waiting.listeningSince);
  if (!open) return never;
  if (what === 'request') return requestDue(open);
  const { facts } = open.alarm;
  if (what === 'shelving') return facts.shelved ? (open.shelvedUntil ?? Number.NEGATIVE_INFINITY) : never;
  return hidden(facts) ? never : (open.againAt ?? never);
}

/** When something next begins or ends that hides alarms of a machine by itself. */
export function nextEdge(machine: Machine, after: number): number {
  return Math.min(nextMaintenance(machine.equipment, after), graceEnds(machine, after), startUpEnds(machine, after));
}

/**
 * A delay runs on the time of the machine's samples, which come this much later (ms): what they say of the moment when it ends
 * is waited for. Else a source whose clock is slow, or whose samples are long on their way, would have no delays.
 */
function lagOf({ fault, machine }: Instance): number {
  return fault.trigger === 'condition' ? machine.lag : 0;
}

/** A device that answered once and fell silent again has not come back: since when, or `known`. */
export function silentAgain({ machine }: Instance, at: number): number {
  return at > machine.heard + machine.silentAfter ? machine.heard : known;
}
