import { crc16 } from './crc16.ts';
import type { ExpectedFrame, Frame, FrameReader, Framing } from './framing.ts';
import { exceptionFlag } from './pdu.ts';

/** Unit, PDU, CRC. Silence separates frames on the wire; a reader that sees no silence goes by lengths and the CRC. */
export const rtuFraming: Framing = {
  encode(unit, _, pdu) {
    const frame = Buffer.allocUnsafe(pdu.length + 3);
    frame[0] = unit;
    pdu.copy(frame, 1);
    frame.writeUInt16LE(crc16(frame, 0, pdu.length + 1), pdu.length + 1);
    return frame;
  },
  createReader: () => new RtuReader(),
};

const nothing = Buffer.alloc(0);
/** An application data unit on a serial line has at most 256 bytes. */
const longest = 256;

/**
 * Finds answers in what came, at whatever byte they begin: a line driver that switches leaves a stray byte before them,
 * and some adapters give back what was sent. Only a frame with the right length for its function and a right CRC counts.
 */
class RtuReader implements FrameReader {
  rest: Buffer = nothing;
  readonly broken = undefined;
  #expected: ExpectedFrame | undefined;

  push(bytes: Buffer): Frame[] {
    const frames: Frame[] = [];
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    // What is longer than any frame cannot be the beginning of one.
    if (this.rest.length > 2 * longest) this.rest = this.rest.subarray(-longest);
    return frames;
  }

  reset(expected?: ExpectedFrame): void {
    this.#expected = expected;
    this.rest = nothing;
  }

  #next(): Frame | undefined {
    const { rest } = this;
    for (let start = 0; start + 5 <= rest.length; start++) {
      const end = start + lengthAt(rest, start);
      // The data of an unfinished answer are never searched for another one.
      if (end > rest.length && this.#isExpected(start)) return undefined;
      if (end === start || end > rest.length) continue;
      if (rest.readUInt16LE(end - 2) !== crc16(rest, start, end - 2)) continue;
      const bytes = rest.subarray(start, end);
      this.rest = rest.subarray(end);
      return { unit: bytes.readUInt8(0), pdu: bytes.subarray(1, -2), bytes };
    }
    return undefined;
  }

  #isExpected(start: number): boolean {
    const { rest } = this;
    const expected = this.#expected;
    return (
      rest[start] === expected?.unit && rest[start + 1] === expected?.code && rest[start + 2] === expected?.byteCount
    );
  }
}

/** How long an answer that begins at `start` would be; 0 if none can begin there. */
function lengthAt(bytes: Buffer, start: number): number {
  const code = bytes[start + 1] ?? 0;
  if (code >= 1 && code <= 4) {
    const count = bytes[start + 2] ?? 0;
    return count > 0 && count <= 250 ? count + 5 : 0;
  }
  return code > exceptionFlag && code <= exceptionFlag + 4 ? 5 : 0;
}
