import { codecs, openEnvelope } from './envelope.ts';
import { unpackColumns } from './read-columns.ts';
import type { ColumnFrame } from './samples.ts';

/** Reads a telemetry frame without any schema; undefined when it is of codec 1. Throws FrameError. */
export function decodePacked(bytes: Uint8Array): ColumnFrame | undefined {
  const { codec, body } = openEnvelope(bytes);
  return codec === codecs.json ? undefined : unpackColumns(body, codec === codecs.thinned);
}
