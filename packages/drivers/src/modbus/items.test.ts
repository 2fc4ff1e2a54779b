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
