import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Current transformer 200/5 A; all values are on its secondary side. */
const ratio = 40;

/** Acrel ADL400 / DTSD1352: scaled integers, BE, secondary side, at most 14 registers a request. */
export const acrelAdl400: RegisterTable<Meter>[] = [
  {
    functions: [3],
    fill: 0,
    maximum: 14,
    blocks: [
      { first: 0x0000, last: 0x0033 },
      { first: 0x0061, last: 0x0077 },
      { first: 0x008d, last: 0x008e },
      { first: 0x00b0, last: 0x00b5 },
      { first: 0x0164, last: 0x017f },
    ],
    entries: [
      { address: 0x0000, type: 'u32', read: read.energyTotal(0.01 * ratio) },
      { address: 0x000a, type: 'u32', read: read.energyImport(0.01 * ratio) },
      { address: 0x0014, type: 'u32', read: read.energyExport(0.01 * ratio) },
      { address: 0x001e, type: 'u32', read: read.reactiveImport(0.01 * ratio) },
      { address: 0x0028, type: 'u32', read: read.reactiveImport(0.01 * ratio) },
      { address: 0x0032, type: 'u32', read: read.reactiveExport(0.01 * ratio) },
      ...sequence(0x0061, 1, 'u16', [...read.voltage(0.1), ...read.current(0.01 * ratio)]),
      { address: 0x0077, type: 'u16', read: read.frequency(0.01) },
      ...sequence(0x008d, 1, 'u16', [read.constant(1), read.constant(ratio)]),
      ...sequence(0x00b0, 1, 'u16', [...read.distortionVoltage(0.01), ...read.distortionCurrent(0.01)]),
      ...sequence(0x0164, 2, 's32', [...read.active(ratio), read.activeTotal(ratio)]),
      ...sequence(0x016c, 2, 's32', [...read.reactive(ratio), read.reactiveTotal(ratio)]),
      ...sequence(0x0174, 2, 's32', [...read.apparent(ratio), read.apparentTotal(ratio)]),
      ...sequence(0x017c, 1, 's16', [...read.powerFactor(0.001), read.powerFactorTotal(0.001)]),
    ],
  },
];
