import { z } from 'zod';
import { catalogueEntry } from './catalogue.ts';
import { identifier, pointName } from './identifiers.ts';
import { kindNames } from './kinds/index.ts';
import { bothLanguages, localText } from './local-text.ts';

const place = z.string().max(200);
/** Where it stands, in the reader's own words: "B1 switch room"; empty when nobody said. One text serves for both languages. */
export const placeText = z.union([place.transform(bothLanguages), z.strictObject({ en: place, zh: place })]);

export const revisionPoint = z.object({
  equipment: identifier,
  point: pointName,
  /** Milliseconds, see Cadence. */
  period: z.number().positive(),
  maximumSilence: z.number().nonnegative(),
});

export const revisionEquipment = z.object({
  id: identifier,
  kind: z.enum(kindNames),
  name: localText,
  place: placeText,
  profile: z.string(),
  connection: z.string(),
  /** Rated figures by name, with the unit in the name: `ratedFlow` m3/h, `ratedPower` kW, ... */
  ratings: z.record(z.string(), z.number()),
  /** The meter above this one in the meter tree. */
  parent: identifier.optional(),
});
export type RevisionEquipment = z.infer<typeof revisionEquipment>;

export const siteDescription = z.object({
  id: identifier,
  name: localText,
  timezone: z.string(),
  /** Floor area in square metres. */
  area: z.number().positive().optional(),
});
export type SiteDescription = z.infer<typeof siteDescription>;

/** The site as one gateway sees it at one moment. Telemetry frames name points by their place in `points`. */
export const modelRevision = z.object({
  /** A digest of the content: the same site file gives the same revision. */
  revision: z.string().min(8).max(64),
  gateway: identifier,
  site: siteDescription,
  equipment: z.array(revisionEquipment),
  points: z.array(revisionPoint),
  catalogue: z.array(catalogueEntry),
});
export type ModelRevision = z.infer<typeof modelRevision>;
