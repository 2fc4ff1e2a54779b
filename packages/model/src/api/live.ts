import { z } from 'zod';
import { alarmView } from './alarms.ts';
import { latestPoint } from './equipment.ts';
import { gatewayView } from './gateways.ts';
import { workOrderView } from './work-orders.ts';

/** Server-sent events of `GET live?site=`: the event's name is `type`, its data the rest. Only committed values. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('latest'), now: z.number(), items: z.array(latestPoint) }),
  z.object({ type: z.literal('alarm'), now: z.number(), alarm: alarmView }),
  z.object({ type: z.literal('work-order'), now: z.number(), order: workOrderView }),
  z.object({ type: z.literal('gateway'), now: z.number(), gateway: gatewayView }),
  /** New or revised intervals of these meters: ask again. */
  z.object({ type: z.literal('intervals'), now: z.number(), equipment: z.array(z.string()) }),
  /** The site's model changed: ask for equipment again. */
  z.object({ type: z.literal('model'), now: z.number(), revision: z.string() }),
  /** Every 5 s, so that silence can be told from peace. */
  z.object({ type: z.literal('tick'), now: z.number() }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;
