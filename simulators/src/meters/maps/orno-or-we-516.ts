import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** ORNO OR-WE-516: f32 BE, power in kW. */
export const ornoOrWe516: RegisterTable<Meter>[] = [
  {
    functions: [3],
    fill: 0,
    maximum: 125,
    blocks: [
      { first: 0, last: 59 },
      { first: 0x100, last: 0x12f },
    ],
    entries: [
      { address: 0, type: 'u32', read: read.constant(51_600_318) },
      ...sequence(2, 1, 'u16', [read.constant(4), read.constant(9600)]),
      ...sequence(14, 2, 'f32', [...read.voltage(), read.frequency(), ...read.current()]),
      ...sequence(28, 2, 'f32', [read.activeTotal(1000), ...read.active(1000)]),
      ...sequence(36, 2, 'f32', [read.reactiveTotal(1000), ...read.reactive(1000)]),
      ...sequence(44, 2, 'f32', [read.apparentTotal(1000), ...read.apparent(1000)]),
      ...sequence(52, 2, 'f32', [read.powerFactorTotal(), ...read.powerFactor()]),
      ...sequence(0x100, 2, 'f32', [read.energyTotal(), ...read.importPhase()]),
      ...sequence(0x108, 2, 'f32', [read.energyImport(), ...read.importPhase()]),
      ...sequence(0x110, 2, 'f32', [read.energyExport(), ...read.exportPhase()]),
      { address: 0x118, type: 'f32', read: read.reactiveImport() },
      { address: 0x120, type: 'f32', read: read.reactiveImport() },
      { address: 0x128, type: 'f32', read: read.reactiveExport() },
    ],
  },
];
