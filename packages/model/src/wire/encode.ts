import type { EventsFrame } from './events.ts';
import type { FrameHeader } from './header.ts';
import { packJson } from './json-body.ts';
import { columnsOf, type PackedSamples } from './packed-samples.ts';
import { packColumns } from './write-columns.ts';

/** Packs events as they are: their schema is asked where they are read. */
export function encodeEvents(frame: EventsFrame): Buffer {
  return packJson(frame);
}

/** Packs samples, ordered by point and time; those of the same point and time keep their order. */
export function encodePacked(header: FrameHeader, packed: PackedSamples): Buffer {
  return packColumns({ header, samples: columnsOf(packed) });
}
