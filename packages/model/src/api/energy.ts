import { z } from 'zod';
import { interval } from '../interval.ts';
import { listOf } from './common.ts';

/** Intervals with what was to be expected at that time of the week. */
export const intervalView = interval.extend({
  site: z.string(),
  expected: z.object({ kWh: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type IntervalView = z.infer<typeof intervalView>;
export const intervalList = listOf(intervalView);

export const consumptionSteps = ['hour', 'day', 'month'] as const;

export const consumptionItem = z.object({
  start: z.number(),
  end: z.number(),
  /** null when no interval of the step has a figure. */
  kWh: z.number().nullable(),
  /** The same step of the period before. */
  before: z.number().nullable(),
  /** Share of the step's intervals that have a figure, 0 to 1. */
  completeness: z.number(),
  /** Share of kWh that is estimated, 0 to 1. */
  estimated: z.number(),
});
export type ConsumptionItem = z.infer<typeof consumptionItem>;

/** `GET energy/consumption`: by hour, day or month against the period before. */
export const consumption = z.object({
  site: z.string(),
  equipment: z.string(),
  by: z.enum(consumptionSteps),
  from: z.number(),
  to: z.number(),
  beforeFrom: z.number(),
  beforeTo: z.number(),
  /** Sums over steps that both periods have; null when there are none. */
  total: z.object({ kWh: z.number(), before: z.number().nullable(), change: z.number().nullable() }),
  items: z.array(consumptionItem),
});
export type Consumption = z.infer<typeof consumption>;
