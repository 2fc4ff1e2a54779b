import { alarmIdentity } from '@plantroom/model';
import type { DetectionState, ImageCell, InstanceState, OpenAlarmState, ReturnedState } from '../types.ts';
import { hear, noteShown } from './connection.ts';
import { type Instance, none, type Slot } from './instance.ts';
import type { Plant } from './plant.ts';

const never = Number.POSITIVE_INFINITY;

/** All that the plant knows, as plain JSON. What is at rest is left out. */
export function save(
  plant: Plant,
  openAlarms: Iterable<Instance>,
  orphans: readonly OpenAlarmState[],
): Pick<DetectionState, 'version' | 'heard' | 'returned' | 'started' | 'image' | 'instances' | 'open'> {
  const heard: Record<string, number> = {};
  const returned: Record<string, ReturnedState> = {};
  const started: Record<string, number> = {};
  const image: Record<string, Record<string, ImageCell>> = {};
  const instances: Record<string, InstanceState> = {};
  const open: OpenAlarmState[] = [...orphans];
  for (const [id, machine] of plant.machines) {
    heard[id] = machine.heard;
    if (machine.returned) returned[id] = machine.returned;
    if (machine.startUp && Number.isFinite(machine.startUp.at)) started[id] = machine.startUp.at;
    const cells: Record<string, ImageCell> = {};
    for (const slot of machine.slots.values()) {
      if (slot.heard > Number.NEGATIVE_INFINITY) cells[slot.name] = cellOf(slot);
    }
    image[id] = cells;
  }
  for (const instance of plant.instances()) {
    const state = stateOf(instance);
    if (Object.keys(state).length > 0) instances[instance.identity] = state;
  }
  // In the order of their raising, which a restart must keep.
  for (const instance of openAlarms) if (instance.open) open.push({ ...instance.open });
  return { version: 1, heard, returned, started, image, instances, open };
}

function cellOf(slot: Slot): ImageCell {
  // A point that has never been good has no moment at which it went bad; JSON knows no infinity.
  return [slot.value, slot.rank, slot.time, slot.heard, Math.max(0, slot.badSince)];
}

function stateOf(instance: Instance): InstanceState {
  const { pending, since, due, unknownSince, blinded, off, raisedAt, changes, view } = instance;
  return {
    ...(pending && { pending, since }),
    ...(pending && due !== never && { due }),
    ...(unknownSince !== undefined && { unknownSince }),
    ...(pending && blinded && { blinded }),
    ...(off && { off }),
    ...(raisedAt !== undefined && { raised: [raisedAt] }),
    ...(changes.length > 0 && { changes }),
    ...(view.memory !== undefined && { memory: structuredClone(view.memory) }),
  };
}

/**
 * Puts a saved state into a plant that may be configured otherwise; open alarms without a place are orphans. Silence
 * counts from `startedAt` at the earliest, and from `now` for a machine that the state does not know.
 */
export function restore(
  plant: Plant,
  state: DetectionState,
  startedAt: number,
  now = startedAt,
): { delays: Instance[]; open: Instance[]; orphans: OpenAlarmState[] } {
  for (const [id, machine] of plant.machines) {
    hear(machine, Math.max(startedAt, state.heard[id] ?? now));
    machine.returned = state.returned?.[id];
    if (machine.startUp) machine.startUp.at = state.started?.[id] ?? Number.NEGATIVE_INFINITY;
    for (const slot of machine.slots.values()) {
      const cell = state.image[id]?.[slot.name];
      if (cell) restoreSlot(slot, cell);
    }
  }
  const delays: Instance[] = [];
  const byIdentity = new Map<string, Instance>();
  for (const instance of plant.instances()) {
    restoreInstance(instance, state.instances[instance.identity]);
    if (instance.pending) delays.push(instance);
    byIdentity.set(instance.identity, instance);
  }
  const open: Instance[] = [];
  const orphans: OpenAlarmState[] = [];
  for (const alarm of state.open) {
    const instance = byIdentity.get(alarmIdentity(alarm.alarm));
    if (!instance || instance.open) {
      orphans.push(alarm);
      continue;
    }
    instance.open = { ...alarm };
    open.push(instance);
    if (instance.fault.trigger === 'silence') noteShown(instance);
  }
  return { delays, open, orphans };
}

/**
 * Nobody listened from `since` on: whether a condition held meanwhile is unknown, so a delay that ran stands still until
 * all that it needs has been heard again.
 */
export function suspendDelays(plant: Plant, delays: readonly Instance[], since: number): void {
  for (const machine of plant.machines.values()) for (const slot of machine.slots.values()) slot.remembered = true;
  for (const instance of delays) {
    if (instance.due <= since || instance.fault.trigger === 'external') continue;
    instance.unknownSince ??= Math.max(since, instance.since);
    instance.due = never;
  }
}

function restoreSlot(slot: Slot, [value, rank, time, heard, badSince]: ImageCell): void {
  Object.assign(slot, { value, rank, time, heard, badSince });
  for (const counter of slot.counters) if (value === counter.value) counter.count += 1;
}

function restoreInstance(instance: Instance, state: InstanceState | undefined): void {
  if (!state) return;
  instance.pending = state.pending;
  instance.since = state.since ?? 0;
  instance.due = state.due ?? never;
  instance.unknownSince = state.unknownSince;
  instance.blinded = state.blinded ?? false;
  instance.off = state.off ?? false;
  instance.raisedAt = state.raised?.at(-1);
  instance.changes = state.changes ?? none;
  if (state.memory !== undefined && instance.view.memory !== undefined) {
    instance.view.memory = structuredClone(state.memory);
  }
}
