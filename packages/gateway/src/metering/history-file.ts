import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { coerceError, PlantroomError } from '@plantroom/base';

export interface HistoryRow {
  readonly time: number;
  readonly equipment: string;
  readonly point: string;
  readonly value: number;
  /** Bytes of the file up to and with this row. */
  readonly bytes: number;
}

const head = 'time,equipment,point,value';

/** A digest of the file's content and its size in bytes. Throws PlantroomError `history` when it cannot be read. */
export async function describeFile(file: string): Promise<{ digest: string; size: number }> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    return { digest: hash.digest('hex').slice(0, 32), size: statSync(file).size };
  } catch (thrown) {
    throw new PlantroomError('history', `The history ${file} cannot be read: ${coerceError(thrown).message}`, {
      hint: `Give a CSV file with the head ${head}.`,
      cause: thrown,
    });
  }
}

/** The rows after the head, in order; throws PlantroomError `history` with the line of the first that is wrong. */
export async function* historyRows(file: string): AsyncGenerator<HistoryRow> {
  let line = 0;
  let bytes = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    bytes += Buffer.byteLength(text) + 1;
    if (line === 1) {
      if (text.replace(/^\uFEFF/, '').trim() !== head) throw wrong(file, line, `the head is not ${head}`);
    } else if (text !== '') yield parse(file, line, text, bytes);
  }
}

function parse(file: string, line: number, text: string, bytes: number): HistoryRow {
  const [time = '', equipment = '', point = '', value = '', ...rest] = text.split(',');
  const row = {
    time: parseTime(time),
    equipment,
    point,
    value: value.trim() === '' ? Number.NaN : Number(value),
    bytes,
  };
  if (rest.length > 0 || equipment === '' || point === '') throw wrong(file, line, 'a row has four columns');
  if (!Number.isFinite(row.time)) throw wrong(file, line, `\`${time}\` is no time`);
  if (!Number.isFinite(row.value)) throw wrong(file, line, `\`${value}\` is no number`);
  return row;
}

/** ISO 8601 with its zone, or ms since 1970 UTC. */
function parseTime(text: string): number {
  if (/^\d{11,14}$/.test(text)) return Number(text);
  return /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}

function wrong(file: string, line: number, what: string): PlantroomError {
  return new PlantroomError('history', `${file}:${line}: ${what}.`, {
    hint: 'A row is such as 2026-01-31T08:15:00+08:00,main-meter,energyImport,81234.5',
  });
}
