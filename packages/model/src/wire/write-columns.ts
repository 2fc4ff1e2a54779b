import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter } from './bytes.ts';
import { ids, packings } from './columns-format.ts';
import { writeHeader } from './compact-header.ts';
import { closeEnvelope, codecs } from './envelope.ts';
import { forms, type WrittenNumbers, writeDoubles, writeNumbers } from './numbers.ts';
import type { ColumnFrame, SampleColumns } from './samples.ts';
import { writeTimes } from './times.ts';
import { splitValues } from './values.ts';

/** Level 1: those above cost time and save 1 % (docs/adr/0007). */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** Bytes below which zstd does not even win back its own head. */
const worthPacking = 200;

/** Packs columns; points must ascend. The same content gives the same bytes. */
export function packColumns({ header, samples }: ColumnFrame): Buffer {
  const plain = writeColumns(samples);
  const packed = plain.length < worthPacking ? plain : zstdCompressSync(plain, { params });
  const isShorter = packed.length < plain.length;
  const head = new ByteWriter(128);
  writeHeader(head, header);
  head.varint(isShorter ? packings.zstd : packings.none);
  return closeEnvelope(samples.thinned ? codecs.thinned : codecs.columns, [head.written, isShorter ? packed : plain]);
}

function writeColumns({ points, counts, times, lags, values, qualities, raws, thinned }: SampleColumns): Uint8Array {
  const out = new ByteWriter(values.length * 4 + 64);
  const column = (id: number, written: WrittenNumbers | undefined) => {
    if (!written) return;
    out.varint(id * 4 + written.form);
    out.varint(written.bytes.length);
    out.bytes(written.bytes);
  };
  const split = (of: { formats: number; integers: number; doubles: number }, numbers: Float64Array) => {
    const { formats, integers, doubles } = splitValues(counts, numbers);
    column(of.formats, writeNumbers(formats));
    column(of.integers, writeNumbers(integers));
    if (doubles.length > 0) column(of.doubles, { form: forms.doubles, bytes: writeDoubles(doubles) });
  };
  out.varint(points.length);
  column(ids.points, writeNumbers(Float64Array.from(points, (point, run) => point - (points[run - 1] ?? -1) - 1)));
  column(ids.counts, writeNumbers(Float64Array.from(counts, (count) => count - 1)));
  column(ids.times, writeTimes(counts, times));
  column(ids.lags, writeNumbers(lags));
  column(ids.qualities, writeNumbers(Float64Array.from(qualities)));
  column(ids.absent, writeNumbers(steps(rowsWithout(values))));
  split(ids, values);
  column(ids.rawRows, writeNumbers(steps([...raws.keys()])));
  column(ids.raws, writeNumbers(Float64Array.from(raws.values())));
  if (thinned) {
    column(ids.spans, writeNumbers(thinned.spans));
    column(ids.sizes, writeNumbers(thinned.sizes));
    split(ids.minima, thinned.minima);
    split(ids.maxima, thinned.maxima);
  }
  return out.written;
}

function rowsWithout(values: Float64Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (!Number.isFinite(values[row])) rows.push(row);
  return rows;
}

const steps = (rows: readonly number[]) => Float64Array.from(rows, (row, n) => row - (rows[n - 1] ?? -1));
