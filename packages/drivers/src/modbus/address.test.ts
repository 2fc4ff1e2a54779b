import { ConfigError } from '@plantroom/base';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profiles/load.ts';
import { parseAddress } from './address.ts';

describe('an address', () => {
  it.each([
    [3000, 'pdu', { address: 3000 }],
    [40_001, 'pdu', { address: 40_001 }],
    ['0x0BB8', 'pdu', { address: 3000 }],
    ['pdu 0x0bb8', 'modicon', { address: 3000 }],
    ['1-based 3001', 'pdu', { address: 3000 }],
    [3001, '1-based', { address: 3000 }],
    [65_536, '1-based', { address: 65_535 }],
    ['modicon 40001', 'pdu', { address: 0, area: 'holding' }],
    [40_001, 'modicon', { address: 0, area: 'holding' }],
    [400_001, 'modicon', { address: 0, area: 'holding' }],
    [465_536, 'modicon', { address: 65_535, area: 'holding' }],
    [30_010, 'modicon', { address: 9, area: 'input' }],
    [10_017, 'modicon', { address: 16, area: 'discrete' }],
    [17, 'modicon', { address: 16, area: 'coil' }],
    ['modicon 00017', 'pdu', { address: 16, area: 'coil' }],
  ] as const)('%s, counted as %s, is %o', (given, notation, address) => {
    expect(parseAddress(given, notation)).toEqual(address);
  });

  it.each([
    [-1, 'pdu'],
    [65_536, 'pdu'],
    [0, '1-based'],
    [65_537, '1-based'],
    [40_000, 'modicon'],
    [20_001, 'modicon'],
    [465_537, 'modicon'],
    ['modicon 17', 'pdu'],
    ['4x0001', 'pdu'],
    ['', 'pdu'],
    [1.5, 'pdu'],
  ] as const)('%s, counted as %s, is none', (given, notation) => {
    expect(typeof parseAddress(given, notation)).toBe('string');
  });
});

describe('a profile', () => {
  const read = (map: string, points: string) =>
    parseProfile(
      `
name: notation
title: { en: Notation, zh: 记法 }
kind: energy-meter
source: this test
mark: own
period: 1000
protocol: modbus
modbus: ${map}
points:
${points}`,
      'notation.yaml',
    );

  it('may count its addresses in its own way, and each entry may say another', () => {
    const { points } = read(
      '{ area: holding, addresses: modicon }',
      `  power: { address: 40003, type: float32 }
  frequency: { address: 30010, type: uint16 }
  voltageL1: { address: 1-based 20, type: float32 }
`,
    );
    expect(points.power).toMatchObject({ address: 2, area: 'holding' });
    expect(points.frequency).toMatchObject({ address: 9, area: 'input' });
    expect(points.voltageL1).toMatchObject({ address: 19 });
  });

  it('is refused where an address contradicts its area, with the line', () => {
    const wrong = () => read('{ area: holding }', '  power: { area: input, address: modicon 40003, type: float32 }\n');
    expect(wrong).toThrowError(ConfigError);
    expect(wrong).toThrowError(/notation\.yaml:11.*holding.*input/s);
  });
});
