import type { ModelRevision } from '@plantroom/model';
import {
  type ColumnFrame,
  decodeColumns,
  decodeEvents,
  type EventsFrame,
  FrameError,
  type FrameFault,
  type FrameHeader,
  type GatewayAddress,
  type Lane,
  peekHeader,
  type RejectionCode,
} from '@plantroom/model/wire';
import type { SeriesName, StoredColumns } from '../time-series/contract.ts';
import { unknownKind } from '../time-series/contract.ts';
import type { Rejection } from './answers.ts';

/** A frame, or why it is rejected; without a legible header it cannot even be answered. */
export type Read<T> =
  | { readonly frame: T }
  | { readonly header: FrameHeader | undefined; readonly rejection: Rejection };

const codes: Readonly<Record<FrameFault, RejectionCode>> = {
  'not-a-frame': 'malformed',
  'newer-major': 'unsupported',
  'unknown-codec': 'unsupported',
  checksum: 'checksum',
  'too-large': 'too-large',
  malformed: 'malformed',
};

export function readTelemetry(bytes: Uint8Array, from: GatewayAddress): Read<ColumnFrame> {
  return read(bytes, from, 'telemetry', decodeColumns);
}

/** Intervals of the future are rejected; alarms, orders and reports are taken, whatever time their gateway gives them. */
export function readEvents(bytes: Uint8Array, from: GatewayAddress, now: number): Read<EventsFrame> {
  const result = read(bytes, from, 'events', decodeEvents);
  if (!('frame' in result)) return result;
  const future = result.frame.events
    .flatMap((e) => (e.type === 'intervals' ? e.intervals : []))
    .find(({ start }) => start > now + ahead);
  if (future) return { header: result.frame.header, rejection: aheadOf('an interval', future.start, now) };
  const foreign = result.frame.events.some(
    (e) => e.type === 'model' && (e.model.site.id !== from.site || e.model.gateway !== from.gateway),
  );
  const reason = 'it carries the model of another site or gateway';
  return foreign ? { header: result.frame.header, rejection: { code: 'invalid', reason } } : result;
}

function read<T extends { readonly header: FrameHeader }>(
  bytes: Uint8Array,
  from: GatewayAddress,
  lane: Lane,
  decode: (bytes: Uint8Array) => T,
): Read<T> {
  try {
    const frame = decode(bytes);
    const { header } = frame;
    if (header.site === from.site && header.gateway === from.gateway && header.lane === lane) return { frame };
    const reason = `it says ${header.site}/${header.gateway}, ${header.lane}, but came from ${from.site}/${from.gateway}, ${lane}`;
    return { header, rejection: { code: 'invalid', reason } };
  } catch (thrown) {
    if (!(thrown instanceof FrameError)) throw thrown;
    return { header: peekHeader(bytes), rejection: { code: codes[thrown.fault], reason: thrown.message } };
  }
}

/** Older samples come from a broken clock, not from an outbox: ten years and three days. */
const oldest = 3655 * 86_400_000;
/** How far a gateway's clock may run ahead of ours, in ms. */
const ahead = 600_000;

/** The series of a revision's points, by their place. */
export function seriesOf(model: ModelRevision): SeriesName[] {
  const kinds = new Map(model.equipment.map((e) => [e.id, e.kind]));
  const site = model.site.id;
  return model.points.map(({ equipment, point }) => ({
    ...{ site, equipment, point },
    kind: kinds.get(equipment) ?? unknownKind,
  }));
}

/**
 * Names the samples of a frame by the series of its model revision. One sample out of bounds rejects the frame: it goes
 * to the gateway's quarantine as a whole, where it can be looked at and sent again.
 */
export function namedSamples(
  { header, samples }: ColumnFrame,
  names: readonly SeriesName[],
  now: number,
): { samples: StoredColumns } | { rejection: Rejection } {
  const { points, raws: _, ...columns } = samples;
  const { times, lags } = columns;
  const series: SeriesName[] = [];
  for (const index of points) {
    const name = names[index];
    const reason = `it names point ${index}, revision ${header.revision} has ${names.length}`;
    if (!name) return { rejection: { code: 'invalid', reason } };
    series.push(name);
  }
  for (let row = 0; row < times.length; row++) {
    const time = times[row] ?? 0;
    const problem = timeProblem(time, now) ?? timeProblem(time + (lags[row] ?? 0), now);
    if (problem) return { rejection: problem };
  }
  return { samples: { series, ...columns } };
}

function timeProblem(time: number, now: number): Rejection | undefined {
  if (time >= now - oldest && time <= now + ahead) return undefined;
  if (time < now) return { code: 'too-old', reason: `a sample is of ${instant(time)}, older than ten years` };
  return aheadOf('a sample', time, now);
}

function aheadOf(what: string, time: number, now: number): Rejection {
  return { code: 'invalid', reason: `${what} is of ${instant(time)}, ahead of ${instant(now)} here: check the clock` };
}

/** ISO 8601, or the bare number where a date cannot be made of it. */
function instant(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
