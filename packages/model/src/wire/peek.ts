import { z } from 'zod';
import { unpackEnvelope } from './envelope.ts';
import { type FrameHeader, frameHeader } from './header.ts';

const anyBody = z.looseObject({ header: frameHeader });

/** The header of a frame whose body does not fit, so that its rejection can name it; undefined when it is not legible. */
export function peekHeader(frame: Uint8Array): FrameHeader | undefined {
  try {
    return anyBody.safeParse(unpackEnvelope(frame)).data?.header;
  } catch {
    return undefined;
  }
}
