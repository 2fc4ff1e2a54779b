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
