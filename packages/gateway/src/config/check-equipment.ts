import { parametersOf, ratingsOf, watchedPoints } from '@plantroom/detection';
import {
  type ConnectionType,
  checkBinding,
  type EquipmentBinding,
  embeddedBroker,
  type Profile,
} from '@plantroom/drivers';
import { kinds, pointDefinition } from '@plantroom/model';
import { ownEquipmentKeys } from './schema.ts';
import { type DraftEquipment, nearest, type SiteDraft } from './site-draft.ts';

/** An equipment on a connection, and the key under which the two were joined. */
export interface Joined {
  readonly connection: string;
  readonly binding: EquipmentBinding;
  /** Below the equipment's entry: `events`, or empty. */
  readonly path: readonly string[];
  readonly problem: DraftEquipment['problem'];
}

/** Joins every equipment with its connections; notes all references and options that cannot work. */
export function joinEquipment(draft: SiteDraft): Joined[] {
  const joined = draft.equipment.flatMap((equipment) => [
    ...join(draft, equipment, equipment.entry.on, [], protocolOptions(equipment.entry)),
    ...joinEvents(draft, equipment),
  ]);
  checkParents(draft);
  for (const equipment of draft.equipment) {
    checkRatings(draft, equipment);
    checkParameters(draft, equipment);
    checkReport(draft, equipment);
    checkLearn(draft, equipment);
  }
  checkDuplicates(draft, joined);
  return joined;
}

function protocolOptions(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !ownEquipmentKeys.has(key)));
}

function joinEvents(draft: SiteDraft, equipment: DraftEquipment): Joined[] {
  const { events } = equipment.entry;
  if (!events) return [];
  const path = ['events'];
  if (equipment.profile.events === undefined) {
    const what = `profile \`${equipment.profile.name}\` reports no events`;
    draft.problems.push(equipment.problem(path, what, 'remove `events`'));
    return [];
  }
  const { on, ...options } = events;
  return join(draft, equipment, on, path, options);
}

const placeKeys: ReadonlySet<string> = new Set(['unit', 'node', 'device', 'group']);

function join(
  draft: SiteDraft,
  equipment: DraftEquipment,
  on: string,
  path: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Joined[] {
  const { problems, connectionIds } = draft;
  const type = draft.connectionTypes.get(on);
  if (!type) {
    // A connection that is there but of no type has been reported itself.
    if (!connectionIds.includes(on)) {
      const what = `\`${equipment.id}\` is on \`${on}\`, which is no connection of this file`;
      problems.push(equipment.problem([...path, 'on'], what, suggestion(nearest(on, connectionIds), 'connection')));
    }
    return [];
  }
  const { entry, profile, id } = equipment;
  const binding: EquipmentBinding = {
    id,
    kind: profile.kind,
    profile,
    options,
    ratings: entry.ratings,
    ...(entry.period === undefined ? {} : { period: entry.period }),
  };
  const wrong = checkBinding(type, binding);
  for (const p of wrong) problems.push(equipment.problem([...path, ...p.path], `\`${id}\`: ${p.what}`, p.instead));
  // Where a device is may be what is wrong: it is then no second one at a place.
  const isPlaced = equipment.isWhole && !wrong.some(({ path: [key] }) => placeKeys.has(key ?? ''));
  return isPlaced ? [{ connection: on, binding, path, problem: equipment.problem }] : [];
}

function suggestion(names: readonly string[], what: string): string {
  return names.length > 0 ? `write ${names.join(' or ')}` : `add a ${what} of that name`;
}

/** Ratings are ones of the kind, or parameters of the profile: faults that need a misspelt one would be off unnoticed. */
function checkRatings({ problems, rules }: SiteDraft, { id, entry, profile, problem }: DraftEquipment): void {
  const own = rules.map(({ fault }) => fault);
  const known = [...new Set([...ratingsOf(profile.kind, own), ...Object.keys(profile.parameters)])];
  for (const name of Object.keys(entry.ratings)) {
    if (known.includes(name)) continue;
    const instead = known.length > 0 ? `write ${nearest(name, known).join(' or ')}` : 'remove it';
    problems.push(problem(['ratings', name], `\`${id}\`: \`${name}\` is no rating of ${profile.kind}`, instead));
  }
}

/** Thresholds name a parameter of a fault of the kind, within its legal range. */
function checkParameters({ problems, rules }: SiteDraft, { id, entry, profile, problem }: DraftEquipment): void {
  if (Object.keys(entry.parameters).length === 0) return;
  const own = rules.map(({ fault }) => fault);
  const known = parametersOf(profile.kind, own);
  const faults = [...new Set(known.map((p) => p.fault))];
  for (const [fault, figures] of Object.entries(entry.parameters)) {
    const at = ['parameters', fault];
    const names = known.filter((p) => p.fault === fault);
    if (names.length === 0) {
      const what = `\`${id}\`: \`${fault}\` is no fault of ${profile.kind} with parameters`;
      problems.push(problem(at, what, `write one of ${nearest(fault, faults).join(', ')}`));
      continue;
    }
    for (const [name, figure] of Object.entries(figures)) {
      const parameter = names.find((p) => p.name === name);
      const note = (what: string, instead: string) => problems.push(problem([...at, name], what, instead));
      if (!parameter)
        note(`\`${fault}\` has no parameter \`${name}\``, `write ${names.map((p) => p.name).join(' or ')}`);
      else if (figure < parameter.minimum || figure > parameter.maximum)
        note(
          `\`${name}\` of \`${fault}\` cannot be ${figure}`,
          `write ${parameter.minimum} to ${parameter.maximum} ${parameter.unit}`.trimEnd(),
        );
    }
  }
}

/** Overrides name a point that the profile gives, and a deadband a number. */
function checkReport({ problems }: SiteDraft, { id, entry, profile, problem }: DraftEquipment): void {
  const given = [...new Set(Object.keys(profile.points).map((name) => name.replace(/\[[^\]]*\]/g, '[]')))];
  for (const [point, { deadband }] of Object.entries(entry.report)) {
    const note = (what: string, instead: string) => problems.push(problem(['report', point], what, instead));
    if (!given.includes(point))
      note(
        `\`${id}\`: profile \`${profile.name}\` gives no point \`${point}\``,
        `write ${nearest(point, given).join(' or ')}`,
      );
    else if (deadband && pointDefinition(kinds[profile.kind], point)?.type === 'state')
      note(`\`${id}\`: \`${point}\` is a state, each change of which is logged`, 'remove its `deadband`');
  }
}

/** What is to be learned are points that can be learned of this kind. */
function checkLearn({ problems }: SiteDraft, { id, entry, profile, problem }: DraftEquipment): void {
  if (!Array.isArray(entry.learn)) return;
  const { together, alone, named } = watchedPoints[profile.kind];
  const known = [...together, ...alone, ...named];
  for (const [at, point] of entry.learn.entries()) {
    if (known.includes(point)) continue;
    const instead = known.length > 0 ? `write ${nearest(point, known).join(' or ')}` : 'remove `learn`';
    problems.push(problem(['learn', String(at)], `\`${id}\`: \`${point}\` of ${profile.kind} is not learned`, instead));
  }
}

/** A parent is a meter of the same file, and no meter stands above itself. */
function checkParents(draft: SiteDraft): void {
  const { problems, equipmentIds } = draft;
  const parents = new Map(draft.equipment.map((e) => [e.id, e.entry.parent]));
  const kinds = new Map(draft.equipment.map((e) => [e.id, e.profile.kind]));
  const meters = [...kinds].filter(([, kind]) => kind === 'energy-meter').map(([id]) => id);
  for (const { id, entry, problem } of draft.equipment) {
    const { parent } = entry;
    if (parent === undefined) continue;
    const note = (what: string, instead: string) => problems.push(problem(['parent'], what, instead));
    const others = meters.filter((m) => m !== id);
    if (!equipmentIds.includes(parent))
      note(
        `the parent of \`${id}\`, \`${parent}\`, is no equipment of this file`,
        suggestion(nearest(parent, others), 'meter'),
      );
    else if ((kinds.get(parent) ?? 'energy-meter') !== 'energy-meter')
      note(`the parent of \`${id}\`, \`${parent}\`, is no energy meter`, suggestion(others, 'meter'));
    else if (leadsBack(id, parents))
      note(`\`${id}\` stands above itself in the meter tree`, 'break the circle of parents');
  }
}

function leadsBack(start: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let id = parents.get(start); id !== undefined && !seen.has(id); id = parents.get(id)) {
    if (id === start) return true;
    seen.add(id);
  }
  return false;
}

/** Two equipment at the same place of one connection would both read one device. */
function checkDuplicates(draft: SiteDraft, joined: readonly Joined[]): void {
  const { problems } = draft;
  const first = new Map<string, string>();
  for (const { connection, binding, path, problem } of joined) {
    const place = placeOf(draft.connectionTypes.get(connection), binding, path);
    if (!place) continue;
    const key = `${connection} ${place.key} ${place.value}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, binding.id);
    else {
      const what = `\`${binding.id}\` has ${place.key} ${place.value} on \`${connection}\`, and so has \`${other}\``;
      problems.push(problem([...path, place.key], what, `give each its own ${place.key}`));
    }
  }
}

function placeOf(
  type: ConnectionType | undefined,
  { id, options, profile }: EquipmentBinding,
  path: readonly string[],
): { key: string; value: string } | undefined {
  switch (type) {
    case 'modbus-tcp':
    case 'modbus-rtu':
    case 'modbus-rtu-over-tcp':
      return { key: 'unit', value: `${options.unit ?? 1}${meterOf(profile, options)}` };
    case 'opc-ua':
      return { key: 'node', value: String(options.node) };
    case 'mqtt': {
      const { device, group, node } = options;
      // Several equipment may be read from one device of an edge node, each by its own metrics.
      if (profile.protocol === 'sparkplug')
        return { key: 'device', value: `${[group, node, device ?? ''].join('/')} by profile ${profile.name}` };
      // Events and values of one panel may share a topic level.
      return path.at(-1) === 'events' ? undefined : { key: 'device', value: String(device ?? id) };
    }
    default:
      return undefined;
  }
}

/** A device that is found by discovery may hold several meters. */
function meterOf(profile: Profile, { meter }: EquipmentBinding['options']): string {
  const isFound = profile.protocol === 'modbus' && profile.sunspec !== undefined;
  return isFound && meter !== undefined && meter !== 1 ? `, meter ${meter}` : '';
}

/** A connection over the gateway's own broker needs that broker. */
export function checkEmbeddedBroker(draft: SiteDraft): void {
  if (draft.broker !== undefined) return;
  for (const { id, type, settings } of draft.connections)
    if (usesEmbeddedBroker(settings))
      draft.problems.push(
        draft.yaml.problem(
          ['connections', id, type],
          `connection \`${id}\` uses the gateway's own broker, and the file has none`,
          'add `broker:` with the users that devices sign in as',
        ),
      );
}

export function usesEmbeddedBroker(settings: unknown): boolean {
  return typeof settings === 'object' && settings !== null && 'url' in settings && settings.url === embeddedBroker;
}
