import { z } from 'zod';
import { priority } from './alarm.ts';
import { faultNeeds } from './fault-needs.ts';
import { identifier } from './identifiers.ts';
import { localText } from './local-text.ts';
import { trades } from './work-order.ts';

/** A fault of the library as cloud and web know it: texts and figures, no condition. Travels with the model revision. */
export const catalogueEntry = z.object({
  fault: z.string().min(1).max(64),
  kind: z.string(),
  priority,
  trade: z.enum(trades),
  /** Fire and lift safety: its alarms are never hidden. */
  safety: z.boolean().optional(),
  raisesOrder: z.boolean(),
  /** Minutes within which somebody has to act for it to help. */
  respondWithin: z.number().positive().optional(),
  needs: faultNeeds.optional(),
  /** Only these machines have it; all of the kind otherwise. */
  equipment: z.array(identifier).optional(),
  /** It only has its place here: nothing finds it yet. */
  reserved: z.boolean().optional(),
  title: localText,
  cause: localText,
  consequence: localText,
  /** What to do, a step each. */
  steps: z.array(localText).min(1),
});
export type CatalogueEntry = z.infer<typeof catalogueEntry>;
