import type { Stage } from './stage.ts';

/** Evaluation goes on while an operator has shelved an alarm or taken it out of service; it only makes no order. */
export const shelve: Stage = {
  name: 'shelve',
  decide({ instance }) {
    const facts = instance.open?.alarm.facts;
    if (facts?.outOfService) return { verdict: 'hold-order', reason: 'out-of-service' };
    if (facts?.shelved) return { verdict: 'hold-order', reason: 'shelved' };
    return { verdict: 'pass', reason: instance.fault.safety ? 'safety-is-never-shelved' : 'not-shelved' };
  },
};
