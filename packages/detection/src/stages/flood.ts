import type { Stage } from './stage.ts';

/** ISA-18.2: a flood begins with more than 10 new alarms in 10 minutes and ends when fewer than 5 fall in them. */
export const floodWindow = 600_000;
export const floodBegins = 10;
export const floodEnds = 5;

/** In a flood, orders of medium and low priority wait until it is over; by then most of their alarms are gone. */
export const flood: Stage = {
  name: 'flood',
  decide({ instance, input }, context) {
    if (input === 'clear' || !context.flooded) return { verdict: 'pass', reason: 'no-flood' };
    if (instance.fault.safety || instance.fault.priority <= 2) return { verdict: 'pass', reason: 'flood, but urgent' };
    return { verdict: 'hold-order', reason: 'flood' };
  },
};
