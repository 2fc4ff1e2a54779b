import { knownQualityCode } from '../quality.ts';
import { ByteReader } from './bytes.ts';
import { ids, packings } from './columns-format.ts';
import { readHeader } from './compact-header.ts';
import { FrameError, unpackZstd } from './envelope.ts';
import { type ReadColumn, readNumbers } from './numbers.ts';
import { type ColumnFrame, largestFrame, type SampleColumns, type ThinnedColumns } from './samples.ts';
import { readTimes } from './times.ts';
import { joinValues } from './values.ts';

/** Reads the body of a frame of codec 2, or 3 (`thinned`); throws FrameError when something is missing, too long or makes no sense. */
export function unpackColumns(body: Uint8Array, isThinned: boolean): ColumnFrame {
  const from = new ByteReader(body);
  const header = readHeader(from);
  const packing = from.varint();
  if (packing !== packings.none && packing !== packings.zstd)
    throw new FrameError('malformed', `columns are packed in way ${packing}, which is not known here`);
  const columns = from.rest();
  const plain = packing === packings.zstd ? unpackZstd(columns) : columns;
  return { header, samples: readColumns(new ByteReader(plain), isThinned) };
}

function readColumns(from: ByteReader, isThinned: boolean): SampleColumns {
  const runs = from.varint();
  if (runs > largestFrame) throw new FrameError('too-large', `a frame of ${runs} points`);
  const columns = new Columns(from);
  const points = pointsOf(columns.exactly(ids.points, runs));
  const counts = countsOf(columns.exactly(ids.counts, runs));
  const length = counts.reduce((sum, count) => sum + count, 0);
  if (length > largestFrame) throw new FrameError('too-large', `a frame of ${length} samples`);
  const lags = columns.exactly(ids.lags, length);
  if (!lags.every(Number.isSafeInteger)) throw new FrameError('malformed', 'a lag is not a whole number of ms');
  const rows = { counts, length, absent: rowsOf(columns.atMost(ids.absent, length), length) };
  return {
    points,
    counts,
    times: readTimes(columns.written(ids.times), counts, length),
    lags,
    values: valuesOf(columns, rows, ids),
    qualities: Uint16Array.from(columns.exactly(ids.qualities, length).map(knownQualityCode)),
    raws: rawsOf(columns, length),
    ...(isThinned ? { thinned: thinnedOf(columns, rows) } : {}),
  };
}

interface Rows {
  readonly counts: readonly number[];
  readonly length: number;
  /** Those without a value. */
  readonly absent: Float64Array;
}

function thinnedOf(columns: Columns, rows: Rows): ThinnedColumns {
  const whole = (id: number) => {
    const numbers = columns.exactly(id, rows.length);
    if (numbers.every((n) => n >= 0 && Number.isSafeInteger(n))) return numbers;
    throw new FrameError('malformed', 'a span or a number of samples is not a whole number');
  };
  return {
    spans: whole(ids.spans),
    sizes: whole(ids.sizes),
    minima: valuesOf(columns, rows, ids.minima),
    maxima: valuesOf(columns, rows, ids.maxima),
  };
}

/** The columns of a frame, found by their ids. */
class Columns {
  readonly #columns = new Map<number, ReadColumn>();

  constructor(from: ByteReader) {
    while (!from.isAtEnd) {
      const mark = from.varint();
      const [id, form] = [Math.floor(mark / 4), mark % 4];
      const bytes = from.take(from.varint());
      if (this.#columns.has(id)) throw new FrameError('malformed', `column ${id} is there twice`);
      this.#columns.set(id, { form, bytes });
    }
  }

  written(id: number): ReadColumn | undefined {
    return this.#columns.get(id);
  }

  atMost(id: number, most: number): Float64Array {
    const column = this.#columns.get(id);
    return column ? readNumbers(column, most) : new Float64Array();
  }

  exactly(id: number, length: number): Float64Array {
    if (!this.#columns.has(id)) return new Float64Array(length);
    const numbers = this.atMost(id, length);
    if (numbers.length === length) return numbers;
    throw new FrameError('malformed', `column ${id} has ${numbers.length} numbers, not ${length}`);
  }
}

function pointsOf(skipped: Float64Array): number[] {
  let point = -1;
  return Array.from(skipped, (skip) => {
    point += 1 + skip;
    if (skip >= 0 && Number.isSafeInteger(point)) return point;
    throw new FrameError('malformed', 'points do not ascend');
  });
}

function countsOf(more: Float64Array): number[] {
  return Array.from(more, (n) => {
    if (n >= 0 && Number.isSafeInteger(n)) return n + 1;
    throw new FrameError('malformed', 'a point with no samples');
  });
}

/** Row numbers from the steps between them. */
function rowsOf(stepped: Float64Array, length: number): Float64Array {
  let row = -1;
  return stepped.map((step) => {
    row += step;
    if (step >= 1 && row < length && Number.isInteger(row)) return row;
    throw new FrameError('malformed', 'a row that is not there');
  });
}

function valuesOf(
  columns: Columns,
  { counts, length, absent }: Rows,
  of: { formats: number; integers: number; doubles: number },
): Float64Array {
  const values = new Float64Array(length);
  for (const row of absent) values[row] = Number.NaN;
  const doubles = columns.atMost(of.doubles, length - absent.length);
  const integers = columns.exactly(of.integers, length - absent.length - doubles.length);
  joinValues({ formats: columns.exactly(of.formats, counts.length), integers, doubles }, counts, values);
  return values;
}

function rawsOf(columns: Columns, length: number): Map<number, number> {
  const rows = rowsOf(columns.atMost(ids.rawRows, length), length);
  const raws = columns.exactly(ids.raws, rows.length);
  if (!raws.every(Number.isFinite)) throw new FrameError('malformed', 'a protocol code is not finite');
  return new Map(Array.from(rows, (row, n) => [row, raws[n] ?? 0]));
}
