import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, PlantroomError } from '@plantroom/base';
import { YamlFile } from '@plantroom/base/yaml';
import { type Profile, profile } from './schema.ts';

const folder = import.meta.dirname;
const loaded = new Map<string, Profile>();

/** The names of all device profiles that come with Plantroom, sorted. */
export function profileNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** A profile by its name. Throws `unknown-profile` with the nearest names. */
export function loadProfile(name: string): Profile {
  const known = loaded.get(name);
  if (known) return known;
  if (!profileNames().includes(name)) {
    const near = profileNames().filter((n) => n.split('-').some((part) => part.length > 2 && name.includes(part)));
    const choice = near.length > 0 ? near : profileNames();
    throw new PlantroomError('unknown-profile', `There is no device profile \`${name}\`.`, {
      hint: `Write one of: ${choice.join(', ')}.`,
    });
  }
  const file = `${name}.yaml`;
  const result = parseProfile(readFileSync(join(folder, file), 'utf8'), file);
  loaded.set(name, result);
  return result;
}

/** Reads a profile from its text. Throws ConfigError with the lines of all that does not fit. */
export function parseProfile(text: string, file: string): Profile {
  const read = YamlFile.parse(text, file).read(profile);
  if (!('value' in read)) throw new ConfigError(read.problems);
  return read.value;
}
