import { z } from 'zod';
import { alarm } from '../alarm.ts';
import { alarmStateNames, alarmTransition } from '../alarm-journal.ts';
import type { commandActions } from '../command-actions.ts';
import { localText } from '../local-text.ts';
import { listOf } from './common.ts';

export const alarmView = alarm.extend({
  site: z.string(),
  gateway: z.string(),
  /** Derived from the facts. */
  state: z.enum(alarmStateNames),
  /** Fire and lift safety: it can be neither shelved nor taken out of service. */
  safety: z.boolean(),
  title: localText,
  cause: localText,
  consequence: localText,
  /** Minutes within which somebody has to act; missing where the model does not say. */
  respondWithin: z.number().optional(),
  steps: z.array(localText),
  /** The order that stands for it. */
  order: z.object({ id: z.string(), number: z.string() }).nullable(),
  /** A click that the gateway has not answered yet. */
  pending: z.object({ command: z.string(), action: z.string(), since: z.number() }).nullable(),
});
export type AlarmView = z.infer<typeof alarmView>;
export const alarmList = listOf(alarmView);

/** Every transition of one alarm that has arrived, by version; a version that is still on its way is missing. */
export const alarmJournal = z.object({ items: z.array(alarmTransition.extend({ version: z.number().int() })) });
export type AlarmJournal = z.infer<typeof alarmJournal>;

export type AlarmAction = (typeof commandActions)[number];

export const alarmComment = z.strictObject({ comment: z.string().max(500).default('') });
/** Answer to a click: what was asked, which the gateway will echo. */
export const commandAccepted = z.object({ command: z.string(), alarm: z.string(), action: z.string() });
