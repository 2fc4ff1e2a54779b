import { z } from 'zod';
import { identifier } from '../identifiers.ts';

export const lanes = ['events', 'telemetry'] as const;
export type Lane = (typeof lanes)[number];

/** What names an entry of the outbox for ever: `(gateway, epoch, lane, sequence)`. */
export const frameHeader = z.object({
  site: identifier,
  gateway: identifier,
  /** New whenever the log is new, so that a wiped disk cannot collide with its past. */
  epoch: z.string().min(8).max(64),
  lane: z.enum(lanes),
  /** Counts from 1 without a hole, each lane on its own. */
  sequence: z.number().int().min(1),
  /** The model revision that decodes the frame. */
  revision: z.string().min(8).max(64),
});
export type FrameHeader = z.infer<typeof frameHeader>;
