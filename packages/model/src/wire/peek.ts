import { ByteReader } from './bytes.ts';
import { readHeader } from './compact-header.ts';
import { codecs, openEnvelope } from './envelope.ts';
import { type FrameHeader, headerIn } from './header.ts';
import { unpackJson } from './json-body.ts';

/** The header of a frame whose body does not fit, so that its rejection can name it; undefined when it is not legible. */
export function peekHeader(frame: Uint8Array): FrameHeader | undefined {
  try {
    const envelope = openEnvelope(frame);
    if (envelope.codec !== codecs.json) return readHeader(new ByteReader(envelope.body));
    const content = unpackJson(envelope);
    return typeof content === 'object' && content !== null && 'header' in content
      ? headerIn(content.header)
      : undefined;
  } catch {
    return undefined;
  }
}
