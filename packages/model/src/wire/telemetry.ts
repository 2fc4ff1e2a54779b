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
export function decodeTelemetry(bytes: Uint8Array): TelemetryFrame {
  const parsed = telemetryBody.safeParse(unpackEnvelope(bytes));
  if (!parsed.success) throw new FrameError('malformed', 'a telemetry frame lacks a column');
  const body = parsed.data;
  const length = body.counts.reduce((sum, n) => sum + n, 0);
  const columns = [body.times, body.lags, body.values, ...(body.qualities ? [body.qualities] : [])];
  if (body.points.length !== body.counts.length || columns.some((c) => c.length !== length))
    throw new FrameError('malformed', 'the columns of a telemetry frame differ in length');
  return { header: body.header, samples: rowsOf(body, length) };
}

function rowsOf(body: z.infer<typeof telemetryBody>, length: number): IndexedSample[] {
  const raws = new Map(body.raws);
  const samples: IndexedSample[] = [];
  let time = 0;
  let run = 0;
  let left = body.counts[0] ?? 0;
  for (let row = 0; row < length; row++) {
    while (left === 0) left = body.counts[++run] ?? 1;
    left--;
    time += body.times[row] ?? 0;
    const raw = raws.get(row);
    samples.push({
      index: body.points[run] ?? -1,
      time,
      gatewayTime: time + (body.lags[row] ?? 0),
      value: body.values[row] ?? null,
      ...qualityOfCode(body.qualities?.[row] ?? 0),
      ...(raw === undefined ? {} : { raw }),
    });
  }
  return samples;
}
