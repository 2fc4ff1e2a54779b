import { PlantroomError } from '@plantroom/base';

/** A request as it arrived: the header's transaction and unit, and the protocol data unit (function and data). */
export interface Frame {
  transaction: number;
  unit: number;
  pdu: Buffer;
}

const headerLength = 7;
/** Unit byte and at most 253 bytes of PDU (Modbus messaging on TCP/IP 1.0b, 3.1.3). */
const longest = 254;

/**
 * Cuts the byte stream of one connection into frames, however TCP cut it into packets.
 * @throws PlantroomError `modbus-framing` when the stream cannot be Modbus TCP; the connection must be dropped then.
 */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Frame[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const frames: Frame[] = [];
    while (this.#pending.length >= headerLength) {
      const length = checkedLength(this.#pending);
      if (this.#pending.length < 6 + length) break;
      frames.push({
        transaction: this.#pending.readUInt16BE(0),
        unit: this.#pending.readUInt8(6),
        pdu: this.#pending.subarray(headerLength, 6 + length),
      });
      this.#pending = this.#pending.subarray(6 + length);
    }
    return frames;
  }
}

function checkedLength(header: Buffer): number {
  const protocol = header.readUInt16BE(2);
  const length = header.readUInt16BE(4);
  if (protocol === 0 && length >= 2 && length <= longest) return length;
  throw new PlantroomError('modbus-framing', `not a Modbus TCP header: protocol ${protocol}, length ${length}`);
}

/** The bytes of an answer to `request`. */
export function answerFrame(request: Pick<Frame, 'transaction' | 'unit'>, pdu: Buffer): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(request.transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(request.unit, 6);
  return Buffer.concat([header, pdu]);
}
