import { type CsvFile, type CsvRecord, readCsv } from './csv.ts';
import { type JudgedRow, judgeOf } from './judge.ts';
import { largestNumber, numberIn } from './numbers.ts';
import { type Layout, survey, type Wanted } from './survey.ts';
import { timeIn } from './times.ts';

export interface DetectOptions extends Wanted {
  readonly file: CsvFile;
  readonly training: number | undefined;
  /** Takes each judged row in the order of the file. */
  readonly write: (row: JudgedRow) => void | Promise<void>;
  /** Takes what a person should know: how cells were read, which could not be. */
  readonly note: (text: string) => void;
}

/** So many bad cells are named; the others are counted. */
const named = 100;
const unjudged = { score: 0, anomaly: false, blame: [] } as const;

/** What was odd about a file, counted, the first ones told with their line. */
class Findings {
  rows = 0;
  anomalies = 0;
  #bad = 0;
  #backwards = 0;
  #twice = 0;
  #last = Number.NaN;
  readonly #note: (text: string) => void;

  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  bad(line: number, what: string): void {
    if (++this.#bad <= named) this.#note(`line ${line}: ${what}`);
  }

  time(time: number): void {
    if (time < this.#last) this.#backwards++;
    else if (time === this.#last) this.#twice++;
    this.#last = time;
  }

  tell(): void {
    if (this.#bad > named) this.#note(`and ${this.#bad - named} more cells that could not be read`);
    const counts = [
      `${this.rows} rows`,
      `with an anomaly: ${this.anomalies}`,
      `cells or rows that could not be read: ${this.#bad}`,
      `rows with the time of the row before: ${this.#twice}`,
      `rows out of order, judged as they come: ${this.#backwards}`,
    ];
    this.#note(counts.join('; '));
  }
}

/** Judges a file row by row, each in the light of the rows before it alone. */
export async function detectFile(options: DetectOptions): Promise<void> {
  const layout = await survey(options.file, options);
  for (const said of layout.said) options.note(said);
  const judge = judgeOf(
    layout.values.map(({ name }) => name),
    options.training,
  );
  const findings = new Findings(options.note);
  let header = true;
  for await (const record of readCsv(options.file)) {
    if (header) {
      header = false;
      continue;
    }
    findings.rows++;
    const { time, values } = readRow(record, layout, findings);
    const judged = time === undefined ? unjudged : judge(time, values);
    if (judged.anomaly) findings.anomalies++;
    await options.write({ time: time === undefined ? null : new Date(time).toISOString(), ...judged });
  }
  findings.tell();
}

/** What cannot be read is told; a row of the wrong length or without a time is not judged at all. */
function readRow(
  { line, cells }: CsvRecord,
  layout: Layout,
  findings: Findings,
): { time: number | undefined; values: number[] } {
  const beyond = cells.slice(layout.columns);
  if (beyond.some((cell) => cell !== '')) {
    findings.bad(line, `${cells.length} cells where the header has ${layout.columns}; the row is not judged`);
    return { time: undefined, values: [] };
  }
  const text = cells[layout.time] ?? '';
  const time = timeIn(text, layout.timeFormat);
  if (time === undefined) findings.bad(line, `${JSON.stringify(text)} is no time; the row is not judged`);
  else findings.time(time);
  const values = layout.values.map(({ name, at }) => {
    const value = numberIn(cells[at] ?? '', layout.comma, layout.grouped);
    if (value === undefined) findings.bad(line, `${JSON.stringify(cells[at])} ${whyNot(cells[at])}, in column ${name}`);
    return value ?? Number.NaN;
  });
  return { time, values };
}

const whyNot = (cell: string | undefined) =>
  Math.abs(Number(cell)) > largestNumber ? `is too large (${largestNumber} at most)` : 'is no number';
