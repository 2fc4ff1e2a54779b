import { equipmentOptionsOf, loadProfile, profileNames } from '@plantroom/drivers';
import { z } from 'zod';
import { reportKeys } from './report.ts';
import { equipmentEntry } from './schema.ts';

const numbers = z.number();
/** Keys whose members are all figures. */
const figures: ReadonlySet<string> = new Set(['ratings', 'parameters']);

/** What a key of an equipment's entry with this profile wants; undefined for a key that it does not have. */
export function declaredType(path: readonly string[], profile: unknown): z.core.$ZodType | undefined {
  const [key = '', ...rest] = path;
  // No map can keep a member of this name.
  if (path.includes('__proto__')) return undefined;
  if (figures.has(key)) return rest.length > 0 ? numbers : undefined;
  if (key === 'report') return rest.length === 2 ? memberOf(reportKeys, rest[1] ?? '') : undefined;
  const own = Object.hasOwn(equipmentEntry.shape, key);
  if (own) return rest.length === 0 ? equipmentEntry.shape[key as keyof typeof equipmentEntry.shape] : z.string();
  return typeof profile === 'string' && rest.length === 0 ? memberOf(optionsOf(profile) ?? {}, key) : undefined;
}

/** Every object has a `toString` and the like, which nobody declared. */
function memberOf<T>(declared: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(declared, key) ? declared[key] : undefined;
}

const known = new Map<string, z.ZodRawShape | undefined>();

/** The protocol keys of a profile; thousands of cells ask for the same few. */
function optionsOf(profile: string): z.ZodRawShape | undefined {
  if (!known.has(profile))
    known.set(profile, profileNames().includes(profile) ? equipmentOptionsOf(loadProfile(profile)) : undefined);
  return known.get(profile);
}

/**
 * A text as the value that its key is declared to have: `7` is a number for `unit` and a text for `name`. A text that does
 * not fit stays as it is, and the check of the entry says so.
 */
export function asDeclared(text: string, path: readonly string[], profile: unknown): unknown {
  const type = declaredType(path, profile);
  if (!type || z.safeParse(type, text).success) return text;
  const candidates = [
    ...(/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? [Number(text)] : []),
    ...(text === 'true' || text === 'false' ? [text === 'true'] : []),
  ];
  // A number out of its range is still a number: the message is then about the range.
  return candidates.find((c) => z.safeParse(type, c).success) ?? candidates[0] ?? text;
}
