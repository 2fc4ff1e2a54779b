import type { Stage } from './stage.ts';

/** An alarm that another one explains stays quiet; safety never does. */
export const explain: Stage = {
  name: 'explain',
  decide({ instance, now }, context) {
    if (instance.fault.safety) return { verdict: 'pass', reason: 'safety-is-never-hidden' };
    const by = context.explainedBy(instance, now);
    if (by === undefined) return { verdict: 'pass', reason: 'nothing-explains-it' };
    const where = by.equipment === instance.machine.equipment.id ? '' : ` of ${by.equipment}`;
    const how = by.over ? 'returns-after' : 'explained-by';
    return { verdict: 'hide', reason: `${how} ${by.fault}${where}`, alarm: by.alarm };
  },
};
