import { isChattering } from '../engine/chatter.ts';
import type { Stage } from './stage.ts';

/** An alarm that chatters is held until it has been quiet; the longer off-delay does that, this says why. */
export const chatter: Stage = {
  name: 'chatter',
  decide({ instance, input, now }) {
    if (!isChattering(instance, now)) return { verdict: 'pass', reason: 'no-chatter' };
    return {
      verdict: 'pass',
      reason: input === 'clear' ? 'chatter: quiet for a minute' : 'chatter: return is held back',
    };
  },
};
