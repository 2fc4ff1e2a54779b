import { maintenanceAt } from '../engine/maintenance.ts';
import type { Stage } from './stage.ts';

/** Planned work on an equipment suppresses its alarms by design while it lasts; safety never. */
export const maintain: Stage = {
  name: 'maintain',
  decide({ instance, now }) {
    if (instance.fault.safety) return { verdict: 'pass', reason: 'safety-is-never-hidden' };
    const work = maintenanceAt(instance.machine.equipment, now);
    if (!work) return { verdict: 'pass', reason: 'no-maintenance' };
    return { verdict: 'hide', reason: `maintenance: ${work.reason}`.slice(0, 200) };
  },
};
