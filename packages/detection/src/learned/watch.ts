import type { Sample } from '@plantroom/model';
import type { DetectionEquipment, ExternalFact } from '../types.ts';
import { MachineWatch, type MachineWatchState, step } from './machine-watch.ts';

export interface WatchState {
  readonly version: 1;
  readonly machines: Readonly<Record<string, MachineWatchState>>;
}

/**
 * Learns what is usual for the machines of a site, and finds those that have long been unlike it. Keeps no timer and reads
 * no clock. What it says is a fact for `Detection.fact`.
 */
export class Watch {
  readonly #machines = new Map<string, MachineWatch>();
  /** No longer watched, with a finding that has to end. */
  #ending: MachineWatch[] = [];
  /** The step that runs, counted from 1970; undefined before the first moment. */
  #step: number | undefined;

  constructor(equipment: readonly DetectionEquipment[], state?: WatchState) {
    for (const each of equipment) {
      const machine = new MachineWatch(each, state?.machines[each.id]);
      if (!machine.isIdle) this.#machines.set(each.id, machine);
      else if (machine.isActive) this.#ending.push(machine);
    }
  }

  /** Takes samples in the order of their arrival. */
  samples(batch: readonly Sample[]): void {
    let id = '';
    let machine: MachineWatch | undefined;
    for (const sample of batch) {
      if (sample.equipment !== id) {
        id = sample.equipment;
        machine = this.#machines.get(id);
      }
      machine?.sample(sample);
    }
  }

  /** Lets time pass; at the end of a step of five minutes each machine is judged. A clock that was set only ends a step. */
  tick(now: number): ExternalFact[] {
    const running = Math.floor(now / step);
    const before = this.#step;
    this.#step = running;
    if (before === undefined || before === running) return [];
    const ended = this.#ending.map((machine) => machine.end(now));
    this.#ending = [];
    return [...ended, ...[...this.#machines.values()].flatMap((machine) => machine.close(now) ?? [])];
  }

  state(): WatchState {
    return {
      version: 1,
      machines: Object.fromEntries([...this.#machines].map(([id, machine]) => [id, machine.state()])),
    };
  }
}
