import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import { identifierPattern } from '@plantroom/model';
import { asDeclared } from './declared-type.ts';
import { type EquipmentSource, joinParts } from './equipment-source.ts';
import { type CsvSurroundings, readEquipmentCsv } from './read-equipment-csv.ts';
import { entries } from './schema.ts';
import { isMap, readTemplates, type Template } from './templates.ts';

export interface EquipmentSurroundings extends Pick<CsvSurroundings, 'yaml' | 'readFile' | 'problems'> {
  readonly defaults: ReadonlyMap<string, Template>;
  readonly sharedPlaces: Set<string>;
}

/** Every equipment of the file and of the tables that it names, each id once; ids that cannot be are noted. */
export function readEquipmentSources(around: EquipmentSurroundings): EquipmentSource[] {
  const templates = readTemplates(around.yaml, around.problems);
  const all = [...listed(around, templates), ...readEquipmentCsv({ ...around, templates })];
  const first = new Map<string, ConfigProblem>();
  return all.filter((source) => {
    const place = source.problem([], '');
    const other = first.get(source.id);
    if (other) {
      const what = `\`${source.id}\` stands a second time, first in ${other.file}:${other.line}`;
      around.problems.push(source.problem([], what, 'give each equipment its own id'));
      return false;
    }
    first.set(source.id, place);
    checkId(source.id, (what, instead) => source.problem([], what, instead), around.problems);
    return true;
  });
}

export function checkId(
  id: string,
  problem: (what: string, instead: string) => ConfigProblem,
  problems: ConfigProblem[],
): void {
  if (identifierPattern.test(id)) return;
  const instead = 'write 1 to 64 lower-case letters, digits and inner hyphens, such as main-meter';
  problems.push(problem(`\`${id}\` cannot be an id`, instead));
}

/** The entries under `equipment`. */
function listed(around: EquipmentSurroundings, templates: ReadonlyMap<string, Template>): EquipmentSource[] {
  const { yaml, problems } = around;
  const read = yaml.readAt(['equipment'], entries);
  problems.push(...read.problems);
  return Object.entries(('value' in read ? read.value : undefined) ?? {}).map(([id, entry]) => {
    const problem: EquipmentSource['problem'] = (path, what, instead) =>
      yaml.problem(['equipment', id, ...path], what, instead);
    if (!isMap(entry)) return { id, entry, problem };
    const { template: name, ...content } = entry;
    const own = { id, content, texts: textsOf(content), mayHave: new Set<string>(), problem };
    const shared = { ...around, template: named(yaml, name, id, templates, problems), convert: asDeclared };
    return joinParts(own, shared, problems);
  });
}

function named(
  yaml: YamlFile,
  name: unknown,
  id: string,
  templates: ReadonlyMap<string, Template>,
  problems: ConfigProblem[],
): Template | undefined {
  const known = typeof name === 'string' ? templates.get(name) : undefined;
  if (name === undefined || known) return known;
  const names = [...templates.keys()];
  const instead = names.length > 0 ? `write one of ${names.join(', ')}` : 'add it under `templates`';
  problems.push(yaml.problem(['equipment', id, 'template'], `there is no template \`${String(name)}\``, instead));
  return undefined;
}

/** What a template may take from an entry: its figures and texts. */
function textsOf(content: Readonly<Record<string, unknown>>): Record<string, string> {
  const scalars = Object.entries(content).filter(([, v]) => typeof v === 'string' || typeof v === 'number');
  return Object.fromEntries(scalars.map(([key, value]) => [key, String(value)]));
}
