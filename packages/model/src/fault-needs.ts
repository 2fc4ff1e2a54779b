import { z } from 'zod';

/** What a fault reads of an equipment: without it, it cannot run. Indexed points stand by their template. */
export const faultNeeds = z.object({
  points: z.array(z.string()),
  /** At least one of these. */
  oneOf: z.array(z.string()),
  ratings: z.array(z.string()),
});
export type FaultNeeds = z.infer<typeof faultNeeds>;

/** What of it is missing; of points of which one is enough, all stand together as `a / b`. */
export const faultLack = z.object({ points: z.array(z.string()), ratings: z.array(z.string()) });
export type FaultLack = z.infer<typeof faultLack>;

/** `points` are the templates of the points that the equipment has; undefined if nothing is missing. */
export function lackOf(
  needs: FaultNeeds,
  points: ReadonlySet<string>,
  ratings: Readonly<Record<string, number>>,
): FaultLack | undefined {
  const missing = needs.points.filter((point) => !points.has(point));
  if (needs.oneOf.length > 0 && !needs.oneOf.some((point) => points.has(point))) missing.push(needs.oneOf.join(' / '));
  const unrated = needs.ratings.filter((rating) => ratings[rating] === undefined);
  if (missing.length === 0 && unrated.length === 0) return undefined;
  return { points: [...new Set(missing)], ratings: unrated };
}
