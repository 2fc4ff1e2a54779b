import { z } from 'zod';

/**
 * What a gateway named by times from `from` to `to` (inclusive, by its time as it was) belongs `by` ms later; 0 when its time
 * was right and only unconfirmed. What had not been sent was put right before it went out: this is of what had been.
 */
export const clockCorrection = z.object({
  id: z.string().min(1).max(128),
  /** The run of the machine. */
  bootId: z.string().max(64),
  /** ms since the machine started, when the time was corrected. */
  monotonic: z.number().int(),
  from: z.number().int(),
  to: z.number().int(),
  by: z.number().int(),
  /** Who gave the right time; `none` when it is only nearer to it. */
  source: z.enum(['none', 'system', 'cloud']),
});
export type ClockCorrection = z.infer<typeof clockCorrection>;
