import type { byteOrders, registerTypes } from '../profiles/schema.ts';

export type RegisterType = (typeof registerTypes)[number];
export type ByteOrder = (typeof byteOrders)[number];

/** Bytes of each type; a type of one byte still occupies its whole register. */
const bytesOf: Readonly<Record<RegisterType, number>> = {
  bit: 2,
  uint8h: 2,
  uint8l: 2,
  int8h: 2,
  int8l: 2,
  uint16: 2,
  int16: 2,
  float16: 2,
  bcd16: 2,
  mod10k32: 4,
  mod10k48: 6,
  uint32: 4,
  int32: 4,
  float32: 4,
  bcd32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
  bcd64: 8,
  mod10k64: 8,
};

/** How many registers a value of this type takes. */
export function registersOf(type: RegisterType): number {
  return bytesOf[type] / 2;
}

/**
 * Text of two characters to a register, up to the first zero, without spaces around it; undefined if it is no text. Only
 * the bytes of a register may be swapped (BADC, DCBA), as text has no word order.
 */
export function decodeString(bytes: Buffer, order: ByteOrder): string | undefined {
  const value = order === 'BADC' || order === 'DCBA' ? Buffer.from(bytes).swap16() : bytes;
  const end = value.indexOf(0);
  const text = new TextDecoder('utf-8').decode(end < 0 ? value : value.subarray(0, end)).trim();
  return /^[^\p{Cc}\uFFFD]*$/u.test(text) ? text : undefined;
}

/** The width in bits of the value itself. */
export function bitsOf(type: RegisterType): number {
  if (type === 'bit') return 1;
  return type.startsWith('uint8') || type.startsWith('int8') ? 8 : bytesOf[type] * 8;
}

/**
 * The value in `bytes` from `at` on, where registers stand as the answer brought them. `bit` and `width` pick a field of a
 * register.
 * 64-bit integers come as bigint; undefined means that there are too few bytes, or that BCD digits are not decimal.
 */
export function decodeRegisters(
  bytes: Buffer,
  at: number,
  type: RegisterType,
  order: ByteOrder,
  bit = 0,
  width = 1,
): number | bigint | undefined {
  const end = at + bytesOf[type];
  if (end > bytes.length) return undefined;
  const value = order === 'ABCD' ? bytes.subarray(at, end) : reordered(bytes.subarray(at, end), order);
  switch (type) {
    case 'bit':
      return (value.readUInt16BE() >> bit) & (2 ** width - 1);
    case 'uint8h':
      return value.readUInt8(0);
    case 'uint8l':
      return value.readUInt8(1);
    case 'int8h':
      return value.readInt8(0);
    case 'int8l':
      return value.readInt8(1);
    case 'uint16':
      return value.readUInt16BE();
    case 'int16':
      return value.readInt16BE();
    case 'uint32':
      return value.readUInt32BE();
    case 'int32':
      return value.readInt32BE();
    case 'uint64':
      return value.readBigUInt64BE();
    case 'int64':
      return value.readBigInt64BE();
    case 'float16':
      return halfPrecision(value.readUInt16BE());
    case 'float32':
      return shortestDecimal(value.readFloatBE());
    case 'float64':
      return value.readDoubleBE();
    case 'bcd16':
    case 'bcd32':
      return toNumber(binaryCodedDecimal(value));
    case 'bcd64':
      return binaryCodedDecimal(value);
    case 'mod10k32':
    case 'mod10k48':
      return toNumber(modulo10000(value));
    case 'mod10k64':
      return modulo10000(value);
  }
}

/** The bytes with the most significant first. */
function reordered(bytes: Buffer, order: ByteOrder): Buffer {
  const value = Buffer.from(bytes);
  if (order === 'DCBA') return value.reverse();
  if (order === 'BADC') return value.swap16();
  return value.reverse().swap16();
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
function halfPrecision(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7] as const;

/**
 * The decimal number that the device meant by a 32-bit float: 230.1 comes as 230.10000610351562. It is the same float again
 * when rounded back, so nothing is lost, and it travels shorter.
 */
function shortestDecimal(value: number): number {
  for (const power of powers) {
    const short = Math.round(value * power) / power;
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function toNumber(integer: bigint | undefined): number | undefined {
  return integer === undefined ? undefined : Number(integer);
}

function binaryCodedDecimal(bytes: Buffer): bigint | undefined {
  const digits = bytes.toString('hex');
  return /^\d+$/.test(digits) ? BigInt(digits) : undefined;
}

/** Registers of four decimal digits each, as older meters count energy; all of one sign. */
function modulo10000(bytes: Buffer): bigint | undefined {
  let value = 0n;
  let sign = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    const word = bytes.readInt16BE(at);
    if (Math.abs(word) > 9999 || word * sign < 0) return undefined;
    sign ||= Math.sign(word);
    value = value * 10_000n + BigInt(word);
  }
  return value;
}
