import { z } from 'zod';
import { priority } from '../alarm.ts';
import { faultLack } from '../fault-needs.ts';
import { kindNames } from '../kinds/index.ts';
import { localText } from '../local-text.ts';
import { qualities, qualityReasons } from '../quality.ts';
import { listOf } from './common.ts';

export const site = z.object({
  id: z.string(),
  name: localText,
  timezone: z.string(),
  area: z.number().nullable(),
  gateways: z.array(z.string()),
  equipment: z.number().int(),
  /** Open alarms by priority, 1 to 4. */
  alarms: z.object({ 1: z.number().int(), 2: z.number().int(), 3: z.number().int(), 4: z.number().int() }),
  openOrders: z.number().int(),
});
export type Site = z.infer<typeof site>;
export const siteList = listOf(site);

export const equipmentView = z.object({
  site: z.string(),
  id: z.string(),
  gateway: z.string(),
  kind: z.enum(kindNames),
  name: localText,
  /** Both are empty when nobody said where it stands. */
  place: z.object({ en: z.string(), zh: z.string() }),
  profile: z.string(),
  connection: z.string(),
  ratings: z.record(z.string(), z.number()),
  parent: z.string().nullable(),
  /** The most urgent open alarm, if there is one. */
  priority: priority.nullable(),
  openAlarms: z.number().int(),
  /** Names of its points, in the order of the site's model. */
  points: z.array(z.string()),
});
export type EquipmentView = z.infer<typeof equipmentView>;
export const equipmentList = listOf(equipmentView);

/** A fault of the equipment's kind, and what it lacks to be found here; null: it is watched. */
export const faultView = z.object({
  fault: z.string(),
  title: localText,
  priority,
  respondWithin: z.number().optional(),
  lack: faultLack.nullable(),
  /** Nothing finds it yet, on no equipment. */
  reserved: z.boolean(),
});
export type FaultView = z.infer<typeof faultView>;
export const faultList = listOf(faultView);

/** The newest committed sample of a point. */
export const latestPoint = z.object({
  site: z.string(),
  equipment: z.string(),
  point: z.string(),
  /** ms since 1970 UTC, as of the sample. */
  time: z.number(),
  gatewayTime: z.number(),
  value: z.number().nullable(),
  quality: z.enum(qualities),
  reason: z.enum(qualityReasons).nullable(),
  /** When the value last changed. */
  changedAt: z.number(),
  /** ms of silence after which it is stale; the reader computes staleness from this and `heardAt`. */
  staleAfter: z.number(),
  /** When the cloud last had any sample of the point, on the gateway's clock. */
  heardAt: z.number(),
  /** Computed when the answer was made. */
  stale: z.boolean(),
});
export type LatestPoint = z.infer<typeof latestPoint>;
/** `now` is the server's clock, so that ages do not depend on the reader's. */
export const latestList = listOf(latestPoint).extend({ now: z.number() });
