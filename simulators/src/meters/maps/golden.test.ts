import { expect, it } from 'vitest';
import { type RegisterTable, readRegisters } from '../../modbus/registers.ts';
import type { Electrical } from '../electrical.ts';
import { countersFrom, Meter } from '../meter.ts';
import { abbB23 } from './abb-b23.ts';
import { acrelAdl400 } from './acrel-adl400.ts';
import { carloGavazziEm330 } from './carlo-gavazzi-em330.ts';
import { chintDtsu666 } from './chint-dtsu666.ts';
import { eastronSdm630 } from './eastron-sdm630.ts';
import { ineproPro380 } from './inepro-pro380.ts';
import { janitzaUmg96rm } from './janitza-umg96rm.ts';
import { ornoOrWe516 } from './orno-or-we-516.ts';
import { schneiderIem3155 } from './schneider-iem3155.ts';

const electrical: Electrical = {
  voltage: [220, 221, 222],
  current: [10, 20, 40],
  active: [2000, -4000, 8000],
  reactive: [500, 500, 1000],
  apparent: [2200, 4420, 8880],
  powerFactor: [0.9, -0.905, 0.91],
  frequency: 50,
  distortionVoltage: [1.5, 1.5, 1.5],
  distortionCurrent: [6, 6, 6],
};

function meter(): Meter {
  const counters = { ...countersFrom(123_456.7, 0.9), export: 1.5, reactiveImport: 1000 };
  const made = new Meter({ id: 'm', seed: 1, character: { powerFactor: 0.9, rated: 100 }, counters, power: 10, at: 0 });
  made.electrical = electrical;
  return made;
}

// Raw words worked out by hand from the public register tables: address, type, word order and scale of each map.
const cases: [string, RegisterTable<Meter>[], function: number, address: number, count: number, hex: string][] = [
  ['Janitza voltage, f32 V', janitzaUmg96rm, 3, 19000, 2, '435c0000'],
  ['Janitza total power 6000 W', janitzaUmg96rm, 4, 19026, 2, '45bb8000'],
  ['Janitza consumed energy 123456700 Wh as f32', janitzaUmg96rm, 3, 19068, 2, '4ceb7998'],
  ['iEM3155 total power 6 kW', schneiderIem3155, 3, 3059, 2, '40c00000'],
  ['iEM3155 energy, s64 Wh', schneiderIem3155, 3, 3203, 4, '00000000075bccbc'],
  ['iEM3155 frequency', schneiderIem3155, 3, 3109, 2, '42480000'],
  ['B23 energy, u64 0.01 kWh', abbB23, 3, 0x5000, 4, '0000000000bc6146'],
  ['B23 voltage, u32 0.1 V', abbB23, 3, 0x5b00, 2, '00000898'],
  ['B23 power of L2 -4000 W, s32 0.01 W', abbB23, 3, 0x5b18, 2, 'fff9e580'],
  ['B23 frequency u16, hole before it not available', abbB23, 3, 0x5b2b, 2, 'ffff1388'],
  ['DTSU666 voltage, f32 0.1 V', chintDtsu666, 3, 0x2006, 2, '45098000'],
  ['DTSU666 total power 6000 W behind CT 30 in 0.1 W', chintDtsu666, 3, 0x2012, 2, '44fa0000'],
  ['DTSU666 CT and PT ratio', chintDtsu666, 3, 0x0006, 2, '001e000a'],
  ['ADL400 voltages, u16 0.1 V', acrelAdl400, 3, 0x61, 3, '089808a208ac'],
  ['ADL400 current of L3 40 A behind CT 40 in 0.01 A', acrelAdl400, 3, 0x66, 1, '0064'],
  ['ADL400 power of L2 -4 kW behind CT 40 in 0.001 kW', acrelAdl400, 3, 0x166, 2, 'ffffff9c'],
  ['ADL400 forward energy behind CT 40 in 0.01 kWh', acrelAdl400, 3, 0x0a, 2, '0004b5a2'],
  ['EM330 voltages, s32 0.1 V, low word first', carloGavazziEm330, 4, 0, 4, '0898000008a20000'],
  ['EM330 power of L2 -4000 W in 0.1 W', carloGavazziEm330, 4, 0x14, 2, '63c0ffff'],
  ['EM330 energy 123456.7 kWh in 0.1 kWh', carloGavazziEm330, 4, 0x34, 2, 'd6870012'],
  ['EM330 frequency u16 0.1 Hz', carloGavazziEm330, 4, 0x33, 1, '01f4'],
  ['SDM630 current of L2 and L3', eastronSdm630, 4, 0x08, 4, '41a0000042200000'],
  ['SDM630 energy 123456.7 kWh as f32', eastronSdm630, 4, 0x48, 2, '47f1205a'],
  ['PRO380 power 6 kW', ineproPro380, 3, 0x5012, 2, '40c00000'],
  ['PRO380 import', ineproPro380, 3, 0x600c, 2, '47f1205a'],
  ['OR-WE-516 voltage of L3', ornoOrWe516, 3, 18, 2, '435e0000'],
  ['OR-WE-516 forward energy', ornoOrWe516, 3, 0x108, 2, '47f1205a'],
];

it.each(cases)('%s', (_, tables, code, address, count, hex) => {
  const table = tables.find((t) => t.functions.includes(code));
  if (!table) throw new Error(`no table for function ${code}`);
  expect(readRegisters(table, meter(), address, count).toString('hex')).toBe(hex);
});
