import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import { fillTemplate, isMap, mergeOver, placeholdersOf, type Template } from './templates.ts';

/** One equipment as the file describes it, put together from its own entry, its template and its connection's defaults. */
export interface EquipmentSource {
  readonly id: string;
  readonly entry: unknown;
  /** A problem of a key below the entry, at the place that gives this key. */
  problem(path: readonly PropertyKey[], what: string, instead?: string): ConfigProblem;
}

/** What one place says of an equipment, and how a problem there is reported. */
export interface OwnPart {
  readonly id: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** What its template may ask for in braces. */
  readonly texts: Readonly<Record<string, string>>;
  /** Names that it could have given as well. */
  readonly mayHave: ReadonlySet<string>;
  problem(path: readonly PropertyKey[], what: string, instead?: string): ConfigProblem;
}

export interface SharedParts {
  readonly yaml: YamlFile;
  readonly template: Template | undefined;
  /** By the connection's id. */
  readonly defaults: ReadonlyMap<string, Template>;
  /** Gathers the places that several equipment share: a mistake there is told once. */
  readonly sharedPlaces: Set<string>;
  readonly convert: (text: string, path: readonly string[], profile: unknown) => unknown;
}

/** Own over template over the connection's defaults. A text in braces that nothing gives is a problem of the template. */
export function joinParts(own: OwnPart, shared: SharedParts, problems: ConfigProblem[]): EquipmentSource {
  const { yaml, template, convert, defaults, sharedPlaces } = shared;
  const texts = { ...own.texts, id: own.id };
  const fill = (part: Template | undefined, profile: unknown) => {
    const filled = fillTemplate(part?.content ?? {}, texts, (text, path) => convert(text, path, profile));
    return isMap(filled) ? filled : {};
  };
  // The profile says of what type the other keys are; `on`, whose defaults apply.
  const draft = mergeOver(fill(template, undefined), own.content);
  const base = defaults.get(String(draft.on));
  const profile = draft.profile ?? base?.content.profile;
  const layers = [base, template].flatMap((part) => (part ? [{ part, filled: fill(part, profile) }] : []));
  const entry = layers.reduce((below: Record<string, unknown>, { filled }) => mergeOver(below, filled), {});
  const sharedProblem = (path: readonly PropertyKey[], what: string, instead?: string) => {
    const problem = yaml.problem(path, what, instead);
    sharedPlaces.add(`${problem.file}:${problem.line}`);
    return problem;
  };
  for (const [at, { part }] of layers.entries()) {
    const over = [...layers.slice(at + 1).map((l) => l.filled), own.content];
    // What a nearer place says anyway need not be filled.
    for (const name of placeholdersOf(over.reduce(without, part.content))) {
      if (Object.hasOwn(texts, name)) continue;
      const where = part.path.join('.');
      problems.push(
        own.mayHave.has(name)
          ? own.problem([], `\`${own.id}\` has no \`${name}\`, which \`${where}\` asks for`, 'write it')
          : sharedProblem(part.path, `\`{${name}}\` in \`${where}\` stands for nothing`, 'correct its name'),
      );
    }
  }
  return {
    id: own.id,
    entry: mergeOver(entry, own.content),
    problem(path, what, instead) {
      if (holds(own.content, path)) return own.problem(path, what, instead);
      const layer = layers.toReversed().find(({ filled }) => holds(filled, path));
      return layer ? sharedProblem([...layer.part.path, ...path], what, instead) : own.problem(path, what, instead);
    },
  };
}

/** A map without what another says as well. */
function without(
  content: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(content)) {
    const other = over[key];
    if (!Object.hasOwn(over, key)) rest[key] = value;
    else if (isMap(value) && isMap(other)) rest[key] = without(value, other);
  }
  return rest;
}

/** Whether a map gives what a path leads to, or something on the way there that is no map. */
function holds(content: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): boolean {
  let value: unknown = content;
  for (const key of path) {
    if (!isMap(value)) return true;
    if (!Object.hasOwn(value, key)) return false;
    value = value[String(key)];
  }
  return path.length > 0;
}
