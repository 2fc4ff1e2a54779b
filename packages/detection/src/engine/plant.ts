import type { Sample } from '@plantroom/model';
import type { DetectionEquipment } from '../types.ts';
import { buildMachine } from './build.ts';
import { type Connection, emptyConnection, hear } from './connection.ts';
import type { Instance, Machine, Slot } from './instance.ts';
import { noteStart } from './start-up.ts';

/** A source whose time is older than what we have by more than this has set its clock back; less is disorder. */
const clockStep = 60_000;
/** A sample that is this much older than its arrival was kept on the way: what it says was then, not now. */
const keptOnTheWay = 300_000;

/** The machines of the site with their process image. */
export class Plant {
  readonly machines = new Map<string, Machine>();
  readonly connections = new Map<string, Connection>();
  readonly #below: ReadonlyMap<string | undefined, readonly Machine[]>;

  constructor(equipment: readonly DetectionEquipment[], startedAt: number) {
    let ordinal = 0;
    for (const each of equipment)
      this.machines.set(
        each.id,
        buildMachine(each, startedAt, () => ordinal++),
      );
    for (const machine of this.machines.values()) this.#connect(machine);
    this.#below = Map.groupBy(this.machines.values(), ({ equipment: { parent } }) => parent);
  }

  *instances(): Generator<Instance> {
    for (const machine of this.machines.values()) yield* machine.instances;
  }

  /** The alarms that a change of this one may concern: its own, what it explains on its machine, and on those below. */
  *concerned(changed: Instance): Generator<Instance> {
    const { machine, fault } = changed;
    if (fault.trigger === 'silence') yield* machine.instances;
    else {
      yield changed;
      yield* machine.explained.get(fault.id) ?? [];
    }
    if (fault.trigger === 'silence' || fault.endsSupply)
      for (const below of this.#allBelow(machine)) yield* below.instances;
  }

  #allBelow(machine: Machine): Set<Machine> {
    const found = new Set([machine]);
    // A set that grows goes on with what is new; a circle of meters adds nothing.
    for (const { equipment } of found) for (const below of this.#below.get(equipment.id) ?? []) found.add(below);
    found.delete(machine);
    return found;
  }

  #connect(machine: Machine): void {
    const { connection: id } = machine.equipment;
    if (id === undefined) return;
    machine.connection = this.connections.get(id) ?? emptyConnection();
    machine.connection.machines.push(machine);
    this.connections.set(id, machine.connection);
    hear(machine, machine.heard);
  }
}

/**
 * Writes a sample into its slot and marks what has to be judged. Returns false for a sample that is older than what is
 * there: it arrived out of order, and what it says has been overtaken. Safety does not wait to see whether it was that or a
 * clock set back, unless both came at once: a fire that is told has to be an alarm.
 */
export function writeSample(slot: Slot, sample: Sample, dirty: Instance[]): boolean {
  const overtakenBy = slot.time - sample.time;
  const isDisorder = overtakenBy < clockStep && !(slot.urgent && sample.gatewayTime > slot.heard);
  if (overtakenBy > 0 && (isDisorder || sample.gatewayTime - sample.time > keptOnTheWay)) return false;
  const rank = sample.value === null || sample.quality === 'bad' ? 2 : sample.quality === 'good' ? 0 : 1;
  const wasStale = sample.gatewayTime > slot.heard + slot.staleAfter;
  const changed = wasStale || slot.remembered || rank !== slot.rank || (rank < 2 && sample.value !== slot.value);
  if (rank === 2 && slot.rank !== 2) slot.badSince = sample.time;
  if (rank < 2 && sample.value !== slot.value) {
    for (const counter of slot.counters) {
      if (slot.value === counter.value) counter.count -= 1;
      if (sample.value === counter.value) counter.count += 1;
    }
    slot.value = sample.value;
  }
  slot.remembered = false;
  slot.rank = rank;
  slot.time = sample.time;
  slot.heard = sample.gatewayTime;
  if (changed) mark(slot.readers, dirty);
  for (const instance of slot.timed) if (isTimeToLook(instance, sample.time)) markOne(instance, dirty);
  return true;
}

/** What a sample says of its machine. One that was kept on the way tells nothing of how long those take that come as they are made. */
export function noteMachine(machine: Machine, sample: Sample): void {
  const { time, gatewayTime } = sample;
  if (machine.startUp) noteStart(machine.startUp, sample);
  const lag = gatewayTime - time;
  if (lag <= keptOnTheWay) machine.lag = Math.max(0, lag);
}

/** What is known of how the machines are heard, but no part of what a restart keeps, goes on under another site file. */
export function goOnListening(before: Plant, plant: Plant): void {
  for (const [id, machine] of plant.machines) {
    const known = before.machines.get(id);
    machine.lag = known?.lag ?? 0;
    for (const [name, slot] of machine.slots) slot.remembered = known?.slots.get(name)?.remembered ?? false;
  }
}

function mark(instances: readonly Instance[], dirty: Instance[]): void {
  for (const instance of instances) markOne(instance, dirty);
}

function markOne(instance: Instance, dirty: Instance[]): void {
  if (instance.dirty) return;
  instance.dirty = true;
  dirty.push(instance);
}

/** A time from before the last look is of a clock that was set back: it counts anew from there. */
function isTimeToLook(instance: Instance, time: number): boolean {
  const pause = instance.fault.every * 1000;
  if (pause === 0) return true;
  if (time < instance.nextLook && time >= instance.nextLook - pause) return instance.dirty;
  instance.nextLook = time + pause;
  return true;
}

/** The wall clock was stepped by `by` ms, by `stepped` in all: ages and delays stay what they are. */
export function movePlant(plant: Plant, by: number, stepped: number): void {
  for (const connection of plant.connections.values()) connection.heardUntil += by;
  for (const machine of plant.machines.values()) {
    machine.heard += by;
    machine.stepped = stepped;
    if (machine.startUp) machine.startUp.at += by;
    const { returned } = machine;
    if (returned) machine.returned = { ...returned, lostAt: returned.lostAt + by, at: returned.at + by };
    for (const slot of machine.slots.values()) {
      slot.heard += by;
      slot.badSince += by;
      // A source with a clock of its own was not stepped; ahead it must not be overtaken by its own past.
      slot.time += Math.min(0, by);
    }
    for (const instance of machine.instances) {
      instance.since += by;
      instance.due += by;
      instance.nextLook += by;
      instance.staleSeen += by;
      instance.changes = instance.changes.map((time) => time + by);
      const { open } = instance;
      if (open?.againAt !== undefined) open.againAt += by;
      if (open?.requested) open.requested = open.requested.map((time) => time + by);
      if (open?.shelvedUntil !== undefined) open.shelvedUntil += by;
      if (instance.unknownSince !== undefined) instance.unknownSince += by;
    }
  }
}
