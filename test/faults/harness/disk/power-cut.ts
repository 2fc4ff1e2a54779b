import { readFileSync, writeFileSync } from 'node:fs';
import type { Random } from '@plantroom/base';

/** A change of a file that no sync has covered: where, the size of the file before, and what stood there. */
export interface Undo {
  readonly offset: number;
  readonly size: number;
  readonly before: Uint8Array;
}

/** The most that the end of a file may miss although its size was written, bytes. */
const tornTail = 4096;

/**
 * Leaves of a file what a power cut may: of each change that no sync has covered all, nothing or a beginning, in whatever
 * order; now and then an end that was cut off, and a bit of it that is another.
 */
export function cutFile(path: string, undo: readonly Undo[], random: Random): void {
  if (undo.length === 0) return;
  const mode = random() < 0.3 ? 'all' : 'some';
  let bytes: Buffer = readFileSync(path);
  // What lies behind the size of the last sync is covered by none.
  const oldSize = undo[0]?.size ?? 0;
  for (const { offset, size, before } of undo.toReversed()) {
    const fate = mode === 'all' ? 0 : random();
    if (fate > 0.75) continue;
    const kept = fate > 0.5 ? Math.floor(random() * before.length) : 0;
    bytes = resized(bytes, Math.max(bytes.length, offset + before.length));
    bytes.set(before.subarray(kept), offset + kept);
    if (fate <= 0.5 && size < bytes.length && size >= oldSize) bytes = resized(bytes, size);
  }
  if (mode === 'some') bytes = hurtTail(bytes, oldSize, random);
  writeFileSync(path, bytes);
}

/** Cuts and flips in what was added since the last sync alone. */
function hurtTail(bytes: Buffer, from: number, random: Random): Buffer {
  const added = bytes.length - from;
  if (added <= 0) return bytes;
  const left = random() < 0.5 ? bytes : resized(bytes, bytes.length - Math.floor(random() * Math.min(added, tornTail)));
  const at = from + Math.floor(random() * (left.length - from));
  if (random() < 0.5 && at < left.length) left.writeUInt8(left.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
  return left;
}

function resized(bytes: Buffer, size: number): Buffer {
  if (size <= bytes.length) return bytes.subarray(0, size);
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}
