import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profiles/load.ts';
import { itemsOf } from './items.ts';

function panelOf(point: string) {
  const text = `
name: panel
title: { en: Panel, zh: 控制器 }
kind: fire-panel
source: this test
mark: own
period: 1000
protocol: modbus
modbus: { area: holding, order: CDAB }
points:
  loop[1].device[1..20].state: { address: 100, type: bit, states: { 0: 0, 1: 1, 2: 2, 3: 3 }, ${point} }
`;
  const profile = parseProfile(text, 'panel.yaml');
  if (profile.protocol !== 'modbus') throw new TypeError('not Modbus');
  return itemsOf({ kind: 'fire-panel', profile, addressOffset: 0, parameters: {} });
}

describe('fields that are packed into registers', () => {
  /** Which register and bits each device is read from: the value when only these bits are set. */
  const readsFrom = (items: ReturnType<typeof panelOf>, device: number, bits: number) => {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(bits);
    const item = items[device - 1];
    return [item?.address, item?.read(bytes, 0).value];
  };

  it('go upwards and on in the next register', () => {
    const items = panelOf('bit: 0, width: 2, bitStride: { device: 2 }');
    expect(readsFrom(items, 1, 0b10)).toEqual([100, 2]);
    expect(readsFrom(items, 8, 0b11 << 14)).toEqual([100, 3]);
    expect(readsFrom(items, 9, 0b01)).toEqual([101, 1]);
    expect(readsFrom(items, 20, 0b01 << 6)).toEqual([102, 1]);
  });

  it('go downwards and on in the next register', () => {
    const items = panelOf('bit: 14, width: 2, bitStride: { device: -2 }');
    expect(readsFrom(items, 1, 0b10 << 14)).toEqual([100, 2]);
    expect(readsFrom(items, 8, 0b11)).toEqual([100, 3]);
    expect(readsFrom(items, 9, 0b01 << 14)).toEqual([101, 1]);
  });

  it('are refused when a field would lie in two registers', () => {
    expect(() => panelOf('bit: 15, width: 2')).toThrowError(/lies in two registers/);
    expect(() => panelOf('bit: 0, width: 3, bitStride: { device: 3 }')).toThrowError(/lies in two registers/);
  });
});

describe('a value whose power of ten stands in a register', () => {
  const text = `
name: scaled
title: { en: Scaled, zh: 缩放 }
kind: pump
source: this test
mark: own
period: 1000
protocol: modbus
modbus: { area: input }
points:
  starts: { address: 10, type: uint32, scaleFactor: 14, notAvailable: [all-ones] }
  power: { address: 15, type: int16, scaleFactor: 12, factor: 0.001, notAvailable: [signed-minimum] }
`;
  const profile = parseProfile(text, 'scaled.yaml');
  if (profile.protocol !== 'modbus') throw new TypeError('not Modbus');
  const [starts, power] = itemsOf({ kind: 'pump', profile, addressOffset: 100, parameters: {} });
  const read = (item: typeof power, at: number, raw: number, scaleAt: number, exponent: number, type = 'Int16') => {
    const bytes = Buffer.alloc(12);
    if (type === 'UInt32') bytes.writeUInt32BE(raw, at * 2);
    else bytes.writeInt16BE(raw, at * 2);
    bytes.writeInt16BE(exponent, scaleAt * 2);
    return item?.read(bytes, 0);
  };

  it('comes with its scale in one piece, whichever stands first', () => {
    expect([starts?.address, starts?.length]).toEqual([110, 5]);
    expect([power?.address, power?.length]).toEqual([112, 4]);
    expect(read(starts, 0, 1_234_567, 4, 2, 'UInt32')).toEqual({ value: 123_456_700, quality: 'good' });
    expect(read(power, 3, 2301, 0, 1)).toEqual({ value: 23.01, quality: 'good' });
  });

  it('is the decimal that was meant, without noise, at every scale', () => {
    fc.assert(
      fc.property(fc.integer({ min: -32_767, max: 32_767 }), fc.integer({ min: -3, max: 3 }), (raw, exponent) => {
        const wanted = Number(`${raw}e${exponent - 3}`);
        const judged = read(power, 3, raw, 0, exponent);
        expect(judged?.value).toBeCloseTo(wanted, 9);
        expect(String(judged?.value).length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('is not available when it or its scale says so, and never guessed at a scale that cannot be', () => {
    const absent = { value: null, quality: 'bad', reason: 'not-available' };
    expect(read(power, 3, -0x8000, 0, 0)).toEqual(absent);
    expect(read(power, 3, 5, 0, -0x8000)).toEqual(absent);
    expect(read(starts, 0, 0xffffffff, 4, 0, 'UInt32')).toEqual(absent);
    for (const exponent of [11, -11, 0x7fff])
      expect(read(power, 3, 5, 0, exponent)).toMatchObject({ reason: 'decode' });
  });
});
