import { z } from 'zod';
import { listOf } from './common.ts';

export const gatewayView = z.object({
  site: z.string(),
  id: z.string(),
  online: z.boolean(),
  /** When anything was last heard from it; null if never. */
  heardAt: z.number().nullable(),
  epoch: z.string().nullable(),
  revision: z.string().nullable(),
  version: z.string().nullable(),
  backlog: z.object({ entries: z.number(), bytes: z.number(), oldest: z.number() }).nullable(),
  quarantined: z.number(),
  /**
   * Signs of the last quarter of an hour that two gateways use this identity, null without: `epochs` prove it, `connections`
   * that are lost again and again have other causes too.
   */
  conflict: z.object({ kind: z.enum(['epochs', 'connections']), since: z.number(), at: z.number() }).nullable(),
  /** The gateway's log; null when it has not told of it. */
  log: z
    .object({
      /** Samples of which minimum, mean, maximum and count are left. */
      thinned: z.number(),
      /** Samples that were dropped or found corrupt; gap records say which. */
      lost: z.number(),
      /** ms until the log is full at the rate of the last minutes; null while it does not grow. */
      fullIn: z.number().nullable(),
      /** Why its disk takes no writes; null while it does. */
      trouble: z.string().nullable(),
    })
    .nullable(),
  /** How its clock stands, as it said last; spans in ms. Null when it has not told. */
  clock: z
    .object({
      /** `holding`: what confirmed its time has left it, and it goes on by its monotonic clock. */
      state: z.enum(['synchronised', 'holding', 'unsynchronised']),
      source: z.enum(['none', 'system', 'cloud']),
      /** For how long it has not been `synchronised`. */
      doubtfulFor: z.number(),
      /** The clock of its system minus its time. */
      systemOffset: z.number(),
      /** Our clock minus its time, and how far that may be wrong. */
      cloudOffset: z.object({ by: z.number(), within: z.number() }).nullable(),
      /** The newest jump of the clock of its system. */
      lastJump: z.object({ at: z.number(), by: z.number() }).nullable(),
    })
    .nullable(),
  /** What it named by times from `from` to `to` and sent belongs `by` ms later; such samples are stored as `unsynced`. The newest first. */
  corrections: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      by: z.number(),
      source: z.enum(['none', 'system', 'cloud']),
    }),
  ),
  /** ms between a sample's gateway time and its commit, the newest frame. */
  lag: z.number().nullable(),
  /** Samples stored of it, ever. */
  samples: z.number(),
  connections: z.array(
    z.object({ id: z.string(), type: z.string(), state: z.string(), silent: z.array(z.string()), detail: z.string() }),
  ),
});
export type GatewayView = z.infer<typeof gatewayView>;
export const gatewayList = listOf(gatewayView);
