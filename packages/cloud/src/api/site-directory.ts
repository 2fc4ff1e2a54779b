import {
  type CatalogueEntry,
  type ModelRevision,
  pointKey,
  type RevisionEquipment,
  type SiteDescription,
  staleAfter,
} from '@plantroom/model';
import type { ApiRecords } from '../records/contract.ts';

export interface EquipmentEntry {
  readonly gateway: string;
  readonly equipment: RevisionEquipment;
  /** Names of its points in the model's order. */
  readonly points: readonly string[];
}

export interface SiteEntry {
  readonly description: SiteDescription;
  readonly gateways: readonly string[];
  readonly equipment: ReadonlyMap<string, EquipmentEntry>;
  /** By `equipment/point`: ms of silence after which it is stale. */
  readonly staleAfter: ReadonlyMap<string, number>;
  /** The longest of them; ms. */
  readonly longestSilence: number;
  readonly catalogue: ReadonlyMap<string, CatalogueEntry>;
}

/** The sites as their gateways' newest model revisions describe them; read once and again when a model is committed. */
export class SiteDirectory {
  readonly #records: Pick<ApiRecords, 'models'>;
  #sites: ReadonlyMap<string, SiteEntry> = new Map();

  constructor(records: Pick<ApiRecords, 'models'>) {
    this.#records = records;
  }

  async refresh(): Promise<void> {
    this.#sites = sitesOf(await this.#records.models());
  }

  sites(): SiteEntry[] {
    return [...this.#sites.values()];
  }

  site(id: string): SiteEntry | undefined {
    return this.#sites.get(id);
  }

  equipment(site: string, id: string): EquipmentEntry | undefined {
    return this.#sites.get(site)?.equipment.get(id);
  }

  /** Undefined when the model has no such point (any more). */
  staleAfter(site: string, equipment: string, point: string): number | undefined {
    return this.#sites.get(site)?.staleAfter.get(pointKey(equipment, point));
  }

  /** For how long the values of each site's points stand. */
  cadences() {
    return new Map(
      [...this.#sites].map(([id, site]) => [
        id,
        {
          timezone: site.description.timezone,
          hold: (equipment: string, point: string) => site.staleAfter.get(pointKey(equipment, point)),
          longestHold: site.longestSilence,
        },
      ]),
    );
  }

  fault(site: string, fault: string): CatalogueEntry | undefined {
    return this.#sites.get(site)?.catalogue.get(fault);
  }
}

function sitesOf(models: readonly ModelRevision[]): Map<string, SiteEntry> {
  const bySite = Map.groupBy(models, (m) => m.site.id);
  return new Map([...bySite].flatMap(([id, own]) => (own[0] ? [[id, siteOf(own[0].site, own)]] : [])));
}

function siteOf(description: SiteDescription, models: readonly ModelRevision[]): SiteEntry {
  const equipment = new Map<string, EquipmentEntry>();
  for (const model of models) {
    const points = Map.groupBy(model.points, (p) => p.equipment);
    for (const e of model.equipment)
      equipment.set(e.id, {
        gateway: model.gateway,
        equipment: e,
        points: (points.get(e.id) ?? []).map((p) => p.point),
      });
  }
  const points = models.flatMap((m) => m.points);
  return {
    description,
    gateways: models.map((m) => m.gateway),
    equipment,
    staleAfter: new Map(points.map((p) => [pointKey(p.equipment, p.point), staleAfter(p)])),
    longestSilence: points.reduce((longest, p) => Math.max(longest, staleAfter(p)), 0),
    catalogue: new Map(models.flatMap((m) => m.catalogue.map((c) => [c.fault, c] as const))),
  };
}
