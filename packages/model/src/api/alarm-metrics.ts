import { z } from 'zod';
import { localText } from '../local-text.ts';

const about = { equipment: z.string(), fault: z.string(), subject: z.string(), title: localText };

/** `GET alarm-metrics`: how the alarms of a period bore upon those who answer them. Shares are 0 to 1, times ms. */
export const alarmMetricsView = z.object({
  site: z.string(),
  from: z.number(),
  to: z.number(),
  /** More happened than is looked at; the figures hold for the newest of it. */
  isCut: z.boolean(),
  alarms: z.number().int(),
  perDay: z.number(),
  perHour: z.number(),
  perTenMinutes: z.number(),
  mostInTenMinutes: z.number().int(),
  hoursAboveThirty: z.number(),
  tenMinutesAboveTen: z.number(),
  floods: z.array(z.object({ from: z.number(), to: z.number(), alarms: z.number().int() })),
  floodShare: z.number(),
  topTen: z.array(z.object({ ...about, alarms: z.number().int(), share: z.number() })),
  topTenShare: z.number(),
  chattering: z.array(z.object(about)),
  fleeting: z.number().int(),
  stale: z.array(z.object({ ...about, since: z.number() })),
  priorities: z.array(z.number()),
  toAcknowledge: z.object({ median: z.number(), ninetieth: z.number() }).nullable(),
  unacknowledged: z.number().int(),
});
export type AlarmMetricsView = z.infer<typeof alarmMetricsView>;
