import type { Random } from '@plantroom/base';
import type { Building } from '../../../simulators/src/building/building.ts';
import { catalogue } from '../../../simulators/src/faults/catalogue.ts';

/** Seconds between two on the average, in the whole building. */
const every = 900;
const shortest = 3;
const longest = 40;
const kinds = ['device-silent', 'late-answer', 'modbus-exception'] as const;

/** Links that fail for some seconds: what a healthy building has every day, and what is no alarm. */
export class Dropouts {
  readonly #random: Random;
  readonly #running: { readonly id: string; readonly target: string; readonly until: number }[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Lets a second pass at `now` (ms). */
  second({ faults }: Building, now: number): void {
    const over = this.#running.findIndex(({ until }) => until <= now);
    if (over >= 0) for (const { id } of this.#running.splice(over, 1)) faults.remove(id);
    if (this.#random() >= 1 / every) return;
    const kind = kinds[Math.floor(this.#random() * kinds.length)] ?? 'device-silent';
    const { targets } = catalogue[kind];
    const target = targets[Math.floor(this.#random() * targets.length)] ?? '';
    if (faults.list().some((fault) => fault.target === target)) return;
    const seconds = shortest + this.#random() * (longest - shortest);
    this.#running.push({ id: faults.add(kind, target, {}, now).id, target, until: now + 1000 * seconds });
  }

  /** Ends those of an equipment that is to have a fault. */
  spare({ faults }: Building, target: string): void {
    for (const one of this.#running.filter((each) => each.target === target)) {
      faults.remove(one.id);
      this.#running.splice(this.#running.indexOf(one), 1);
    }
  }
}
