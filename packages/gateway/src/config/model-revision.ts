import { createHash } from 'node:crypto';
import type { FieldDevice } from '@plantroom/drivers';
import {
  type CatalogueEntry,
  kinds,
  type ModelRevision,
  pointDefinition,
  type RevisionEquipment,
} from '@plantroom/model';
import { cadenceOf, deadbandOf, type SitePoint } from './points.ts';
import { overrideOf } from './report.ts';
import type { SiteConfig, SiteEquipment } from './site-config.ts';

/** What the gateway reads, with each point's place in the revision. */
export interface SiteModel {
  readonly revision: ModelRevision;
  readonly points: readonly SitePoint[];
}

/**
 * Describes the site at this moment. The points are those that the prepared connections read, sorted by equipment and
 * name; the revision is a digest of the content, so that the same plant gives the same revision wherever its devices
 * are reached.
 */
export function modelRevisionOf(
  site: SiteConfig,
  devices: readonly FieldDevice[],
  catalogue: readonly CatalogueEntry[],
): SiteModel {
  const points = sitePoints(site, devices);
  const content: Omit<ModelRevision, 'revision'> = {
    gateway: site.gateway.id,
    site: site.site,
    equipment: site.equipment.map(describe),
    points: points.map(({ equipment, point, cadence }) => ({ equipment, point, ...cadence })),
    catalogue: [...catalogue],
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return { revision: { revision: digest.slice(0, 32), ...content }, points };
}

function describe({ profile, parameters: _, report: __, learn: ___, ...equipment }: SiteEquipment): RevisionEquipment {
  return { ...equipment, profile: profile.name };
}

function sitePoints(site: SiteConfig, devices: readonly FieldDevice[]): SitePoint[] {
  const periods = new Map<string, Map<string, number>>();
  for (const { equipment, period, points } of devices) {
    const known = periods.get(equipment) ?? new Map<string, number>();
    periods.set(equipment, known);
    for (const point of points) known.set(point, Math.min(period, known.get(point) ?? period));
  }
  const ordered = [...site.equipment].sort((a, b) => compare(a.id, b.id));
  return ordered
    .flatMap(({ id, kind, report }) =>
      [...(periods.get(id) ?? [])]
        .sort(([a], [b]) => compare(a, b))
        .flatMap(([point, period]) => {
          const definition = pointDefinition(kinds[kind], point);
          if (!definition) return [];
          const override = overrideOf(report, point);
          const cadence = cadenceOf(kind, point, period, override);
          return [{ equipment: id, kind, point, definition, cadence, deadband: deadbandOf(definition, override) }];
        }),
    )
    .map((point, index) => ({ ...point, index }));
}

/** By code units, which every machine orders alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
