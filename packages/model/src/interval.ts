import { z } from 'zod';
import { identifier } from './identifiers.ts';

/** Milliseconds of one interval: 15 minutes, 96 to an ordinary day. */
export const intervalLength = 900_000;

export const intervalReasons = ['gap', 'reset', 'rollover', 'replacement', 'partial'] as const;

/**
 * 15 minutes of consumption of one meter. `start` is inclusive, the end exclusive; both lie on quarter hours of the
 * site's wall clock. A higher revision of the same (equipment, start) replaces a lower one.
 */
export const interval = z.object({
  equipment: identifier,
  /** ms since 1970 UTC. */
  start: z.number().int(),
  /** Active energy taken from the supply; `null` when no reading allows a figure. */
  kWh: z.number().nullable(),
  status: z.enum(['measured', 'estimated', 'missing']),
  reason: z.enum(intervalReasons).optional(),
  revision: z.number().int().min(1),
});
export type Interval = z.infer<typeof interval>;
