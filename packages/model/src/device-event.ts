import { z } from 'zod';
import { identifier } from './identifiers.ts';

/** What a report is about; `device-event-classes.ts` has the classes of the standards for each. */
export const deviceEventCategories = [
  'fire',
  'supervisory',
  'fault',
  'disabled',
  'test',
  'operation',
  'restored',
] as const;

/** What a panel reports of itself: never sampled, never merged with another. */
export const deviceEvent = z.object({
  /** Derived from what the device sent, so that a repeated report is the same event. */
  id: z.string().min(1).max(128),
  equipment: identifier,
  time: z.number().int(),
  gatewayTime: z.number().int(),
  category: z.enum(deviceEventCategories),
  /** The reporting part, such as `loop 3 device 12`; empty when it is the panel itself. */
  address: z.string().max(64),
  zone: z.string().max(64),
  message: z.string().max(512),
});
export type DeviceEvent = z.infer<typeof deviceEvent>;
