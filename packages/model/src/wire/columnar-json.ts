import { z } from 'zod';
import { knownQualityCode } from '../quality.ts';
import { FrameError } from './envelope.ts';
import { frameHeader } from './header-schema.ts';
import { type ColumnFrame, largestFrame } from './samples.ts';

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

/** Telemetry of codec 1, which logs of version 1.0 hold: read, never written. */
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

/** Throws FrameError when a column is missing or of the wrong length. */
export function columnsOfJson(content: unknown): ColumnFrame {
  const parsed = telemetryBody.safeParse(content);
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
      qualities: body.qualities ? Uint16Array.from(body.qualities, knownQualityCode) : new Uint16Array(length),
      raws: new Map(body.raws),
    },
  };
}
