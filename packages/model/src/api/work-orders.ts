import { z } from 'zod';
import { priority } from '../alarm.ts';
import { localText } from '../local-text.ts';
import { trades, workOrderActions, workOrderStates } from '../work-order.ts';
import { listOf } from './common.ts';

export const clockStates = ['on-track', 'at-risk', 'breached', 'paused', 'met'] as const;

/** One of an order's two clocks. */
export const serviceClock = z.object({
  dueAt: z.number(),
  state: z.enum(clockStates),
  /** Share of the allowed time that is used; above 1 when overdue. */
  used: z.number(),
  /** When it was met. */
  metAt: z.number().nullable(),
});

export const orderEntry = z.object({
  time: z.number(),
  actor: z.string(),
  action: z.string(),
  from: z.enum(workOrderStates).nullable(),
  to: z.enum(workOrderStates),
  comment: z.string(),
});

export const workOrderView = z.object({
  id: z.string(),
  /** Given by the cloud: WO-1042. */
  number: z.string(),
  site: z.string(),
  equipment: z.string(),
  fault: z.string(),
  subject: z.string(),
  alarm: z.string().nullable(),
  priority,
  trade: z.enum(trades),
  state: z.enum(workOrderStates),
  version: z.number().int(),
  title: localText,
  cause: localText,
  consequence: localText,
  steps: z.array(z.object({ text: localText, doneAt: z.number().nullable(), doneBy: z.string().nullable() })),
  assignee: z.string().nullable(),
  raisedAt: z.number(),
  respond: serviceClock,
  resolve: serviceClock,
  /** Actions that the state allows now. */
  actions: z.array(z.enum(workOrderActions)),
  occurrences: z.number().int(),
  history: z.array(orderEntry),
});
export type WorkOrderView = z.infer<typeof workOrderView>;
export const workOrderList = listOf(workOrderView);

/** Body of `POST work-orders/:id/{action}`; a version that is no longer the order's is answered 409. */
export const workOrderStep = z.strictObject({
  version: z.number().int().min(1),
  comment: z.string().max(2000).default(''),
  assignee: z.string().max(128).optional(),
});
/** Body of `POST work-orders/:id/steps/:index`. */
export const stepTick = z.strictObject({ done: z.boolean(), version: z.number().int().min(1) });
