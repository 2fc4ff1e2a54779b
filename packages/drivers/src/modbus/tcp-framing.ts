import type { Frame, FrameReader, Framing } from './framing.ts';

const headerLength = 7;
/** Unit and PDU: a PDU has at most 253 bytes (Modbus Messaging on TCP/IP 1.0b, section 3.1.3). */
const longest = 254;

/** The MBAP header: transaction, protocol 0, length, unit. A header that cannot be ends the stream. */
export const tcpFraming: Framing = {
  encode(unit, transaction, pdu) {
    const frame = Buffer.allocUnsafe(headerLength + pdu.length);
    frame.writeUInt16BE(transaction, 0);
    frame.writeUInt16BE(0, 2);
    frame.writeUInt16BE(pdu.length + 1, 4);
    frame[6] = unit;
    pdu.copy(frame, headerLength);
    return frame;
  },
  createReader: () => new TcpReader(),
};

const nothing = Buffer.alloc(0);

class TcpReader implements FrameReader {
  rest: Buffer = nothing;
  broken: string | undefined;

  push(bytes: Buffer): Frame[] {
    if (this.broken !== undefined) return [];
    const frames: Frame[] = [];
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  reset(): void {
    this.rest = nothing;
    this.broken = undefined;
  }

  #next(): Frame | undefined {
    const { rest } = this;
    if (rest.length >= 4 && rest.readUInt16BE(2) !== 0) {
      this.broken = `it is not Modbus TCP: protocol ${rest.readUInt16BE(2)} where 0 belongs`;
    }
    if (this.broken !== undefined || rest.length < 6) return undefined;
    const length = rest.readUInt16BE(4);
    if (length < 3 || length > longest) this.broken = `it says that ${length} bytes follow, where 3 to ${longest} may`;
    if (this.broken !== undefined || rest.length < 6 + length) return undefined;
    const bytes = rest.subarray(0, 6 + length);
    this.rest = rest.subarray(6 + length);
    return {
      transaction: bytes.readUInt16BE(0),
      unit: bytes.readUInt8(6),
      pdu: bytes.subarray(headerLength),
      bytes,
    };
  }
}
