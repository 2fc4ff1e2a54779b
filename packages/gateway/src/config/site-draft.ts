import type { ConfigProblem, YamlFile } from '@plantroom/base';
import type { ConnectionType, Profile } from '@plantroom/drivers';
import type { SiteDescription } from '@plantroom/model';
import type { BrokerSection, EquipmentEntry, GatewaySection } from './schema.ts';

/** A connection whose settings are right. */
export interface DraftConnection {
  readonly id: string;
  readonly type: ConnectionType;
  readonly settings: unknown;
}

/** An equipment whose own entry is right; what it refers to may not be. */
export interface DraftEquipment {
  readonly id: string;
  readonly entry: EquipmentEntry;
  readonly profile: Profile;
}

/** A site file while it is being checked: what could be read so far, and all that is wrong. */
export interface SiteDraft {
  readonly yaml: YamlFile;
  readonly problems: ConfigProblem[];
  readonly site: SiteDescription | undefined;
  readonly gateway: GatewaySection | undefined;
  readonly broker: BrokerSection;
  /** The ids of all connections and equipment that the file names, right or not. */
  readonly connectionIds: readonly string[];
  readonly equipmentIds: readonly string[];
  readonly connections: readonly DraftConnection[];
  readonly equipment: readonly DraftEquipment[];
}

/** The nearest of the names by their first letters and parts, for "did you mean". */
export function nearest(name: string, names: readonly string[]): string[] {
  const parts = name.split('-').filter((p) => p.length > 2);
  const near = names.filter((n) => n.startsWith(name.slice(0, 3)) || parts.some((p) => n.includes(p)));
  return near.length > 0 ? near : [...names];
}
