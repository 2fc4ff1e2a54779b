import type { NewEntry } from './contract.ts';
import { type PackedSamples, packSamples, unpackSamples } from './packed-samples.ts';

/** An entry on its way to the thread. */
export type SentEntry =
  | Extract<NewEntry, { lane: 'events' }>
  | { readonly lane: 'telemetry'; readonly packed: PackedSamples };

export function sendEntry(entry: NewEntry): SentEntry {
  return entry.lane === 'events' ? entry : { lane: 'telemetry', packed: packSamples(entry.samples) };
}

export function receiveEntry(entry: SentEntry): NewEntry {
  return entry.lane === 'events' ? entry : { lane: 'telemetry', samples: unpackSamples(entry.packed) };
}

/** What the thread takes over from this one, instead of a copy. */
export function handedOver(entries: readonly SentEntry[]): ArrayBuffer[] {
  return entries.flatMap((entry) => (entry.lane === 'telemetry' ? [entry.packed.buffer] : []));
}
