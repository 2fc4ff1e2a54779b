import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';

/** An address with an @ anywhere: a password may hold a slash, after which it looks like a path. */
const credential = /^[a-z][a-z0-9.+-]*:\/\/\S*@/i;

/**
 * Addresses below a part of the file that hold a user name or a password. Addresses are shown to people and written to
 * logs, and the file is read and copied by too many.
 */
export function urlCredentials(part: unknown, path: readonly string[], whose: string, yaml: YamlFile): ConfigProblem[] {
  if (typeof part === 'object' && part !== null)
    return Object.entries(part).flatMap(([key, value]) => urlCredentials(value, [...path, key], whose, yaml));
  if (typeof part !== 'string' || !credential.test(part)) return [];
  return [
    yaml.problem(
      [...path],
      `${whose} has a user name or a password in its address`,
      'write `user: ...` and `password: { file: ... }` or `password: { env: ... }` beside the address, and none in it',
    ),
  ];
}
