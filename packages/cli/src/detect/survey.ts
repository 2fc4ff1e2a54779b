import { PlantroomError } from '@plantroom/base';
import { type CsvFile, readCsv } from './csv.ts';
import { DecimalMark, numberIn } from './numbers.ts';
import { type TimeFormat, TimeSurvey } from './times.ts';

/** Which columns a file is read by, and how. */
export interface Layout {
  readonly columns: number;
  readonly time: number;
  readonly timeFormat: TimeFormat;
  readonly values: readonly { readonly name: string; readonly at: number }[];
  readonly comma: boolean;
  readonly grouped: boolean;
  /** What was decided that could have been meant otherwise. */
  readonly said: readonly string[];
}

export interface Wanted {
  readonly time: string;
  /** All numeric columns when empty. */
  readonly values: readonly string[];
}

interface Counts {
  numbers: number;
  others: number;
}

/** So many rows, at the beginning, decide how the whole file is read: what comes later must not change what was said before it. */
export const headRows = 1000;

/** Looks through the head of the file, since a column has to be read in one way from the first row to the last. */
export async function survey(file: CsvFile, wanted: Wanted): Promise<Layout> {
  const times = new TimeSurvey();
  const mark = new DecimalMark();
  let header: readonly string[] | undefined;
  let time = 0;
  let counts: Counts[] = [];
  let rows = 0;
  for await (const { cells } of readCsv(file)) {
    if (!header) {
      header = cells;
      time = columnAt(header, wanted.time, file.path);
      for (const name of wanted.values) columnAt(header, name, file.path);
      counts = header.map(() => ({ numbers: 0, others: 0 }));
      continue;
    }
    if (++rows > headRows) break;
    times.add(cells[time] ?? '');
    for (const [at, count] of counts.entries()) if (at !== time) countCell(cells[at] ?? '', count, mark);
  }
  if (!header) throw new PlantroomError('csv-empty', `${file.path} is empty: it needs a header and rows.`);
  const values = valueColumns(header, wanted, time, counts, file.path);
  const decided = wanted.values.length > 0 ? [] : saidOf(header, values, time, counts);
  const { comma, grouped } = mark;
  if (comma) decided.push('decimals are written with a comma');
  if (grouped) decided.push(`cells such as ${comma ? '1.234' : '1,234'} are read as thousands`);
  return {
    columns: header.length,
    time,
    timeFormat: times.format,
    values,
    comma,
    grouped,
    said: [...times.said, ...decided],
  };
}

function saidOf(
  header: readonly string[],
  values: Layout['values'],
  time: number,
  counts: readonly Counts[],
): string[] {
  const empty = header.filter((_, at) => at !== time && counts[at]?.numbers === 0 && counts[at].others === 0);
  return [
    `all numeric columns are judged: ${values.map((v) => v.name).join(', ')}`,
    ...(empty.length === 0 ? [] : [`empty in the first ${headRows} rows, judged only if named: ${empty.join(', ')}`]),
  ];
}

function countCell(cell: string, count: Counts, mark: DecimalMark): void {
  mark.add(cell);
  const value = numberIn(cell, false) ?? numberIn(cell, true);
  if (value === undefined) count.others++;
  else if (!Number.isNaN(value)) count.numbers++;
}

function valueColumns(
  header: readonly string[],
  wanted: Wanted,
  time: number,
  counts: readonly Counts[],
  path: string,
): { name: string; at: number }[] {
  const told = [...new Set(wanted.values.map((name) => columnAt(header, name, path)))];
  const numeric = counts.flatMap(({ numbers, others }, at) => (at !== time && numbers > others ? [at] : []));
  const chosen = told.length > 0 ? told : numeric;
  if (chosen.includes(time)) {
    throw new PlantroomError('csv-column', `The column ${wanted.time} cannot be the time and a value.`, {
      hint: 'Name another column with --value.',
    });
  }
  if (chosen.length === 0) {
    throw new PlantroomError('csv-column', `${path} has no column of numbers besides ${wanted.time}.`, {
      hint: 'Say which separator it has with --separator, or which column to judge with --value.',
    });
  }
  // Two of one name are told apart in the blame by where they stand.
  const nameOf = (at: number) => {
    const name = header[at] ?? '';
    return header.indexOf(name) === header.lastIndexOf(name) ? name : `${name} (column ${at + 1})`;
  };
  return chosen.map((at) => ({ name: nameOf(at), at }));
}

/** Where a column stands, by its name; capitals count only when two names differ in nothing else. */
function columnAt(header: readonly string[], name: string, path: string): number {
  const exact = header.flatMap((one, at) => (one === name.trim() ? [at] : []));
  const similar = header.flatMap((one, at) => (one.toLowerCase() === name.trim().toLowerCase() ? [at] : []));
  const found = exact.length > 0 ? exact : similar;
  if (found.length === 1) return found[0] ?? 0;
  throw new PlantroomError(
    'csv-column',
    found.length > 1 ? `${path} has ${found.length} columns ${name}.` : `${path} has no column ${name}.`,
    {
      hint: `Its header, ${header.length} columns: ${header.map((one) => one || '(no name)').join(', ')}. Another separator? --separator ';'`,
    },
  );
}
