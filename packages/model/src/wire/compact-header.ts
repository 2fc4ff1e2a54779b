import { ByteReader, ByteWriter } from './bytes.ts';
import { FrameError } from './envelope.ts';
import { type FrameHeader, headerFault, headerIn } from './header.ts';

/**
 * The header of a frame of codec 2, preceded by its length: sequence, then site, gateway, epoch and revision. What a newer
 * minor version adds comes after them and is skipped. The lane is not written, it is always telemetry.
 */
export function writeHeader(out: ByteWriter, header: FrameHeader): void {
  const block = new ByteWriter();
  block.varint(header.sequence);
  for (const name of names) writeName(block, header[name]);
  out.varint(block.written.length);
  out.bytes(block.written);
}

const names = ['site', 'gateway', 'epoch', 'revision'] as const;

/** Throws FrameError. */
export function readHeader(from: ByteReader): FrameHeader {
  const block = new ByteReader(from.take(from.varint()));
  const sequence = block.varint();
  const [site, gateway, epoch, revision] = names.map(() => readName(block));
  const candidate = { site, gateway, epoch, lane: 'telemetry', sequence, revision };
  const header = headerIn(candidate);
  if (header) return header;
  throw new FrameError('malformed', `the header does not fit: ${headerFault(candidate)}`);
}

/** Twice the length, plus 1 when the bytes stand for pairs of hexadecimal digits, as epochs and revisions are. */
function writeName(out: ByteWriter, name: string): void {
  const isHex = /^(?:[0-9a-f]{2})+$/.test(name);
  const bytes = Buffer.from(name, isHex ? 'hex' : 'utf8');
  out.varint(bytes.length * 2 + (isHex ? 1 : 0));
  out.bytes(bytes);
}

function readName(from: ByteReader): string {
  const mark = from.varint();
  const bytes = from.take(Math.floor(mark / 2));
  return Buffer.from(bytes).toString(mark % 2 === 1 ? 'hex' : 'utf8');
}
