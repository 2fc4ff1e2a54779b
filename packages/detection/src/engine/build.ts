import { alarmIdentity, staleAfter } from '@plantroom/model';
import { availabilityOf, effectiveParameters } from '../availability.ts';
import type { CodeTexts, Fault } from '../faults/define-fault.ts';
import { library } from '../faults/index.ts';
import type { DetectionEquipment } from '../types.ts';
import { type Counter, type Instance, type Machine, none, type Slot } from './instance.ts';
import { startUpOf } from './start-up.ts';
import { groupOf, indices, templateOf } from './subjects.ts';

const noCodes: CodeTexts = {};
const noCounts: Record<string, number> = {};

/** Builds a machine with an instance of each fault that its points and ratings allow. */
export function buildMachine(equipment: DetectionEquipment, startedAt: number, nextOrdinal: () => number): Machine {
  const slots = new Map(equipment.points.map(({ point, cadence }) => [point, emptySlot(point, staleAfter(cadence))]));
  const instances: Instance[] = [];
  const byFault = new Map<string, Instance[]>();
  const explained = new Map<string, Instance[]>();
  const machine = {
    equipment,
    slots,
    instances,
    byFault,
    explained,
    connection: undefined,
    tellingLoss: none,
    silence: undefined,
    silentAfter: 0,
    heard: startedAt,
    lag: 0,
    returned: undefined,
    startUp: startUpOf(new Set(slots.keys()), equipment.ratings.startUpTime),
    stepped: 0,
  };
  const counters = new Map<string, Counter>();
  const faults = new Set(availabilityOf(equipment).flatMap(({ fault, runs }) => (runs ? [fault] : [])));
  for (const fault of [...library[equipment.kind], ...(equipment.rules ?? [])]) {
    if (!faults.has(fault.id)) continue;
    const own = subjectsOf(fault, slots).map((subject) =>
      buildInstance({ fault, subject, machine, slots, counters, ordinal: nextOrdinal() }),
    );
    instances.push(...own);
    byFault.set(fault.id, own);
    for (const by of fault.explainedBy) explained.set(by.fault, [...(explained.get(by.fault) ?? []), ...own]);
  }
  const silence = instances.find((instance) => instance.fault.trigger === 'silence');
  const shortest = Math.min(...[...slots.values()].map((slot) => slot.staleAfter));
  const silentAfter = Math.max(silence?.onDelay ?? 0, shortest) + 1;
  // The instances hold the object itself, so that it is completed and not copied.
  const telling = instances.filter((instance) => instance.fault.tellsLoss);
  return Object.assign(machine, { silence, silentAfter, tellingLoss: telling.length > 0 ? telling : none });
}

function emptySlot(name: string, stale: number): Slot {
  return {
    name,
    staleAfter: stale,
    value: null,
    rank: 2,
    time: Number.NEGATIVE_INFINITY,
    heard: Number.NEGATIVE_INFINITY,
    badSince: Number.NEGATIVE_INFINITY,
    remembered: false,
    urgent: false,
    readers: none,
    timed: none,
    counters: none,
    image: 0,
  };
}

function subjectsOf(fault: Fault, slots: ReadonlyMap<string, Slot>): string[] {
  const { subjects } = fault;
  if (subjects.by === 'name') return [...subjects.names];
  const found = new Set<string>();
  for (const name of slots.keys()) {
    if (templateOf(name) !== subjects.template) continue;
    found.add(subjects.by === 'point' ? indices(name).join('-') : groupOf(name));
  }
  return [...found];
}

interface Plan {
  readonly fault: Fault;
  readonly subject: string;
  readonly machine: Machine;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly counters: Map<string, Counter>;
  readonly ordinal: number;
}

function buildInstance(plan: Plan): Instance {
  const { fault, subject, machine, slots, ordinal } = plan;
  const { equipment } = machine;
  const parameters = effectiveParameters(fault, equipment.parameters?.[fault.id]);
  const resolve = (point: string) => slots.get(pointName(point, fault, subject));
  const needed = fault.points.map(resolve).filter((slot) => slot !== undefined);
  const optional = fault.optional.flatMap((name) => {
    const slot = resolve(name);
    return slot ? [{ name, slot, decisive: fault.oneOf.includes(name) }] : [];
  });
  const counters = Object.entries(fault.counts).map(([name, { template, value }]) => ({
    name,
    counter: counterFor(plan, template, value),
  }));
  const instance: Instance = {
    ordinal,
    identity: alarmIdentity({ equipment: equipment.id, fault: fault.id, subject }),
    machine,
    fault,
    subject,
    policy: fault,
    needed: exact(needed),
    optional: exact(optional),
    counters: exact(counters),
    view: {
      now: 0,
      wallTime: 0,
      subject,
      points: Object.fromEntries([...fault.points, ...fault.optional].map((name) => [name, undefined])),
      ratings: equipment.ratings,
      parameters,
      counts: counters.length > 0 ? Object.fromEntries(counters.map(({ name }) => [name, 0])) : noCounts,
      codes: equipment.codes ?? noCodes,
      memory: fault.initialMemory?.(),
    },
    onDelay: (parameters.onDelay ?? 0) * 1000,
    offDelay: (parameters.offDelay ?? 0) * 1000,
    reAlarm: (parameters.reAlarm ?? 0) * 1000,
    pending: undefined,
    since: 0,
    due: Number.POSITIVE_INFINITY,
    unknownSince: undefined,
    nextLook: Number.NEGATIVE_INFINITY,
    off: false,
    blinded: false,
    staleSeen: Number.NEGATIVE_INFINITY,
    raisedAt: undefined,
    changes: none,
    open: undefined,
    dirty: false,
  };
  if (fault.trigger === 'condition') subscribe(instance, plan);
  return instance;
}

function subscribe(instance: Instance, { fault, subject, slots }: Plan): void {
  const read = new Set([...instance.needed, ...instance.optional.map(({ slot }) => slot)]);
  // What is judged every so often sees the counts then: it need not hear of each of their points.
  for (const { template } of fault.every > 0 ? [] : Object.values(fault.counts)) {
    for (const slot of slots.values()) if (counts(slot.name, template, fault, subject)) read.add(slot);
  }
  // `concat` takes the room that it needs; a list that grows, or is spread and added to, takes three times as much.
  for (const slot of read) {
    if (fault.safety) slot.urgent = true;
    if (fault.timed) slot.timed = slot.timed.concat(instance);
    else slot.readers = slot.readers.concat(instance);
  }
}

/** The same list without the room that a list keeps for growing. */
function exact<T>(list: readonly T[]): readonly T[] {
  return list.length > 0 ? [...list] : none;
}

/** `loop[].device[].state` and `2-31` make `loop[2].device[31].state`. */
function pointName(point: string, fault: Fault, subject: string): string {
  if (fault.subjects.by !== 'point' || point !== fault.subjects.template) return point;
  const index = subject.split('-');
  let place = 0;
  return point.replace(/\[\]/g, () => `[${index[place++] ?? ''}]`);
}

function counts(name: string, template: string, fault: Fault, subject: string): boolean {
  if (templateOf(name) !== template) return false;
  return fault.subjects.by !== 'group' || groupOf(name) === subject;
}

/** One counter for all faults that ask for the same figure. */
function counterFor({ fault, subject, slots, counters }: Plan, template: string, value: number): Counter {
  const scope = fault.subjects.by === 'group' ? subject : '';
  const key = `${template}|${value}|${scope}`;
  const existing = counters.get(key);
  if (existing) return existing;
  const counter: Counter = { value, count: 0 };
  counters.set(key, counter);
  for (const slot of slots.values())
    if (counts(slot.name, template, fault, subject)) slot.counters = slot.counters.concat(counter);
  return counter;
}
