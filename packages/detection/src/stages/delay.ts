import type { Stage } from './stage.ts';

/** On- and off-delay on event time. */
export const delay: Stage = {
  name: 'delay',
  decide({ instance, input, due, now }) {
    const length = input === 'raise' ? instance.onDelay : instance.offDelay;
    const which = input === 'raise' ? 'on-delay' : 'off-delay';
    if (now < due) return { verdict: 'wait', reason: `${which}-runs` };
    if (instance.off && input === 'clear') return { verdict: 'pass', reason: 'equipment-off' };
    return { verdict: 'pass', reason: length === 0 ? 'no-delay' : `${which}-over` };
  },
};
