import { z } from 'zod';
import { alarmStates } from './alarm-state.ts';
import { alarmInputs } from './alarm-transitions.ts';

export const alarmStateNames = Object.values(alarmStates);

/** `withdraw`: its point or equipment is gone; `detail`: other words; `none`: a command that had no effect. */
export const journalInputs = [...alarmInputs, 'withdraw', 'detail', 'none'] as const;

/** One transition of an alarm, as the journal keeps it: what led to it, who, and what each stage had to say. */
export const alarmTransition = z.object({
  time: z.number().int(),
  input: z.enum(journalInputs),
  from: z.enum(alarmStateNames),
  to: z.enum(alarmStateNames),
  /** What each stage decided, in their order: `delay: on-delay-over`, `explain: explained-by pump.silent`. */
  reasons: z.array(z.object({ stage: z.string().max(32), reason: z.string().max(200) })).max(16),
  /** The person; null when the plant or time did it. */
  actor: z.string().nullable(),
  comment: z.string().max(500),
});
export type AlarmTransition = z.infer<typeof alarmTransition>;
