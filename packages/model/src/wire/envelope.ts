import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * Every frame is 12 bytes of head and a body:
 * `P` `R`, major version, minor version, body codec, 3 bytes of zero, CRC-32 of the body (big-endian), body.
 * A newer minor version adds fields and stays readable; a newer major one is refused.
 */
const magic = [0x50, 0x52] as const;
export const wireMajor = 1;
export const wireMinor = 0;
const headLength = 12;
const codecs = { zstdJson: 1 } as const;
/** A body may not unpack to more than this, so that a small frame cannot exhaust memory (8 MiB). */
const largestBody = 8 * 1024 * 1024;
/** Elements of all its lists together; a site of 20,000 points and a frame of 50,000 samples stay well below. */
const mostElements = 400_000;

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

/** Packs a JSON body. The same content gives the same bytes. */
export function packEnvelope(content: unknown): Buffer {
  const body = zstdCompressSync(Buffer.from(JSON.stringify(content)));
  const frame = Buffer.alloc(headLength + body.length);
  frame.set([...magic, wireMajor, wireMinor, codecs.zstdJson], 0);
  frame.writeUInt32BE(crc32(body), 8);
  frame.set(body, headLength);
  return frame;
}

/** Unpacks a frame's body; throws FrameError. */
export function unpackEnvelope(frame: Uint8Array): unknown {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < headLength || bytes[0] !== magic[0] || bytes[1] !== magic[1])
    throw new FrameError('not-a-frame', 'the bytes do not begin as a frame does');
  if (bytes[2] !== wireMajor)
    throw new FrameError('newer-major', `frame version ${bytes[2]}, this side reads ${wireMajor}`);
  if (bytes[4] !== codecs.zstdJson) throw new FrameError('unknown-codec', `body codec ${bytes[4]} is not known here`);
  const body = bytes.subarray(headLength);
  if (crc32(body) !== bytes.readUInt32BE(8)) throw new FrameError('checksum', 'the body does not match its checksum');
  return parseBody(body);
}

function parseBody(body: Buffer): unknown {
  const text = unpackBody(body);
  if (countCommas(text) > mostElements)
    throw new FrameError('too-large', `the body has more than ${mostElements} elements`);
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    throw new FrameError('malformed', 'the body is not JSON');
  }
}

function unpackBody(body: Buffer): Buffer {
  try {
    return zstdDecompressSync(body, { maxOutputLength: largestBody });
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new FrameError('too-large', `the body unpacks to more than ${largestBody} bytes`);
    throw new FrameError('malformed', 'the body is not packed with zstd');
  }
}

/** Elements, before anything is made of them: every one but the first of its list has a comma before it. */
function countCommas(text: Buffer): number {
  let commas = 0;
  for (let at = text.indexOf(0x2c); at >= 0; at = text.indexOf(0x2c, at + 1)) commas++;
  return commas;
}
