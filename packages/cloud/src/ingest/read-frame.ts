import type { ModelRevision } from '@plantroom/model';
import {
  decodeEvents,
  decodeTelemetry,
  type EventsFrame,
  FrameError,
  type FrameFault,
  type FrameHeader,
  type GatewayAddress,
  type Lane,
  peekHeader,
  type RejectionCode,
  type TelemetryFrame,
} from '@plantroom/model/wire';
import type { StoredSample } from '../time-series/contract.ts';
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

export function readTelemetry(bytes: Uint8Array, from: GatewayAddress): Read<TelemetryFrame> {
  return read(bytes, from, 'telemetry', decodeTelemetry);
}

export function readEvents(bytes: Uint8Array, from: GatewayAddress): Read<EventsFrame> {
  const result = read(bytes, from, 'events', decodeEvents);
  if (!('frame' in result)) return result;
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

/**
 * Names the samples of a frame by its model revision. One sample out of bounds rejects the frame: it goes to the
 * gateway's quarantine as a whole, where it can be looked at and sent again.
 */
export function namedSamples(
  frame: TelemetryFrame,
  model: ModelRevision,
  now: number,
): { samples: StoredSample[] } | { rejection: Rejection } {
  const { site } = frame.header;
  const samples: StoredSample[] = [];
  for (const { index, time, gatewayTime, value, quality, reason } of frame.samples) {
    const point = model.points[index];
    const problem = point ? (timeProblem(time, now) ?? timeProblem(gatewayTime, now)) : noPoint(index, model);
    if (!point || problem) return { rejection: problem ?? noPoint(index, model) };
    const named = { site, equipment: point.equipment, point: point.point, time, gatewayTime, value, quality };
    samples.push(reason === undefined ? named : { ...named, reason });
  }
  return { samples };
}

function noPoint(index: number, model: ModelRevision): Rejection {
  return { code: 'invalid', reason: `it names point ${index}, revision ${model.revision} has ${model.points.length}` };
}

function timeProblem(time: number, now: number): Rejection | undefined {
  if (time < now - oldest) return { code: 'too-old', reason: `a sample is of ${instant(time)}, older than ten years` };
  if (time > now + ahead)
    return {
      code: 'invalid',
      reason: `a sample is of ${instant(time)}, ahead of ${instant(now)} here: check the clock`,
    };
  return undefined;
}

/** ISO 8601, or the bare number where a date cannot be made of it. */
function instant(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
