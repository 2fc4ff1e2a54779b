import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import type { ConnectionType, Profile } from '@plantroom/drivers';
import type { SiteDescription } from '@plantroom/model';
import type { EquipmentSource } from './equipment-source.ts';
import type { ReadRule } from './read-rules.ts';
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
  /** A problem of a key below the entry, at the place that gives this key. */
  readonly problem: EquipmentSource['problem'];
}

/** A site file while it is being checked: what could be read so far, and all that is wrong. */
export interface SiteDraft {
  readonly yaml: YamlFile;
  readonly problems: ConfigProblem[];
  /** Places (`file:line`) of templates, defaults and headers of tables: a mistake there is told once. */
  readonly sharedPlaces: ReadonlySet<string>;
  readonly site: SiteDescription | undefined;
  /** What the site says of learning, for machines that say nothing. */
  readonly learn: boolean | undefined;
  readonly gateway: GatewaySection | undefined;
  readonly broker: BrokerSection;
  /** The ids of all connections and equipment that the file names, right or not. */
  readonly connectionIds: readonly string[];
  readonly equipmentIds: readonly string[];
  readonly connections: readonly DraftConnection[];
  readonly equipment: readonly DraftEquipment[];
  readonly rules: readonly ReadRule[];
}

/** The nearest of the names for "did you mean": the longest common beginning, else a common part, else all. */
export function nearest(name: string, names: readonly string[]): string[] {
  const longest = Math.max(0, ...names.map((n) => commonStart(n, name)));
  if (longest >= 3) return names.filter((n) => commonStart(n, name) === longest);
  const parts = name.split('-').filter((p) => p.length > 2);
  const near = names.filter((n) => parts.some((p) => n.includes(p)));
  return near.length > 0 ? near : [...names];
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
