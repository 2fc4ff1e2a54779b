import { type Command, InvalidArgumentError } from 'commander';
import { detectFile } from '../detect/detect-file.ts';
import type { JudgedRow } from '../detect/judge.ts';

interface Options {
  readonly csv: string;
  readonly time: string;
  readonly value?: string[];
  readonly trainRows?: number;
  readonly separator?: string;
  readonly json?: true;
}

/** `plantroom detect`: runs the detectors that learn over a file of anyone's history. */
export function declare(command: Command): void {
  command
    .requiredOption('--csv <file>', 'the file: a header, then a row for each moment')
    .requiredOption('--time <column>', 'the column with the time')
    .option('--value <column...>', 'a column to judge; several are judged together (all numeric columns)')
    .option('--train-rows <n>', 'learn so many rows without a word, then judge', wholeNumber)
    .option('--separator <mark>', "what stands between two cells: ';', ',', '|', tab (the header decides)", oneMark)
    .option('--json', 'print a JSON object a row')
    .action(detect);
}

async function detect({ csv, time, value = [], trainRows, separator, json }: Options): Promise<void> {
  // A reader that has seen enough, such as `head`, is no error.
  process.stdout.on('error', () => undefined);
  const line = json ? JSON.stringify : textOf;
  let text = json ? '' : 'time\tscore\tanomaly\tblame\n';
  const flush = () => {
    const ready = text;
    text = '';
    return new Promise<void>((resolve) => process.stdout.write(ready, () => resolve()));
  };
  await detectFile({
    file: { path: csv, separator },
    time,
    values: value,
    training: trainRows,
    note: (said) => console.error(`${csv}: ${said}`),
    write: (row) => {
      text += `${line(row)}\n`;
      return text.length > 65_536 ? flush() : undefined;
    },
  });
  await flush();
}

function textOf({ time, score, anomaly, blame }: JudgedRow): string {
  return [time ?? '-', score.toFixed(3), anomaly ? 'anomaly' : '-', blame.join(', ') || '-'].join('\t');
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number of at most nine digits.');
}

function oneMark(text: string): string {
  const mark = { tab: '\t', '\\t': '\t' }[text] ?? text;
  if ([...mark].length === 1 && mark !== '"') return mark;
  throw new InvalidArgumentError("Write one mark, such as ';', or the word tab.");
}
