import { crc32, zstdDecompressSync } from 'node:zlib';

/**
 * Every frame is 12 bytes of head and a body:
 * `P` `R`, major version, minor version, body codec, 3 bytes of zero, CRC-32 of the body (big-endian), body.
 * A newer minor version adds fields and stays readable; a newer major one is refused.
 */
const magic = [0x50, 0x52] as const;
export const wireMajor = 1;
export const wireMinor = 1;
const headLength = 12;
/** 1: zstd-packed JSON (events; telemetry of version 1.0). 2: columns (telemetry). 3: columns of thinned telemetry. */
export const codecs = { json: 1, columns: 2, thinned: 3 } as const;
export type Codec = (typeof codecs)[keyof typeof codecs];
/** A body may not unpack to more than this, so that a small frame cannot exhaust memory (8 MiB). */
const largestBody = 8 * 1024 * 1024;

export type FrameFault = 'not-a-frame' | 'newer-major' | 'unknown-codec' | 'checksum' | 'too-large' | 'malformed';

/** A frame that cannot be read; `fault` says why and is what a rejection carries. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly fault: FrameFault;

  constructor(fault: FrameFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Puts the head before a body, whose parts follow each other. */
export function closeEnvelope(codec: Codec, parts: readonly Uint8Array[]): Buffer {
  const frame = Buffer.concat([Buffer.alloc(headLength), ...parts]);
  frame.set([...magic, wireMajor, wireMinor, codec], 0);
  frame.writeUInt32BE(crc32(frame.subarray(headLength)), 8);
  return frame;
}

/** Checks the head and gives the body; throws FrameError. */
export function openEnvelope(frame: Uint8Array): { readonly codec: Codec; readonly body: Buffer } {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < headLength || bytes[0] !== magic[0] || bytes[1] !== magic[1])
    throw new FrameError('not-a-frame', 'the bytes do not begin as a frame does');
  if (bytes[2] !== wireMajor)
    throw new FrameError('newer-major', `frame version ${bytes[2]}, this side reads ${wireMajor}`);
  const codec = Object.values(codecs).find((c) => c === bytes[4]);
  if (codec === undefined) throw new FrameError('unknown-codec', `body codec ${bytes[4]} is not known here`);
  const body = bytes.subarray(headLength);
  if (crc32(body) !== bytes.readUInt32BE(8)) throw new FrameError('checksum', 'the body does not match its checksum');
  return { codec, body };
}

/** Unpacks what zstd has packed; throws FrameError. */
export function unpackZstd(packed: Uint8Array): Buffer {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: largestBody });
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new FrameError('too-large', `the body unpacks to more than ${largestBody} bytes`);
    throw new FrameError('malformed', 'the body is not packed with zstd');
  }
}
