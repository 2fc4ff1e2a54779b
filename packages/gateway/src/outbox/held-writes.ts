import { spanOf } from '@plantroom/model/wire/frames';
import type { SequenceRange } from './contract.ts';
import type { Request } from './protocol.ts';

/** Bytes of samples that are kept in memory at most: some two minutes of 5,000 samples a second. */
const mostHeld = 32 * 1024 * 1024;

/** Samples that were given up because the disk took no writes, and from when to when they were. */
export interface LostSamples {
  readonly samples: number;
  readonly times: SequenceRange;
}

/**
 * Takes the oldest telemetry out of writes that wait for a disk until the rest fits into memory, and says what that was;
 * alarms, orders and states stay.
 */
export function trim(waiting: Request[], most = mostHeld): { given: Request[]; lost: LostSamples | undefined } {
  let held = waiting.reduce((sum, request) => sum + sizeOf(request), 0);
  const given: Request[] = [];
  let lost: LostSamples | undefined;
  for (let at = 0; at < waiting.length && held > most; ) {
    const request = waiting[at];
    const spans = request && isTelemetryAlone(request) ? spansOf(request) : [];
    if (!request || spans.length === 0) {
      at++;
      continue;
    }
    waiting.splice(at, 1);
    held -= sizeOf(request);
    given.push(request);
    for (const { count, first, last } of spans) lost = together(lost, { samples: count, times: [first, last] });
  }
  return { given, lost };
}

export function together(a: LostSamples | undefined, b: LostSamples | undefined): LostSamples | undefined {
  if (!a || !b) return a ?? b;
  const times = [Math.min(a.times[0], b.times[0]), Math.max(a.times[1], b.times[1])] as const;
  return { samples: a.samples + b.samples, times };
}

function isTelemetryAlone({ call }: Request): boolean {
  if (call.operation !== 'append') return false;
  const [entries, state] = call.args;
  return entries.every((e) => e.lane === 'telemetry') && Object.keys(state).length === 0;
}

function samplesOf({ call }: Request) {
  return call.operation === 'append' ? call.args[0].flatMap((e) => (e.lane === 'telemetry' ? [e.samples] : [])) : [];
}

const spansOf = (request: Request) => samplesOf(request).map(spanOf);
const sizeOf = (request: Request) => samplesOf(request).reduce((sum, samples) => sum + samples.byteLength, 0);
