import type { Deadband } from '@plantroom/model';
import { z } from 'zod';

const deadband = z.union([z.number(), z.string()]).transform((given, context): Deadband => {
  if (typeof given === 'number' && given >= 0) return { absolute: given };
  if (/^\d+(?:\.\d+)? ?%$/.test(String(given))) return { percent: Number.parseFloat(String(given)) };
  const message = "write a figure in the point's unit, such as 0.5, or a share of the value, such as 2 %";
  context.addIssue({ code: 'custom', message, input: given });
  return z.NEVER;
});

/** How much a point has to change, and how long it may keep silent, instead of what its kind says. */
const override = z.strictObject({
  deadband: deadband.optional(),
  /** Milliseconds. */
  maximumSilence: z.number().int().min(1000).max(86_400_000).optional(),
});
export type ReportOverride = z.output<typeof override>;

/** By point; an indexed one stands once, with empty brackets: `loop[].device[].state`. */
export const reportEntry = z.record(z.string(), override).default({});
export type ReportEntry = z.output<typeof reportEntry>;

/** What a cell of a table has to be: `report.power.deadband`. */
export const reportKeys: Readonly<Record<string, z.ZodType>> = override.shape;

/** The override of a point by its full name. */
export function overrideOf(report: ReportEntry, point: string): ReportOverride {
  return report[point.replace(/\[\d+\]/g, '[]')] ?? {};
}
