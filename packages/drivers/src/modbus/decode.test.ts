import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteOrders, registerTypes } from '../profiles/schema.ts';
import { type ByteOrder, bitsOf, decodeRegisters, decodeString, type RegisterType, registersOf } from './decode.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Bytes as they stand in an answer, written by hand, and the value that they mean. */
const cases: [RegisterType, ByteOrder, string, number | bigint][] = [
  ['bit', 'ABCD', '0001', 1],
  ['uint8h', 'ABCD', '12fe', 0x12],
  ['uint8l', 'ABCD', '12fe', 0xfe],
  ['int8h', 'ABCD', 'fe12', -2],
  ['int8l', 'ABCD', '12fe', -2],
  ['uint8h', 'BADC', '12fe', 0xfe],
  ['uint16', 'ABCD', 'fffe', 65_534],
  ['uint16', 'CDAB', 'fffe', 65_534],
  ['uint16', 'BADC', 'fffe', 0xfeff],
  ['uint16', 'DCBA', 'fffe', 0xfeff],
  ['int16', 'ABCD', 'fffe', -2],
  ['int16', 'DCBA', 'feff', -2],
  ['uint32', 'ABCD', '0102 0304', 0x01020304],
  ['uint32', 'DCBA', '0403 0201', 0x01020304],
  ['uint32', 'BADC', '0201 0403', 0x01020304],
  ['uint32', 'CDAB', '0304 0102', 0x01020304],
  ['int32', 'ABCD', 'ffff fffe', -2],
  ['int32', 'DCBA', 'feff ffff', -2],
  ['int32', 'BADC', 'ffff feff', -2],
  ['int32', 'CDAB', 'fffe ffff', -2],
  ['float32', 'ABCD', '4366 199a', 230.1],
  ['float32', 'DCBA', '9a19 6643', 230.1],
  ['float32', 'BADC', '6643 9a19', 230.1],
  ['float32', 'CDAB', '199a 4366', 230.1],
  ['float32', 'ABCD', 'c148 0000', -12.5],
  ['uint64', 'ABCD', '0102 0304 0506 0708', 0x0102030405060708n],
  ['uint64', 'DCBA', '0807 0605 0403 0201', 0x0102030405060708n],
  ['uint64', 'BADC', '0201 0403 0605 0807', 0x0102030405060708n],
  ['uint64', 'CDAB', '0708 0506 0304 0102', 0x0102030405060708n],
  ['int64', 'ABCD', 'ffff ffff ffff fffe', -2n],
  ['int64', 'CDAB', 'fffe ffff ffff ffff', -2n],
  ['float64', 'ABCD', '406c c333 3333 3333', 230.1],
  ['float64', 'DCBA', '3333 3333 33c3 6c40', 230.1],
  ['float64', 'BADC', '6c40 33c3 3333 3333', 230.1],
  ['float64', 'CDAB', '3333 3333 c333 406c', 230.1],
  ['float16', 'ABCD', '3c00', 1],
  ['float16', 'ABCD', 'c500', -5],
  ['float16', 'ABCD', '0001', 2 ** -24],
  ['float16', 'ABCD', '7c00', Number.POSITIVE_INFINITY],
  ['float16', 'DCBA', '003c', 1],
  ['bcd16', 'ABCD', '1234', 1234],
  ['bcd32', 'ABCD', '1234 5678', 12_345_678],
  ['bcd32', 'CDAB', '5678 1234', 12_345_678],
  ['bcd64', 'ABCD', '0012 3456 7890 1234', 12_345_678_901_234n],
  ['mod10k32', 'ABCD', '04d2 162e', 12_345_678],
  ['mod10k32', 'CDAB', '162e 04d2', 12_345_678],
  ['mod10k32', 'ABCD', 'fb2e e9d2', -12_345_678],
  ['mod10k48', 'ABCD', '0001 0002 0003', 100_020_003],
  ['mod10k48', 'CDAB', '0003 0002 0001', 100_020_003],
  ['mod10k64', 'ABCD', '270f 270f 270f 270f', 9_999_999_999_999_999n],
];

describe('decoding registers', () => {
  it.each(cases)('%s %s of %s is %s', (type, order, bytes, value) => {
    expect(decodeRegisters(hex(bytes), 0, type, order)).toBe(value);
  });

  it('has a case for each type, and each order of what is longer than a register', () => {
    for (const type of registerTypes) {
      const orders = new Set(cases.filter(([t]) => t === type).map(([, order]) => order));
      expect(orders.size, type).toBeGreaterThan(0);
      if (['uint32', 'int32', 'float32', 'uint64', 'float64'].includes(type)) expect(orders.size, type).toBe(4);
    }
  });

  it('picks a bit, 0 being the least significant', () => {
    expect([0, 3, 15].map((bit) => decodeRegisters(hex('8008'), 0, 'bit', 'ABCD', bit))).toEqual([0, 1, 1]);
  });

  it('picks a field of several bits', () => {
    expect([0, 2, 10, 14].map((bit) => decodeRegisters(hex('8c01'), 0, 'bit', 'ABCD', bit, 2))).toEqual([1, 0, 3, 2]);
    expect(decodeRegisters(hex('fffe'), 0, 'bit', 'ABCD', 0, 16)).toBe(0xfffe);
  });

  it('begins where the value stands in the block', () => {
    expect(decodeRegisters(hex('ffff 4366 199a ffff'), 2, 'float32', 'ABCD')).toBe(230.1);
  });

  it('gives nothing for BCD digits that are not decimal', () => {
    expect(decodeRegisters(hex('12a4'), 0, 'bcd16', 'ABCD')).toBeUndefined();
  });

  it('gives nothing for registers that are no four digits, or of two signs', () => {
    expect(decodeRegisters(hex('2710 0000'), 0, 'mod10k32', 'ABCD')).toBeUndefined();
    expect(decodeRegisters(hex('0001 ffff'), 0, 'mod10k32', 'ABCD')).toBeUndefined();
  });

  it('leaves the given bytes alone', () => {
    const bytes = hex('0403 0201');
    decodeRegisters(bytes, 0, 'uint32', 'DCBA');
    expect(bytes.toString('hex')).toBe('04030201');
  });
});

describe('decoding text', () => {
  it.each([
    ['ABCD', '4142 4331 3233 0000', 'ABC123'],
    ['BADC', '4241 3143 3332 0000', 'ABC123'],
    ['ABCD', '2041 4220 2020', 'AB'],
    ['ABCD', 'e6ad a3e6 b3b0', '正泰'],
    ['ABCD', '0000', ''],
    ['ABCD', '4107 4200', undefined],
    ['ABCD', 'ffff ffff', undefined],
  ] as const)('%s of %s is %s', (order, bytes, text) => {
    expect(decodeString(hex(bytes), order)).toBe(text);
  });
});

describe('any bytes', () => {
  const anything = fc.record({
    bytes: fc.uint8Array({ minLength: 8, maxLength: 40 }),
    type: fc.constantFrom(...registerTypes),
    order: fc.constantFrom(...byteOrders),
    bit: fc.integer({ min: 0, max: 15 }),
  });

  it('decode without a throw, to a number of the type’s range or nothing', () => {
    fc.assert(
      fc.property(anything, ({ bytes, type, order, bit }) => {
        const value = decodeRegisters(Buffer.from(bytes), 0, type, order, bit);
        if (value === undefined) return /^(?:bcd|mod10k)/.test(type);
        if (!type.startsWith('uint')) return true;
        return value >= 0 && BigInt(value) < 1n << BigInt(bitsOf(type));
      }),
    );
  });

  /** Where each byte of a value goes, written out for each order: A is the most significant. */
  const places: Record<ByteOrder, (at: number, width: number) => number> = {
    ABCD: (at) => at,
    DCBA: (at, width) => width - 1 - at,
    BADC: (at) => at ^ 1,
    CDAB: (at, width) => width - 2 - (at & ~1) + (at & 1),
  };

  it('mean the same in every order of every width, once they stand in it', () => {
    fc.assert(
      fc.property(anything, ({ bytes, type, order, bit }) => {
        const width = registersOf(type) * 2;
        const value = Buffer.from(bytes.subarray(0, width));
        const placed = Buffer.alloc(width);
        for (const [at, byte] of value.entries()) placed[places[order](at, width)] = byte;
        const wanted = decodeRegisters(value, 0, type, 'ABCD', bit);
        expect(decodeRegisters(placed, 0, type, order, bit)).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  it('are text without control characters, or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...byteOrders), (bytes, order) => {
        const even = Buffer.from(bytes.subarray(0, bytes.length & ~1));
        const text = decodeString(even, order);
        return text === undefined || (/^[^\p{Cc}]*$/u.test(text) && text.trim() === text && text.length <= 40);
      }),
    );
  });

  it('of a float32 keep their value to the last bit', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), fc.constantFrom(...byteOrders), (value, order) => {
        const bytes = Buffer.alloc(4);
        bytes.writeFloatBE(value);
        if (order === 'DCBA') bytes.reverse();
        if (order === 'BADC') bytes.swap16();
        if (order === 'CDAB') bytes.swap16().reverse();
        const decoded = decodeRegisters(bytes, 0, 'float32', order);
        return Math.fround(Number(decoded)) === value || value === 0;
      }),
    );
  });

  it('take the registers that the type says', () => {
    for (const type of registerTypes) {
      const bytes = Buffer.alloc(registersOf(type) * 2);
      expect(decodeRegisters(bytes, 0, type, 'ABCD'), type).toBeDefined();
      expect(decodeRegisters(bytes.subarray(1), 0, type, 'ABCD'), type).toBeUndefined();
    }
  });
});
