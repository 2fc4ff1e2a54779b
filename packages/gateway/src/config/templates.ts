import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import { entries } from './schema.ts';

/** A part of an equipment's entry that several share, and where in the site file it stands. */
export interface Template {
  readonly content: Readonly<Record<string, unknown>>;
  readonly path: readonly string[];
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Each equipment has these of its own. */
const own = ['id', 'template'];

/** The named templates of the file; what cannot be one is noted. */
export function readTemplates(yaml: YamlFile, problems: ConfigProblem[]): ReadonlyMap<string, Template> {
  const read = yaml.readAt(['templates'], entries);
  problems.push(...read.problems);
  const templates = new Map<string, Template>();
  for (const [name, content] of Object.entries(('value' in read ? read.value : undefined) ?? {})) {
    const template = templateAt(yaml, ['templates', name], content, own, problems);
    if (template) templates.set(name, template);
  }
  return templates;
}

/** A template at a place of the file; keys that each equipment must have of its own are refused. */
export function templateAt(
  yaml: YamlFile,
  path: readonly string[],
  content: unknown,
  forbidden: readonly string[],
  problems: ConfigProblem[],
): Template | undefined {
  if (!isMap(content)) {
    problems.push(yaml.problem(path, `\`${path.join('.')}\` is no map of keys`, 'write { profile: ..., on: ... }'));
    return undefined;
  }
  for (const key of forbidden)
    if (key in content)
      problems.push(yaml.problem([...path, key], `\`${key}\` cannot be shared in \`${path.join('.')}\``, 'remove it'));
  return { content: Object.fromEntries(Object.entries(content).filter(([key]) => !forbidden.includes(key))), path };
}

const placeholder = /\{(\w[\w.-]*)\}/g;

/** The names in braces in all texts of a template. */
export function placeholdersOf(value: unknown): Set<string> {
  if (typeof value === 'string') return new Set([...value.matchAll(placeholder)].map((m) => m[1] ?? ''));
  if (!isMap(value)) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...placeholdersOf(part)]));
}

/** The template with every `{name}` replaced; a text that had one goes through `convert`, which knows what its key wants. */
export function fillTemplate(
  value: unknown,
  texts: Readonly<Record<string, string>>,
  convert: (text: string, path: readonly string[]) => unknown,
  path: readonly string[] = [],
): unknown {
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, fillTemplate(part, texts, convert, [...path, key])]),
    );
  if (typeof value !== 'string') return value;
  const filled = value.replace(placeholder, (whole, name: string) => texts[name] ?? whole);
  return filled === value ? value : convert(filled, path);
}

/** One map over another; maps within maps are joined as well. */
export function mergeOver(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isMap(below) && isMap(value) ? mergeOver(below, value) : value;
  }
  return result;
}
