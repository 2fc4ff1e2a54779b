import { type ConfigProblem, describeIssue } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import { type ConnectionType, connectionTypes } from '@plantroom/drivers';
import type { SiteDescription } from '@plantroom/model';
import type { z } from 'zod';
import type { EquipmentSource } from './equipment-source.ts';
import { ProfileShelf } from './profile-shelf.ts';
import { checkId, type EquipmentSurroundings, readEquipmentSources } from './read-equipment.ts';
import { readRules } from './read-rules.ts';
import {
  brokerSection,
  type EquipmentEntry,
  entries,
  equipmentEntry,
  gatewaySection,
  siteFile,
  siteSection,
} from './schema.ts';
import { type DraftConnection, type DraftEquipment, meant, type SiteDraft } from './site-draft.ts';
import { isMap, type Template, templateAt } from './templates.ts';
import { urlCredentials } from './url-credentials.ts';

/** Reads the file part by part; what is wrong with one part is noted and the others are read all the same. */
export function readDraft(yaml: YamlFile, readFile: EquipmentSurroundings['readFile']): SiteDraft {
  const problems: ConfigProblem[] = [];
  take(yaml.read(siteFile), problems);
  const site = take(yaml.readAt(['site'], siteSection), problems);
  // On its own, so that a mistake elsewhere in the section does not hide this one.
  const timezone = yaml.readAt(['site', 'timezone'], siteSection.shape.timezone);
  if ('value' in timezone) checkTimezone(timezone.value, yaml, problems);
  const connections = take(yaml.readAt(['connections'], entries), problems);
  const connectionIds = idsOf(connections, 'connections', yaml, problems);
  const defaults = readDefaults(connections ?? {}, yaml, problems);
  const gateway = take(yaml.readAt(['gateway'], gatewaySection), problems);
  problems.push(...urlCredentials(gateway?.cloud, ['gateway', 'cloud'], '`gateway.cloud`', yaml));
  const sharedPlaces = new Set<string>();
  const profiles = new ProfileShelf(readFile);
  const sources = readEquipmentSources({ yaml, readFile, problems, defaults, sharedPlaces });
  const equipmentIds = sources.map((source) => source.id);
  return {
    yaml,
    problems,
    sharedPlaces,
    site: site && describeSite(site),
    learn: site?.learn,
    gateway,
    broker: take(yaml.readAt(['broker'], brokerSection), problems),
    connectionIds,
    equipmentIds,
    connections: connectionIds.flatMap((id) => readConnection(id, connections?.[id], yaml, problems)),
    connectionTypes: typesOf(connections ?? {}),
    equipment: sources.flatMap((source) => readEquipment(source, profiles, problems)),
    rules: readRules(yaml, equipmentIds, problems),
  };
}

function take<T>(
  read: { value: T; problems: [] } | { problems: ConfigProblem[] },
  into: ConfigProblem[],
): T | undefined {
  into.push(...read.problems);
  return 'value' in read ? read.value : undefined;
}

function idsOf(entries: object | undefined, key: string, yaml: YamlFile, problems: ConfigProblem[]): string[] {
  const ids = Object.keys(entries ?? {});
  for (const id of ids) checkId(id, (what, instead) => yaml.problem([key, id], what, instead), problems);
  return ids;
}

function describeSite({ area, learn: _, ...site }: z.output<typeof siteSection>): SiteDescription {
  return { ...site, ...(area === undefined ? {} : { area }) };
}

function checkTimezone(timezone: string, yaml: YamlFile, problems: ConfigProblem[]): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    const city = timezone.split('/').at(-1)?.toLowerCase() ?? '';
    const near = Intl.supportedValuesOf('timeZone').find((z) => z.toLowerCase().includes(city));
    problems.push(
      yaml.problem(
        ['site', 'timezone'],
        `there is no time zone \`${timezone}\``,
        `write a name of the tz database such as ${city !== '' && near ? near : 'Asia/Shanghai'}`,
      ),
    );
  }
}

/** What each equipment is. */
const neverDefault = ['id', 'template', 'on', 'name', 'parent', 'maintenance', 'events'];

/** `defaults` of a connection: keys for every equipment on it that does not say otherwise. */
function readDefaults(
  connections: Readonly<Record<string, unknown>>,
  yaml: YamlFile,
  problems: ConfigProblem[],
): ReadonlyMap<string, Template> {
  const found = Object.entries(connections).flatMap(([id, entry]): [string, Template][] => {
    if (!isMap(entry) || !('defaults' in entry)) return [];
    const path = ['connections', id, 'defaults'];
    const template = templateAt(yaml, path, entry.defaults, neverDefault, problems);
    return template ? [[id, template]] : [];
  });
  return new Map(found);
}

const typeNames = Object.keys(connectionTypes);

/** By these, what is on a connection is checked although the connection itself is wrong. */
function typesOf(connections: Readonly<Record<string, unknown>>): ReadonlyMap<string, ConnectionType> {
  return new Map(
    Object.entries(connections).flatMap(([id, entry]) => {
      const [key = '', ...others] = typeKeys(entry);
      const type = isConnectionType(key) ? key : meant(key, typeNames);
      return isConnectionType(type) && others.length === 0 ? [[id, type] as const] : [];
    }),
  );
}

function typeKeys(entry: unknown): string[] {
  return typeof entry === 'object' && entry !== null ? Object.keys(entry).filter((k) => k !== 'defaults') : [];
}

function isConnectionType(name: string | undefined): name is ConnectionType {
  return name !== undefined && typeNames.includes(name);
}

/** A connection names one type, whose settings fit the schema of that type. */
function readConnection(id: string, entry: unknown, yaml: YamlFile, problems: ConfigProblem[]): DraftConnection[] {
  const at = ['connections', id];
  const keys = typeKeys(entry);
  const [type] = keys;
  if (!isConnectionType(type) || keys.length > 1) {
    const one = keys.length === 1 ? meant(type ?? '', typeNames) : undefined;
    const instead = `write ${one ?? `one of ${typeNames.join(', ')} and its settings`}`;
    problems.push(yaml.problem(at, describeTypes(id, keys), instead));
    return [];
  }
  const schema: z.ZodType = connectionTypes[type];
  const settings = take(yaml.readAt([...at, type], schema), problems);
  if (hasPlainPassword(settings)) {
    const instead = 'write `password: { file: ... }` or `password: { env: ... }`';
    problems.push(
      yaml.problem([...at, type, 'password'], `connection \`${id}\` has its password in the file`, instead),
    );
  }
  problems.push(...urlCredentials(settings, [...at, type], `connection \`${id}\``, yaml));
  return settings === undefined ? [] : [{ id, type, settings }];
}

/** Drivers take a password as it is, for code that fills it in; a site file is read and copied by too many. */
function hasPlainPassword(settings: unknown): boolean {
  return (
    typeof settings === 'object' && settings !== null && 'password' in settings && typeof settings.password === 'string'
  );
}

function describeTypes(id: string, keys: readonly string[]): string {
  if (keys.length === 0) return `connection \`${id}\` does not say what it is`;
  if (keys.length === 1) return `connection \`${id}\` is of an unknown type \`${keys[0]}\``;
  return `connection \`${id}\` has ${keys.length} types (${keys.join(', ')}) where one belongs`;
}

function readEquipment(
  { id, entry: content, problem }: EquipmentSource,
  profiles: ProfileShelf,
  problems: ConfigProblem[],
): DraftEquipment[] {
  const read = equipmentEntry.safeParse(content);
  const below = ['equipment', id];
  for (const issue of read.error?.issues ?? [])
    for (const { path, what, instead } of describeIssue({ ...issue, path: [...below, ...issue.path] }))
      problems.push(problem(path.slice(below.length), what, instead));
  const entry = read.data ?? withoutWrong(content, id, read.error.issues);
  const name = entry?.profile ?? (isMap(content) ? content.profile : undefined);
  if (typeof name !== 'string') return [];
  const profile = profiles.take(name, (what, instead) => problem(['profile'], what, instead), problems);
  return profile && entry ? [{ id, entry, isWhole: read.success, profile, problem }] : [];
}

/** The entry without what was found wrong with it, so that all the rest is checked in the same go. */
function withoutWrong(content: unknown, id: string, issues: readonly z.core.$ZodIssue[]): EquipmentEntry | undefined {
  if (!isMap(content)) return undefined;
  const wrong = new Set(issues.map(({ path }) => String(path[0])));
  const rest = Object.fromEntries(Object.entries(content).filter(([key]) => !wrong.has(key)));
  return equipmentEntry.safeParse({ name: id, ...rest }).data;
}
