import type { Stage } from './stage.ts';

/** A connection that dies takes its devices with it: the first silent one stands for all. */
export const group: Stage = {
  name: 'group',
  decide({ instance, now }, context) {
    if (instance.fault.trigger !== 'silence') return { verdict: 'pass', reason: 'not-grouped' };
    const leader = context.leaderOf(instance, now);
    if (leader === undefined) return { verdict: 'pass', reason: 'stands-for-itself' };
    const how = leader.over ? 'back' : 'silent';
    return { verdict: 'hide', reason: `connection-${how}, see ${leader.equipment}`, alarm: leader.alarm };
  },
};
