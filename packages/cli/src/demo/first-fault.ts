import { coerceError } from '@plantroom/base';
import type { SimulatorControl } from '../simulators/control.ts';

/** What goes wrong first: it needs neither traffic nor consumption, so it shows at any hour. */
export const firstFault = { fault: 'pump-dry-run', target: 'booster-3' } as const;

/** Lets the first fault happen; resolves to what to tell. A building that has it already keeps it. */
export async function injectFirstFault(control: SimulatorControl): Promise<string> {
  const { active } = await control.faults();
  if (active.some((one) => one.fault === firstFault.fault && one.target === firstFault.target))
    return 'booster 3 still runs dry';
  try {
    await control.inject(firstFault.fault, firstFault.target);
    return 'booster 3 runs dry: an alarm and its work order follow within half a minute';
  } catch (thrown) {
    return `none: ${coerceError(thrown).message}`;
  }
}
