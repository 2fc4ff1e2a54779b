import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Current transformer 150/5 A. The meter shows secondary values: a reader multiplies by this (and by the voltage ratio, 1). */
const ratio = 30;

/** Chint DTSU666, firmware with energies at 0x101E: f32 BE, scaled, on the secondary side of the transformers. */
export const chintDtsu666: RegisterTable<Meter>[] = [
  {
    functions: [3],
    fill: 0,
    maximum: 125,
    blocks: [
      { first: 0x0003, last: 0x0007 },
      { first: 0x101e, last: 0x102f },
      { first: 0x2000, last: 0x2051 },
    ],
    entries: [
      { address: 0x0003, type: 's16', read: read.constant(0) },
      { address: 0x0006, type: 's16', read: read.constant(ratio) },
      { address: 0x0007, type: 's16', read: read.constant(10) },
      ...sequence(0x101e, 2, 'f32', [read.energyImport(ratio), ...read.importPhase(ratio)]),
      ...sequence(0x1028, 2, 'f32', [read.energyExport(ratio), ...read.exportPhase(ratio)]),
      ...sequence(0x2000, 2, 'f32', [...read.voltageLines(0.1), ...read.voltage(0.1)]),
      ...sequence(0x200c, 2, 'f32', read.current(0.001 * ratio)),
      ...sequence(0x2012, 2, 'f32', [read.activeTotal(0.1 * ratio), ...read.active(0.1 * ratio)]),
      ...sequence(0x201a, 2, 'f32', [read.reactiveTotal(0.1 * ratio), ...read.reactive(0.1 * ratio)]),
      ...sequence(0x202a, 2, 'f32', [read.powerFactorTotal(0.001), ...read.powerFactor(0.001)]),
      { address: 0x2044, type: 'f32', read: read.frequency(0.01) },
    ],
  },
];
