import { z } from 'zod';

export const aggregates = ['mean', 'minimum', 'maximum', 'last', 'count', 'raw'] as const;

/** What a series was made of: samples, or rollups of 1 minute, 15 minutes, 1 day. */
export const resolutions = ['raw', 'minute', 'quarter', 'day'] as const;

/**
 * One step of a series. A value stands until the next sample or until it is stale, also over steps in which no sample
 * came; a step of which nothing is known has nulls, so that gaps stay gaps. The mean is weighted by time.
 */
export const seriesItem = z.object({
  time: z.number(),
  value: z.number().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  /** Samples with a value that came in the step. */
  count: z.number().int(),
  /** The worst quality code in the step (0 good, 100 uncertain, 200 bad); null where nothing is known. */
  quality: z.number().int().nullable(),
  /** Share of the step for which a value stood, 0 to 1. */
  coverage: z.number(),
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
  resolution: z.enum(resolutions),
  aggregate: z.enum(aggregates),
  items: z.array(seriesItem),
});
export type Series = z.infer<typeof series>;
