import { describeIssue } from '@plantroom/base';
import { kinds } from '@plantroom/model';
import { z } from 'zod';
import type { BindingProblem, EquipmentBinding } from './binding.ts';
import { type ConnectionType, equipmentOptionsOf, protocolsOf } from './connection-types.ts';
import { expandPoint } from './point-path.ts';
import type { Profile, Protocol } from './profiles/schema.ts';

/** All that keeps an equipment from being read over a connection of this type; empty if nothing does. No network. */
export function checkBinding(type: ConnectionType, binding: EquipmentBinding): BindingProblem[] {
  const { profile } = binding;
  const at = (path: readonly string[], what: string, instead?: string): BindingProblem => ({
    equipment: binding.id,
    path,
    what,
    ...(instead ? { instead } : {}),
  });
  if (profile.kind !== binding.kind) {
    return [at(['profile'], `profile \`${profile.name}\` is of kind ${profile.kind}, not ${binding.kind}`)];
  }
  const protocols = protocolsOf[type];
  const [first] = protocols;
  if (first === undefined) return checkPoints(binding, at);
  const protocol = protocols.find((p) => p === profile.protocol) ?? first;
  const speaks = profile.protocol === protocol || (protocol === 'mqtt' && profile.events !== undefined);
  if (!speaks) {
    const what = `profile \`${profile.name}\` is read over ${profile.protocol}, the connection is ${type}`;
    return [at(['on'], what, `put it on a connection that speaks ${profile.protocol}`)];
  }
  const read = optionsSchema(profile, protocol).safeParse(binding.options);
  const wrong = (read.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          at([key], `profile \`${profile.name}\` over ${protocol} has no key \`${key}\``, 'remove it'),
        )
      : describeIssue(issue).map(({ path, what, instead }) => at(path.map(String), what, instead)),
  );
  return [...wrong, ...(protocol === 'mqtt' ? checkTopics(binding, at) : []), ...checkPoints(binding, at)];
}

/** A topic with a placeholder that nothing fills would be listened to as it stands, and nobody publishes there. */
function checkTopics(
  { profile, options }: EquipmentBinding,
  at: (path: readonly string[], what: string, instead: string) => BindingProblem,
): BindingProblem[] {
  const given = typeof options.topic === 'object' && options.topic !== null ? options.topic : {};
  const open = openNamesOf(profile).filter((name) => !Object.hasOwn(given, name));
  return open.map((name) =>
    at(['topic'], `the topics of profile \`${profile.name}\` ask for \`${name}\``, `write topic: { ${name}: ... }`),
  );
}

/** Placeholders in a profile's topics that neither the device nor a point's indexes fill. */
const openNamesOf = oncePerProfile((profile) => {
  const namesIn = (topic: string, filled: object = {}) =>
    [...topic.matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) => (Object.hasOwn(filled, name) ? [] : [name]));
  const names = namesIn(profile.events?.topic ?? '');
  if (profile.protocol === 'mqtt')
    for (const [point, map] of Object.entries(profile.points))
      names.push(...namesIn(map.topic ?? profile.topic, expandPoint(point).points[0]?.indexes));
  return [...new Set(names)].filter((name) => name !== 'device');
});

function checkPoints(
  { profile, kind }: EquipmentBinding,
  at: (path: readonly string[], what: string) => BindingProblem,
): BindingProblem[] {
  return foreignPoints(profile).map((point) =>
    at(['profile'], `profile \`${profile.name}\` has \`${point}\`, not a point of ${kind}`),
  );
}

/** Points that the profile's kind does not have. */
const foreignPoints = oncePerProfile((profile) =>
  Object.keys(profile.points).filter((point) => !Object.hasOwn(kinds[profile.kind].points, expandPoint(point).generic)),
);

/** Making a schema costs a hundred times what reading with it does, and a site has hundreds of devices with one profile. */
const schemasOf = oncePerProfile(() => new Map<Protocol, z.ZodObject>());

function optionsSchema(profile: Profile, protocol: Protocol): z.ZodObject {
  const known = schemasOf(profile).get(protocol);
  if (known) return known;
  const schema = z.strictObject(equipmentOptionsOf(profile, protocol));
  schemasOf(profile).set(protocol, schema);
  return schema;
}

function oncePerProfile<T extends object>(make: (profile: Profile) => T): (profile: Profile) => T {
  const made = new WeakMap<Profile, T>();
  return (profile) => {
    const known = made.get(profile) ?? make(profile);
    made.set(profile, known);
    return known;
  };
}
