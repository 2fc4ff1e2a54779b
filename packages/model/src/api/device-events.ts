import { z } from 'zod';
import { deviceEvent } from '../device-event.ts';
import { listOf } from './common.ts';

/** A report with what the standards call it; null where one has no class for it. */
export const deviceEventView = deviceEvent.extend({
  classes: z.object({
    /** The bit of the system's state in GB/T 26875.3. */
    gbt26875: z.number().int().nullable(),
    nfpa72: z.enum(['alarm', 'supervisory', 'trouble']).nullable(),
    en54: z.enum(['fire-alarm', 'fault-warning', 'disabled', 'test']).nullable(),
  }),
});
export type DeviceEventView = z.infer<typeof deviceEventView>;
export const deviceEventList = listOf(deviceEventView);
