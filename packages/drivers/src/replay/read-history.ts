import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PlantroomError } from '@plantroom/base';
import type { Reading } from '../contract.ts';

const header = 'time,equipment,point,value';
const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * The rows of a CSV file `time,equipment,point,value` as readings with their own times, in batches of at most `size`. An
 * empty value is a reading that is bad/not-available. Pulls the file as fast as it is iterated. Throws `replay-file` with
 * the line that does not fit.
 */
export async function* readHistory(file: string, size = 1000): AsyncGenerator<Reading[], void, void> {
  const stream = createReadStream(file, 'utf8');
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  let batch: Reading[] = [];
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (number === 1 && line.replace(/^\uFEFF/, '') !== header)
        throw misfit(file, 1, `the header is not \`${header}\``);
      if (number === 1 || line === '') continue;
      batch.push(readRow(line, file, number));
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (thrown) {
    if (thrown instanceof PlantroomError) throw thrown;
    throw new PlantroomError('replay-file', `Cannot read ${file}.`, {
      hint: 'Check that the file is there and may be read.',
      cause: thrown,
    });
  } finally {
    lines.close();
    stream.destroy();
  }
  if (number === 0) throw misfit(file, 1, 'the file is empty');
  if (batch.length > 0) yield batch;
}

function readRow(line: string, file: string, number: number): Reading {
  const [time = '', equipment = '', point = '', value, ...more] = line.split(',');
  if (value === undefined || more.length > 0) throw misfit(file, number, 'there are not four columns');
  const sourceTime = /^\d{10,}$/.test(time) ? Number(time) : isoWithZone.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(sourceTime)) throw misfit(file, number, `\`${time}\` is no time with its zone`);
  if (value.trim() === '') {
    return { equipment, point, sourceTime, value: null, quality: 'bad', reason: 'not-available' };
  }
  const figure = Number(value);
  if (!Number.isFinite(figure)) throw misfit(file, number, `\`${value}\` is not a number`);
  return { equipment, point, sourceTime, value: figure, quality: 'good' };
}

function misfit(file: string, line: number, what: string): PlantroomError {
  return new PlantroomError('replay-file', `${file}:${line}: ${what}.`, {
    hint: `Write ${header}, with times such as 2026-01-31T08:15:00Z.`,
    context: { file, line },
  });
}
