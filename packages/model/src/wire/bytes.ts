import { FrameError } from './envelope.ts';

/** Whole numbers up to this have an exact sign-folded varint. */
export const largestSigned = 2 ** 52 - 1;
const utf8 = new TextEncoder();

/** Bytes that grow as they are written. */
export class ByteWriter {
  #bytes: Uint8Array;
  #at = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  bytes(bytes: Uint8Array): void {
    if (this.#at + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  text(text: string): void {
    this.bytes(utf8.encode(text));
  }

  /** A whole number from 0 below 2^53: 7 bits a byte, the lowest first, the top bit set on all but the last (LEB128). */
  varint(number: number): void {
    if (this.#at + 8 > this.#bytes.length) this.#grow(8);
    let rest = number;
    while (rest >= 0x80) {
      // Above 2^31 bit operations would cut the number off; what remains of it is divided instead.
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  /** Of either sign, folded so that small ones stay small: 0, -1, 1, -2, ... */
  signed(number: number): void {
    this.varint(number < 0 ? -2 * number - 1 : 2 * number);
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Reads what a ByteWriter wrote; everything that is not there is a FrameError, never a zero. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at)
      throw new FrameError('malformed', `${length} bytes are announced, ${this.#bytes.length - this.#at} are there`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }

  varint(): number {
    let number = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new FrameError('malformed', 'it ends within a number');
      if (byte < 0x80) {
        number += byte * scale;
        if (number > Number.MAX_SAFE_INTEGER) break;
        return number;
      }
      number += (byte - 0x80) * scale;
    }
    throw new FrameError('malformed', 'a number has more than 53 bits');
  }

  signed(): number {
    return unfold(this.varint());
  }
}

function unfold(number: number): number {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}
