import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, type ConfigProblem, errorCode } from '@plantroom/base';
import { type SecretReference, secretReference } from './schema.ts';
import type { NamedSecret, SiteConfig } from './site-config.ts';

/** Gives the text of a secret by the file's path or the variable's name, as the site file has it. */
export type SecretLookup = (name: string) => string | undefined;

function nameOf(reference: SecretReference): string {
  return 'file' in reference ? reference.file : reference.env;
}

/** Every `password: { file }` or `{ env }` below a part of the file. */
export function secretsIn(
  part: unknown,
  path: readonly [NamedSecret['section'], ...string[]],
  lineOf: (path: string[]) => number,
): NamedSecret[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    const reference = key === 'password' ? secretReference.safeParse(value) : undefined;
    if (reference?.success) return [{ section: path[0], reference: reference.data, line: lineOf([...path, key]) }];
    return secretsIn(value, [...path, key], lineOf);
  });
}

/**
 * Reads every secret that the site names, but for a section whose secret came another way; throws ConfigError with all
 * that are missing, each with its line.
 */
export function readSecrets(site: SiteConfig, but?: NamedSecret['section']): SecretLookup {
  const texts = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const { reference, line, section } of site.secrets) {
    if (section === but) continue;
    const found = read(reference, site.file);
    if ('text' in found) texts.set(nameOf(reference), found.text);
    else problems.push({ file: site.file, line, ...found });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return (name) => texts.get(name);
}

function read(reference: SecretReference, siteFile: string): { text: string } | { what: string; instead: string } {
  if ('env' in reference) {
    const text = process.env[reference.env];
    if (text) return { text };
    return {
      what: `the environment variable ${reference.env} is not set`,
      instead: 'set it before the gateway starts',
    };
  }
  try {
    const text = readFileSync(resolve(dirname(siteFile), reference.file), 'utf8').trimEnd();
    if (text !== '') return { text };
    return { what: `the secret file ${reference.file} is empty`, instead: 'write the secret into it' };
  } catch (thrown) {
    const what = `the secret file ${reference.file} cannot be read (${errorCode(thrown) ?? 'error'})`;
    return { what, instead: 'write the secret into that file, readable by the gateway alone' };
  }
}
