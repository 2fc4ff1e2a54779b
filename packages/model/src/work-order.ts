import { z } from 'zod';
import { priority } from './alarm.ts';
import { identifier } from './identifiers.ts';
import { localText } from './local-text.ts';

export const workOrderStates = [
  'raised',
  'assigned',
  'accepted',
  'in-progress',
  'on-hold',
  'resolved',
  'closed',
  'cancelled',
  'reopened',
] as const;
export type WorkOrderState = (typeof workOrderStates)[number];

export const workOrderActions = [
  'assign',
  'accept',
  'start',
  'hold',
  'resume',
  'resolve',
  'close',
  'cancel',
  'reopen',
] as const;
export type WorkOrderAction = (typeof workOrderActions)[number];

export const trades = ['elevator', 'mechanical', 'electrical', 'fire', 'instrumentation', 'energy'] as const;
export type Trade = (typeof trades)[number];

/** The job as the gateway asks for it. The cloud gives it a number, clocks, states and people. */
export const workOrderRequest = z.object({
  /** Derived from its alarm's id, so that a repeated request is the same order. */
  id: z.string().min(1).max(64),
  alarm: z.string().min(1).max(64),
  equipment: identifier,
  fault: z.string().min(1).max(64),
  subject: z.string().max(64),
  priority,
  trade: z.enum(trades),
  raisedAt: z.number().int(),
  title: localText,
});
export type WorkOrderRequest = z.infer<typeof workOrderRequest>;
