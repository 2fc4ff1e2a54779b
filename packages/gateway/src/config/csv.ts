import type { ConfigProblem } from '@plantroom/base';

/** A line of a CSV file that describes one thing; `line` counts from 1 and is where the row begins. */
export interface CsvRow {
  readonly line: number;
  /** By column, trimmed; empty cells are left out. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly headerLine: number;
  readonly rows: readonly CsvRow[];
}

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads a CSV text as RFC 4180 has it, with a header. Spreadsheets of many countries write semicolons or tabs instead of
 * commas: the header decides. Empty lines are left out; what is wrong is noted with its line.
 */
export function parseCsv(text: string, file: string, problems: ConfigProblem[]): CsvTable {
  const note = (line: number, what: string, instead: string) => problems.push({ file, line, what, instead });
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const { records, unclosed } = split(content, delimiterOf(content));
  if (unclosed !== undefined) note(unclosed, 'a quotation mark opens here and never closes', 'close it, or double it');
  const [header, ...body] = records;
  if (!header) {
    note(1, 'the file is empty', 'write a header such as id,unit,name and a line for each equipment');
    return { file, columns: [], headerLine: 1, rows: [] };
  }
  const columns = header.fields.map((name) => name.trim());
  for (const [at, name] of columns.entries()) {
    if (name === '') note(header.line, `column ${at + 1} has no name`, 'give it one, or remove the column');
    else if (columns.indexOf(name) < at) note(header.line, `there are two columns \`${name}\``, 'keep one of them');
  }
  const rows = body.flatMap(({ line, fields }) => {
    if (fields.length <= columns.length) return [{ line, cells: cellsOf(columns, fields) }];
    const what = `the line has ${fields.length} cells where the header has ${columns.length}`;
    note(line, what, 'put a text that holds the separator in quotation marks');
    return [];
  });
  return { file, columns, headerLine: header.line, rows };
}

function cellsOf(columns: readonly string[], fields: readonly string[]): Record<string, string> {
  const cells = columns.map((name, at): [string, string] => [name, (fields[at] ?? '').trim()]);
  return Object.fromEntries(cells.filter(([name, cell]) => name !== '' && cell !== ''));
}

function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

/** A quotation mark counts only at the start of a field, as spreadsheets have it: `1.5" pipe` is a text. */
function split(text: string, delimiter: string): { records: CsvRecord[]; unclosed: number | undefined } {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let field = '';
  let quotedFrom: number | undefined;
  let wasQuoted = false;
  let line = 1;
  let begin = 1;
  const endField = () => {
    fields.push(field);
    field = '';
    wasQuoted = false;
  };
  const endRecord = () => {
    endField();
    if (fields.some((f) => f.trim() !== '')) records.push({ line: begin, fields });
    fields = [];
  };
  for (let at = 0; at < text.length; at++) {
    const mark = text.charAt(at);
    if (mark === '\n') line++;
    if (quotedFrom !== undefined) {
      if (mark !== '"') field += mark;
      else if (text[at + 1] === '"') field += text.charAt(++at);
      else quotedFrom = undefined;
    } else if (mark === '"' && field.trim() === '' && !wasQuoted) {
      field = '';
      quotedFrom = line;
      wasQuoted = true;
    } else if (mark === delimiter) endField();
    else if (mark === '\n') {
      endRecord();
      begin = line;
    } else if (mark !== '\r') field += mark;
  }
  if (field !== '' || fields.length > 0) endRecord();
  return { records, unclosed: quotedFrom };
}
