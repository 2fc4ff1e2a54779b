import { isDeepStrictEqual } from 'node:util';
import type { SiteConfig, SiteConnection, SiteEquipment } from './site-config.ts';
import { isMap } from './templates.ts';

/** One key of an entry that is not as it was; undefined where it was not or is not there. */
export interface KeyChange {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface Changed<T> {
  readonly before: T;
  readonly after: T;
  readonly changes: readonly KeyChange[];
}

export interface ListDiff<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly Changed<T>[];
  readonly unchanged: number;
}

/** What is different between two site files, by what it means and not by how it is written. */
export interface SiteDiff {
  /** Site, gateway, broker and rules. */
  readonly head: readonly KeyChange[];
  readonly connections: ListDiff<SiteConnection>;
  readonly equipment: ListDiff<SiteEquipment>;
}

/**
 * Compares what two site files describe: templates, tables and defaults count as what they expand to. An equipment whose
 * connection alone was changed is unchanged itself.
 */
export function diffSites(before: SiteConfig, after: SiteConfig): SiteDiff {
  const head = ({ site, gateway, broker, rules }: SiteConfig) => ({
    ...{ site, gateway, broker },
    rules: Object.fromEntries(rules.map(({ rule, equipment }) => [rule.id, { ...rule, equipment }])),
  });
  return {
    head: changesOf(head(before), head(after)),
    connections: diffLists(before.connections, after.connections, ({ type, settings }) => ({ type, settings })),
    equipment: diffLists(
      before.equipment,
      after.equipment,
      (e) => describe(e, before),
      (e) => describe(e, after),
    ),
  };
}

/** All that the file says of an equipment, protocol keys of each of its connections included. */
function describe({ id, profile, ...equipment }: SiteEquipment, { connections }: SiteConfig) {
  const bindings = connections.flatMap((c) =>
    c.bindings.filter((b) => b.id === id).map((b) => ({ on: c.id, ...b.options, period: b.period ?? profile.period })),
  );
  const main = bindings.find((b) => b.on === equipment.connection);
  const events = bindings.find((b) => b.on !== equipment.connection);
  const { connection: _, kind: __, ...rest } = equipment;
  return { ...rest, profile: profile.name, ...main, ...(events ? { events } : {}) };
}

function diffLists<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
  viewBefore: (item: T) => object,
  viewAfter = viewBefore,
): ListDiff<T> {
  const known = new Map(before.map((item) => [item.id, item]));
  const ids = new Set(after.map((item) => item.id));
  const pairs = after.flatMap((item) => {
    const old = known.get(item.id);
    return old ? [{ before: old, after: item, changes: changesOf(viewBefore(old), viewAfter(item)) }] : [];
  });
  const changed = pairs.filter((pair) => pair.changes.length > 0);
  return {
    added: after.filter((item) => !known.has(item.id)),
    removed: before.filter((item) => !ids.has(item.id)),
    changed,
    unchanged: pairs.length - changed.length,
  };
}

/** The leaves that differ, by their path. */
function changesOf(before: unknown, after: unknown, path = ''): KeyChange[] {
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesOf(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return isDeepStrictEqual(before, after) ? [] : [{ key: path, from: before, to: after }];
}
