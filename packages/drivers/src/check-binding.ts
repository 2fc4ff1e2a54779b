import { kinds } from '@plantroom/model';
import { z } from 'zod';
import type { BindingProblem, EquipmentBinding } from './binding.ts';
import { type ConnectionType, equipmentOptionsOf, protocolOf } from './connection-types.ts';
import { expandPoint } from './point-path.ts';

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
  const protocol = protocolOf[type];
  if (protocol === undefined) return checkPoints(binding, at);
  const speaks = profile.protocol === protocol || (protocol === 'mqtt' && profile.events !== undefined);
  if (!speaks) {
    const what = `profile \`${profile.name}\` is read over ${profile.protocol}, the connection is ${type}`;
    return [at(['on'], what, `put it on a connection that speaks ${profile.protocol}`)];
  }
  const read = z.strictObject(equipmentOptionsOf(profile, protocol)).safeParse(binding.options);
  const wrong = (read.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          at([key], `profile \`${profile.name}\` over ${protocol} has no key \`${key}\``, 'remove it'),
        )
      : [at(issue.path.map(String), `\`${issue.path.join('.')}\`: ${issue.message}`)],
  );
  return [...wrong, ...checkPoints(binding, at)];
}

function checkPoints(
  binding: EquipmentBinding,
  at: (path: readonly string[], what: string) => BindingProblem,
): BindingProblem[] {
  const known = kinds[binding.kind].points;
  return Object.keys(binding.profile.points)
    .filter((point) => !(expandPoint(point).generic in known))
    .map((point) =>
      at(['profile'], `profile \`${binding.profile.name}\` has \`${point}\`, not a point of ${binding.kind}`),
    );
}
