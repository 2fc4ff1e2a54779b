import { z } from 'zod';

/** A list of anything: `next` is the cursor of the following page, null at the end. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** RFC 9457 problem+json with a stable code. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

/** An instant in a query: ISO 8601 with zone, or ms since 1970 UTC. */
export const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

export const health = z.object({ status: z.literal('ok'), version: z.string(), time: z.number() });
