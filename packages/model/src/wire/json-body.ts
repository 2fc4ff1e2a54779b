import { zstdCompressSync } from 'node:zlib';
import { type Codec, closeEnvelope, codecs, FrameError, unpackZstd } from './envelope.ts';

/** Elements of all its lists together; a site of 20,000 points and a frame of 50,000 samples stay well below. */
const mostElements = 400_000;

/** Packs a frame of codec 1. The same content gives the same bytes. */
export function packJson(content: unknown): Buffer {
  return closeEnvelope(codecs.json, [zstdCompressSync(Buffer.from(JSON.stringify(content)))]);
}

/** Unpacks a body of codec 1; throws FrameError. */
export function unpackJson({ codec, body }: { readonly codec: Codec; readonly body: Uint8Array }): unknown {
  if (codec !== codecs.json) throw new FrameError('malformed', `body codec ${codec} carries telemetry only`);
  const text = unpackZstd(body);
  if (countCommas(text) > mostElements)
    throw new FrameError('too-large', `the body has more than ${mostElements} elements`);
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    throw new FrameError('malformed', 'the body is not JSON');
  }
}

/** Elements, before anything is made of them: every one but the first of its list has a comma before it. */
function countCommas(text: Buffer): number {
  let commas = 0;
  for (let at = text.indexOf(0x2c); at >= 0; at = text.indexOf(0x2c, at + 1)) commas++;
  return commas;
}
