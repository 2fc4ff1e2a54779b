import type { ConnectionType, EquipmentBinding, Profile } from '@plantroom/drivers';
import type { KindName, LocalText, SiteDescription } from '@plantroom/model';
import type { ReadRule } from './read-rules.ts';
import type { ReportEntry } from './report.ts';
import type { BrokerSection, GatewaySection, SecretReference } from './schema.ts';

/** An equipment as the site file describes it, with the profile that reads it. */
export interface SiteEquipment {
  readonly id: string;
  readonly kind: KindName;
  readonly name: LocalText;
  readonly place: LocalText;
  readonly profile: Profile;
  readonly connection: string;
  readonly ratings: Readonly<Record<string, number>>;
  /** The meter above it, which feeds it. */
  readonly parent?: string;
  /** Planned work on it; ms since 1970 UTC. */
  readonly maintenance?: readonly { readonly from: number; readonly to: number; readonly reason: string }[];
  /** What of it is learned: nothing, only these points, or all that its kind allows. */
  readonly learn?: boolean | readonly string[];
  /** The site's own thresholds by fault and parameter. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The site's own report by exception, by point. */
  readonly report: ReportEntry;
}

export interface SiteConnection {
  readonly id: string;
  readonly type: ConnectionType;
  /** As the schema of its type gives it. */
  readonly settings: unknown;
  readonly bindings: readonly EquipmentBinding[];
}

/** A secret that the file names, and the line on which it does. */
export interface NamedSecret {
  readonly section: 'gateway' | 'broker' | 'connections';
  readonly reference: SecretReference;
  readonly line: number;
}

/** A site file that was read and found right. */
export interface SiteConfig {
  readonly file: string;
  readonly site: SiteDescription;
  readonly gateway: GatewaySection;
  readonly broker: BrokerSection;
  readonly connections: readonly SiteConnection[];
  readonly equipment: readonly SiteEquipment[];
  /** The site's own faults. */
  readonly rules: readonly ReadRule[];
  readonly secrets: readonly NamedSecret[];
}
