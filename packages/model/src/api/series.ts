import { z } from 'zod';

export const aggregates = ['mean', 'minimum', 'maximum', 'last', 'count', 'raw'] as const;

/** One step of a series; a step without samples has nulls, so that gaps stay gaps. */
export const seriesItem = z.object({
  time: z.number(),
  value: z.number().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  count: z.number().int(),
  /** The worst quality code in the step (0 good, 100 uncertain, 200 bad); null without samples. */
  quality: z.number().int().nullable(),
});
export type SeriesItem = z.infer<typeof seriesItem>;

export const series = z.object({
  site: z.string(),
  equipment: z.string(),
  point: z.string(),
  from: z.number(),
  to: z.number(),
  /** Milliseconds of a step; 0 for raw samples. */
  interval: z.number().int(),
  aggregate: z.enum(aggregates),
  items: z.array(seriesItem),
});
export type Series = z.infer<typeof series>;
