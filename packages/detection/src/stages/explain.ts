import type { Stage } from './stage.ts';

/** A fault that another active fault of the same equipment explains stays quiet; safety never does. */
export const explain: Stage = {
  name: 'explain',
  decide({ instance }, context) {
    if (instance.fault.safety) return { verdict: 'pass', reason: 'safety-is-never-hidden' };
    const parent = context.explainedBy(instance);
    if (parent === undefined) return { verdict: 'pass', reason: 'nothing-explains-it' };
    return { verdict: 'hide', reason: `explained-by ${parent}` };
  },
};
