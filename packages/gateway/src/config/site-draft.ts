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

/** An equipment whose own entry is right, or was told to be wrong and is taken without what is; what it refers to may not be right. */
export interface DraftEquipment {
  readonly id: string;
  readonly entry: EquipmentEntry;
  /** Nothing was left out of the entry. */
  readonly isWhole: boolean;
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
  /** The type of each connection, also of one whose settings are wrong; what a misspelt one must mean. */
  readonly connectionTypes: ReadonlyMap<string, ConnectionType>;
  readonly equipment: readonly DraftEquipment[];
  readonly rules: readonly ReadRule[];
}

/** The one of the names that a misspelt one must mean: it differs in a quarter of the letters at most, and no other is as near. */
export function meant(name: string, names: readonly string[]): string | undefined {
  const distances = names.map((n) => ({ name: n, distance: editDistance(name, n) }));
  const [first, second] = distances.sort((a, b) => a.distance - b.distance);
  if (!first || first.distance > name.length / 4 || first.distance === second?.distance) return undefined;
  return first.name;
}

/** Letters to be put in, left out or replaced until one text is the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const [left = 0, above = 0, across = 0] = [row[j - 1], before[j], before[j - 1]];
      row.push(Math.min(left + 1, above + 1, across + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}

/** The nearest of the names for "did you mean": what must be meant, the longest common beginning, a common part, else all. */
export function nearest(name: string, names: readonly string[]): string[] {
  const one = meant(name, names);
  if (one !== undefined) return [one];
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
