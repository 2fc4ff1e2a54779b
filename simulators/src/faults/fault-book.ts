import { PlantroomError } from '@plantroom/base';
import { z } from 'zod';
import { catalogue, type FaultDefinition, type FaultId, isFaultId, type ParametersOf } from './catalogue.ts';

export interface ActiveFault {
  id: string;
  fault: FaultId;
  target: string;
  parameters: Record<string, unknown>;
  /** When it was injected, milliseconds since 1970. */
  since: number;
}

/** The faults that are injected at the moment. */
export class FaultBook {
  readonly #active = new Map<string, ActiveFault>();
  #count = 0;

  /**
   * Injects a fault.
   * @throws PlantroomError `unknown-fault`, `unknown-target`, `bad-parameters` or `already-active`.
   */
  add(fault: string, target: string, parameters: unknown, at: number): ActiveFault {
    if (!isFaultId(fault)) {
      const hint = `Choose one of ${Object.keys(catalogue).join(', ')}.`;
      throw new PlantroomError('unknown-fault', `There is no fault "${fault}".`, { hint, context: { fault } });
    }
    const definition: FaultDefinition = catalogue[fault];
    if (!definition.targets.includes(target)) {
      const hint = `Choose one of ${definition.targets.join(', ')}.`;
      throw new PlantroomError('unknown-target', `${fault} cannot happen to "${target}".`, {
        hint,
        context: { fault, target },
      });
    }
    const parsed = definition.parameters.safeParse(parameters ?? {});
    if (!parsed.success) {
      throw new PlantroomError('bad-parameters', `${fault}: ${z.prettifyError(parsed.error)}`, {
        hint: namesOf(definition),
        context: { fault, target },
      });
    }
    const same = JSON.stringify(parsed.data);
    const others = this.all(fault, target);
    if (others.some((other) => !definition.repeatable || JSON.stringify(other.parameters) === same)) {
      const hint = 'Clear it first, or choose another target.';
      throw new PlantroomError('already-active', `${fault} is already active on ${target}.`, {
        hint,
        context: { fault, target },
      });
    }
    this.#count += 1;
    const active: ActiveFault = { id: `fault-${this.#count}`, fault, target, parameters: parsed.data, since: at };
    this.#active.set(active.id, active);
    return active;
  }

  /** @throws PlantroomError `no-such-fault` */
  remove(id: string): void {
    if (this.#active.delete(id)) return;
    throw new PlantroomError('no-such-fault', `No active fault has the id "${id}".`, {
      hint: 'GET /faults lists the active ones.',
    });
  }

  list(): ActiveFault[] {
    return [...this.#active.values()];
  }

  get none(): boolean {
    return this.#active.size === 0;
  }

  all(fault: FaultId, target: string): ActiveFault[] {
    return this.list().filter((active) => active.fault === fault && active.target === target);
  }

  find(fault: FaultId, target: string): ActiveFault | undefined {
    for (const active of this.#active.values()) if (active.fault === fault && active.target === target) return active;
    return undefined;
  }

  has(fault: FaultId, target: string): boolean {
    return this.find(fault, target) !== undefined;
  }

  /** The parameters of an active fault, as its schema typed them. */
  parameters<F extends FaultId>(fault: F, target: string): ParametersOf<F> | undefined {
    return this.find(fault, target)?.parameters as ParametersOf<F> | undefined;
  }

  /** The same for each time that a repeatable fault was injected. */
  allParameters<F extends FaultId>(fault: F, target: string): ParametersOf<F>[] {
    return this.all(fault, target).map((active) => active.parameters as ParametersOf<F>);
  }

  /** Seconds since the fault was injected; 0 when it is not active. */
  age(fault: FaultId, target: string, at: number): number {
    const active = this.find(fault, target);
    return active ? Math.max(0, (at - active.since) / 1000) : 0;
  }
}

function namesOf({ parameters }: FaultDefinition): string {
  const names = Object.keys(parameters.shape);
  return names.length === 0
    ? 'It has no parameters.'
    : `It has ${names.join(', ')}; the list of faults has their ranges.`;
}
