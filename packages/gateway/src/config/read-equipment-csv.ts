import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import { z } from 'zod';
import { type CsvRow, type CsvTable, parseCsv } from './csv.ts';
import { asDeclared, declaredType } from './declared-type.ts';
import { type EquipmentSource, joinParts, type OwnPart, type SharedParts } from './equipment-source.ts';
import { fillTemplate, isMap, mergeOver, placeholdersOf, type Template, templateAt } from './templates.ts';

const section = z.strictObject({ csv: z.string().min(1), template: z.unknown().optional() });
/** One table, or several. */
const sections = z
  .union([section.transform((one) => [one]), z.array(section)], 'write { csv: meters.csv }, or a list of such')
  .optional();

export interface CsvSurroundings {
  readonly yaml: YamlFile;
  readonly templates: ReadonlyMap<string, Template>;
  readonly defaults: ReadonlyMap<string, Template>;
  /** Reads a file that the site file names; gives the text and the path to report it under, or what is wrong. */
  readonly readFile: (name: string) => { file: string; text: string } | { what: string; instead: string };
  readonly problems: ConfigProblem[];
  /** Gathers the places that several equipment share. */
  readonly sharedPlaces: Set<string>;
}

/** Every equipment of the tables under `equipment-from`. */
export function readEquipmentCsv(around: CsvSurroundings): EquipmentSource[] {
  const { yaml, problems } = around;
  const read = yaml.readAt(['equipment-from'], sections);
  problems.push(...read.problems);
  const list = ('value' in read ? read.value : undefined) ?? [];
  const isList = 'value' in yaml.readAt(['equipment-from'], z.array(z.unknown()));
  return list.flatMap(({ csv, template }, at) => {
    const path = isList ? ['equipment-from', String(at)] : ['equipment-from'];
    const found = around.readFile(csv);
    if ('what' in found) {
      problems.push(yaml.problem([...path, 'csv'], found.what, found.instead));
      return [];
    }
    const shared = templateOf(template, [...path, 'template'], around);
    return expand(parseCsv(found.text, found.file, problems), shared, around);
  });
}

/** A template by its name, or written here. */
function templateOf(value: unknown, path: readonly string[], around: CsvSurroundings): Template | undefined {
  const { yaml, templates, problems } = around;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return templateAt(yaml, path, value, ['id', 'template'], problems);
  const known = templates.get(value);
  const names = [...templates.keys()];
  const instead = names.length > 0 ? `write one of ${names.join(', ')}` : 'add it under `templates`';
  if (!known) problems.push(yaml.problem(path, `there is no template \`${value}\``, instead));
  return known;
}

function expand(table: CsvTable, template: Template | undefined, around: CsvSurroundings): EquipmentSource[] {
  const { file, headerLine } = table;
  const { problems, yaml, defaults, sharedPlaces } = around;
  if (table.columns.length === 0) return [];
  if (!table.columns.includes('id')) {
    const instead = 'name one column id: it holds the id of each equipment';
    problems.push({ file, line: headerLine, what: 'there is no column `id`', instead });
    return [];
  }
  const texts = placeholdersOf(template?.content);
  const keys = table.columns.filter((c) => c !== 'id' && c !== '' && isKey(c, table.rows, template, defaults));
  for (const column of table.columns)
    if (column !== 'id' && column !== '' && !keys.includes(column) && !texts.has(column))
      problems.push({
        file,
        line: headerLine,
        what: `column \`${column}\` is no key of an equipment and the template has no \`{${column}}\``,
        instead: 'correct its name, or remove it',
      });
  const shared: SharedParts = { yaml, template, defaults, sharedPlaces, convert: asDeclared };
  sharedPlaces.add(`${file}:${headerLine}`);
  return table.rows.flatMap((row) => {
    const part = partOf(row, keys, table, template, defaults);
    if (part) return [joinParts(part, shared, problems)];
    problems.push({ file, line: row.line, what: 'the line has no id', instead: 'write one in the column id' });
    return [];
  });
}

/** A column is a key if the equipment of some row has it; one that only fills a template is not. */
function isKey(
  column: string,
  rows: readonly CsvRow[],
  template: Template | undefined,
  defaults: ReadonlyMap<string, Template>,
): boolean {
  const path = column.split('.');
  const profiles = new Set(rows.map((row) => profileOf(row, template, defaults)));
  return [...profiles].some((profile) => declaredType(path, profile) !== undefined);
}

function profileOf({ cells }: CsvRow, template: Template | undefined, defaults: ReadonlyMap<string, Template>) {
  const on = cells.on ?? fillTemplate(template?.content.on, cells, (text) => text);
  return cells.profile ?? template?.content.profile ?? defaults.get(String(on))?.content.profile;
}

function partOf(
  row: CsvRow,
  keys: readonly string[],
  { file, columns, headerLine }: CsvTable,
  template: Template | undefined,
  defaults: ReadonlyMap<string, Template>,
): OwnPart | undefined {
  const { line, cells } = row;
  const { id } = cells;
  if (id === undefined) return undefined;
  const profile = profileOf(row, template, defaults);
  let content: Record<string, unknown> = {};
  for (const column of keys) {
    const cell = cells[column];
    if (cell === undefined) continue;
    const path = column.split('.');
    const nested = path.reduceRight<unknown>((value, key) => ({ [key]: value }), asDeclared(cell, path, profile));
    if (isMap(nested)) content = mergeOver(content, nested);
  }
  const given = new Set(columns.map((c) => c.split('.')[0]));
  return {
    id,
    content,
    texts: cells,
    mayHave: new Set(columns),
    problem: ([key], what, instead) => ({
      file,
      // What no column gives is wrong with the table, not with each of its lines.
      line: key === undefined || given.has(String(key)) ? line : headerLine,
      what,
      ...(instead ? { instead } : {}),
    }),
  };
}
