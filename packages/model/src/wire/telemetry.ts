import { z } from 'zod';
import { qualityCode, qualityOfCode } from '../quality.ts';
import type { Sample } from '../sample.ts';
import { FrameError, packEnvelope, unpackEnvelope } from './envelope.ts';
import { type FrameHeader, frameHeader } from './header.ts';

/** A sample that names its point by its place in the model revision. */
export interface IndexedSample extends Omit<Sample, 'equipment' | 'point'> {
  readonly index: number;
}

export interface TelemetryFrame {
  readonly header: FrameHeader;
  readonly samples: readonly IndexedSample[];
}

/**
 * The samples of a frame as columns. Rows of one point stand together (a run) and keep their order, so that what is the
 * same for all of them is looked up once.
 */
export interface SampleColumns {
  /** The point of each run, by its place in the model revision. */
  readonly points: readonly number[];
  /** The rows of each run. */
  readonly counts: readonly number[];
  /** ms since 1970 UTC. */
  readonly times: Float64Array;
  /** Gateway time minus time, ms. */
  readonly lags: Float64Array;
  /** NaN where there is no value. */
  readonly values: Float64Array;
  /** Quality codes. */
  readonly qualities: Uint16Array;
  /** Protocol codes by row, where there is one. */
  readonly raws: ReadonlyMap<number, number>;
}

export interface ColumnFrame {
  readonly header: FrameHeader;
  readonly samples: SampleColumns;
}

/** More samples than any outbox puts in one frame. */
export const largestFrame = 50_000;

/** A column that is checked as one: a column of a million wrong elements is one fault, not a million. */
function column<T>(fits: (element: unknown) => element is T) {
  return z.custom<T[]>((value) => Array.isArray(value) && value.length <= largestFrame && value.every(fits));
}

const integers = column((n): n is number => Number.isSafeInteger(n));
const counts = column((n): n is number => Number.isSafeInteger(n) && Number(n) >= 1);
const values = column((v): v is number | null => v === null || (typeof v === 'number' && Number.isFinite(v)));
const pairs = column(
  (pair): pair is [number, number] => Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isFinite(n)),
);

/** Columns, ordered by point and then time; a run of one point shares one entry of `points` and `counts`. */
const telemetryBody = z.object({
  header: frameHeader,
  points: integers,
  counts,
  /** The first sample's time, then differences to the sample before, ms. */
  times: integers,
  /** Gateway time minus time, ms. */
  lags: integers,
  values,
  /** Quality codes; left out when all are 0. */
  qualities: integers.optional(),
  /** Protocol codes as pairs (row, code), where there is one. */
  raws: pairs.optional(),
});

/** Packs samples; their order within a point is kept. */
export function encodeTelemetry(frame: TelemetryFrame): Buffer {
  const rows = [...frame.samples].sort((a, b) => a.index - b.index || a.time - b.time);
  const points: number[] = [];
  const counts: number[] = [];
  let before = 0;
  const times = rows.map((s, i) => {
    if (rows[i - 1]?.index !== s.index) {
      points.push(s.index);
      counts.push(0);
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    const difference = s.time - before;
    before = s.time;
    return difference;
  });
  const qualities = rows.map(qualityCode);
  const raws = rows.flatMap((s, i) => (s.raw === undefined ? [] : [[i, s.raw]]));
  return packEnvelope({
    header: frame.header,
    points,
    counts,
    times,
    lags: rows.map((s) => s.gatewayTime - s.time),
    values: rows.map((s) => s.value),
    ...(qualities.some((q) => q !== 0) ? { qualities } : {}),
    ...(raws.length > 0 ? { raws } : {}),
  });
}

/** Unpacks a frame; throws FrameError when a column is missing or of the wrong length. */
export function decodeColumns(bytes: Uint8Array): ColumnFrame {
  const parsed = telemetryBody.safeParse(unpackEnvelope(bytes));
  if (!parsed.success) throw new FrameError('malformed', 'a telemetry frame lacks a column');
  const body = parsed.data;
  const length = body.counts.reduce((sum, n) => sum + n, 0);
  const columns = [body.times, body.lags, body.values, ...(body.qualities ? [body.qualities] : [])];
  if (body.points.length !== body.counts.length || columns.some((c) => c.length !== length))
    throw new FrameError('malformed', 'the columns of a telemetry frame differ in length');
  const { header, points, counts } = body;
  const times = Float64Array.from(body.times);
  for (let row = 1; row < length; row++) times[row] = (times[row - 1] ?? 0) + (times[row] ?? 0);
  return {
    header,
    samples: {
      points,
      counts,
      times,
      lags: Float64Array.from(body.lags),
      values: Float64Array.from(body.values, (v) => v ?? Number.NaN),
      qualities: body.qualities ? Uint16Array.from(body.qualities, knownCode) : new Uint16Array(length),
      raws: new Map(body.raws),
    },
  };
}

/** A code of a newer version becomes the nearest that is known here. */
const knownCode = (code: number) => (code === 0 ? 0 : qualityCode(qualityOfCode(code)));

/** The same as rows, for what looks at single samples. Throws as `decodeColumns` does. */
export function decodeTelemetry(bytes: Uint8Array): TelemetryFrame {
  const { header, samples } = decodeColumns(bytes);
  return { header, samples: rowsOf(samples) };
}

function rowsOf({ points, counts, times, lags, values, qualities, raws }: SampleColumns): IndexedSample[] {
  const rows: IndexedSample[] = [];
  for (const [run, index] of points.entries())
    for (let left = counts[run] ?? 0; left > 0; left--) {
      const row = rows.length;
      const [time = 0, value = Number.NaN, raw] = [times[row], values[row], raws.get(row)];
      rows.push({
        index,
        time,
        gatewayTime: time + (lags[row] ?? 0),
        value: Number.isNaN(value) ? null : value,
        ...qualityOfCode(qualities[row] ?? 0),
        ...(raw === undefined ? {} : { raw }),
      });
    }
  return rows;
}
