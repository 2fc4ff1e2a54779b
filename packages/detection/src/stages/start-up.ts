import { startUpLeft } from '../engine/start-up.ts';
import type { Stage } from './stage.ts';

/** A start shakes what later stands still: faults that it can explain are suppressed by design until it is over; safety never. */
export const startUp: Stage = {
  name: 'start-up',
  decide({ instance: { fault, machine }, now }) {
    if (fault.safety || !fault.settles) return { verdict: 'pass', reason: 'no-start-explains-it' };
    const left = startUpLeft(machine, now);
    if (left <= 0) return { verdict: 'pass', reason: 'not-starting' };
    return { verdict: 'hide', reason: `start-up: ${Math.ceil(left / 1000)} s left` };
  },
};
