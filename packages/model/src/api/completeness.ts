import { z } from 'zod';

/** Why something that was to be expected is not stored. */
export const holeCauses = [
  /** The gateway still holds it, or may hold it while it cannot be reached; it is sent when it can. */
  'buffered',
  /** The gateway holds it in quarantine: a person has to replay or drop it. */
  'quarantined',
  /** Given up for want of space, or by a person. */
  'dropped',
  /** No longer what was written, on the gateway's disk. */
  'corrupt',
  /** The gateway asked and the device gave no usable value. */
  'device-silent',
  /** The gateway's program was not running: nothing was produced. */
  'stopped',
  /** The point was not there yet. */
  'not-enrolled',
  'unknown',
] as const;
export type HoleCause = (typeof holeCauses)[number];

/** Points of one gateway for which the same stretch of time is missing. */
export const hole = z.object({
  gateway: z.string(),
  /** To the minute where samples border on it. */
  from: z.number(),
  to: z.number(),
  cause: z.enum(holeCauses),
  points: z.array(z.object({ equipment: z.string(), point: z.string() })),
});
export type Hole = z.infer<typeof hole>;

/** Frames of a gateway's log that are not stored. */
export const missingFrames = z.object({
  epoch: z.string(),
  first: z.number().int(),
  last: z.number().int(),
  /** What lies before and after them; null where that is not known. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  cause: z.enum([...holeCauses, 'thinned']),
});
export type MissingFrames = z.infer<typeof missingFrames>;

export const gatewayCompleteness = z.object({
  id: z.string(),
  online: z.boolean(),
  heardAt: z.number().nullable(),
  /** Time of the newest sample that is stored of it. */
  newestAt: z.number().nullable(),
  backlog: z.object({ entries: z.number(), oldest: z.number() }).nullable(),
  quarantined: z.number(),
  /** Points that it is to give, and those without a hole. */
  points: z.number().int(),
  complete: z.number().int(),
  /** Samples that are stored of the day. */
  stored: z.number().int(),
  /** The fewest that a healthy plant gives: each point once in its longest silence. */
  expected: z.number().int(),
  /** Share of the time of all points for which a value stands, 0 to 1; null when none was expected. */
  coverage: z.number().nullable(),
  /** Frames of the log that are missing around the day. */
  missing: z.array(missingFrames),
  /** Samples that the gateway told to have thinned, dropped or found corrupt around the day. */
  given: z.object({ thinned: z.number().int(), dropped: z.number().int(), corrupt: z.number().int() }),
});
export type GatewayCompleteness = z.infer<typeof gatewayCompleteness>;

/** `GET completeness`: what was expected of a site on one day, what is stored, and why the rest is not. */
export const statement = z.object({
  site: z.string(),
  /** `2026-11-27`, a day of the site's wall clock. */
  day: z.string(),
  from: z.number(),
  to: z.number(),
  timezone: z.string(),
  madeAt: z.number(),
  /** Until when the day has been examined: later is not over, or still being worked on. */
  examinedTo: z.number(),
  /** `complete` only when all of the day has been examined and nothing is missing. */
  verdict: z.enum(['complete', 'incomplete', 'open']),
  gateways: z.array(gatewayCompleteness),
  holes: z.array(hole),
});
export type Statement = z.infer<typeof statement>;

/** `GET completeness/days`: share of the time for which values stand, by day. */
export const completenessDays = z.object({
  site: z.string(),
  items: z.array(
    z.object({
      day: z.string(),
      start: z.number(),
      /** null while the day is not over, and for one of which nothing was expected. */
      coverage: z.number().nullable(),
      /** Its last quarter of an hour is over too, so that it can be judged. */
      over: z.boolean(),
    }),
  ),
});
export type CompletenessDays = z.infer<typeof completenessDays>;
