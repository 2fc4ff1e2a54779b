import { identifier, pointName, qualities, qualityReasons } from '@plantroom/model';
import { gatewayStatus } from '@plantroom/model/wire';
import { z } from 'zod';

/** A committed sample that is the newest of its point so far. The follower keeps the newer of two by `time`. */
export const liveSample = z.object({
  equipment: identifier,
  point: pointName,
  /** ms since 1970 UTC, as of the sample. */
  time: z.number().int(),
  gatewayTime: z.number().int(),
  value: z.number().nullable(),
  quality: z.enum(qualities),
  reason: z.enum(qualityReasons).nullable(),
});
export type LiveSample = z.infer<typeof liveSample>;

const origin = { site: identifier, gateway: identifier };

/**
 * What ingest publishes on a site's `.../live` topic after a commit, as JSON. Delivered at most once: a follower that
 * has just connected reads the stores first.
 */
export const liveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('samples'), ...origin, committedAt: z.number().int(), items: z.array(liveSample) }),
  /** Ids of what one events frame changed: ask the records. */
  z.object({
    type: z.literal('committed'),
    ...origin,
    committedAt: z.number().int(),
    alarms: z.array(z.string()),
    orders: z.array(z.string()),
    /** Meters (equipment ids) with new or revised intervals. */
    intervals: z.array(z.string()),
    /** Revisions that are now the gateway's newest. */
    models: z.array(z.string()),
  }),
  z.object({ type: z.literal('status'), ...origin, heardAt: z.number().int(), status: gatewayStatus }),
]);
export type LiveMessage = z.infer<typeof liveMessage>;

/** Reads a payload of a `.../live` topic; undefined when it has another form (a newer version's, for example). */
export function parseLiveMessage(payload: Uint8Array): LiveMessage | undefined {
  try {
    return liveMessage.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
