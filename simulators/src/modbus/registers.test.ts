import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, encode, type RegisterTable, readRegisters, sequence } from './registers.ts';

describe('encode', () => {
  // Written by hand: IEEE 754 and two's complement, most significant byte first inside a word.
  it.each([
    ['u16', 500, 'BE', '01f4'],
    ['s16', -85, 'BE', 'ffab'],
    ['u32', 65_537, 'BE', '00010001'],
    ['u32', 65_538, 'LSW', '00020001'],
    ['s32', -2, 'BE', 'fffffffe'],
    ['s32', 305_419_896, 'LSW', '56781234'],
    ['f32', 230.5, 'BE', '43668000'],
    ['f32', 230.5, 'LSW', '80004366'],
    ['u64', 4_294_967_298, 'BE', '0000000100000002'],
    ['s64', -1, 'BE', 'ffffffffffffffff'],
    ['u64', 0x1234, 'LSW', '1234000000000000'],
  ] as const)('%s %d %s is %s', (type, value, order, hex) => {
    expect(encode(type, value, order).toString('hex')).toBe(hex);
  });

  it('clamps what does not fit instead of wrapping', () => {
    expect(encode('u16', 70_000).toString('hex')).toBe('ffff');
    expect(encode('u16', -3).toString('hex')).toBe('0000');
    expect(encode('s16', -40_000).toString('hex')).toBe('8000');
  });
});

const table: RegisterTable<null> = {
  functions: [3],
  fill: 0xffff,
  maximum: 125,
  blocks: [
    { first: 10, last: 15 },
    { first: 16, last: 17 },
    { first: 30, last: 30 },
  ],
  entries: [
    ...sequence<null>(10, 2, 'u32', [() => 0x11112222, () => 0x33334444]),
    { address: 16, type: 'u16', read: () => 5 },
    { address: 30, type: 'u16', read: () => 6 },
  ],
};

describe('readRegisters', () => {
  it('fills holes and cuts values at the edges of a request', () => {
    expect(readRegisters(table, null, 10, 8).toString('hex')).toBe('1111222233334444ffffffff0005ffff');
    expect(readRegisters(table, null, 11, 2).toString('hex')).toBe('22223333');
  });

  it('gives the same bytes whether a range is read at once or register by register', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 17 }), fc.integer({ min: 1, max: 8 }), (address, wanted) => {
        const count = Math.min(wanted, 18 - address);
        const single = Array.from({ length: count }, (_, i) => readRegisters(table, null, address + i, 1));
        expect(readRegisters(table, null, address, count)).toEqual(Buffer.concat(single));
      }),
    );
  });

  it('knows which ranges exist, over the seam of neighbouring blocks too', () => {
    expect(covers(table, 10, 8)).toBe(true);
    expect(covers(table, 10, 9)).toBe(false);
    expect(covers(table, 9, 2)).toBe(false);
    expect(covers(table, 30, 1)).toBe(true);
    expect(covers(table, 17, 14)).toBe(false);
  });
});
