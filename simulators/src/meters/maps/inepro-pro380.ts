import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Inepro PRO380-Mod: f32 BE, power in kW. */
export const ineproPro380: RegisterTable<Meter>[] = [
  {
    functions: [3],
    fill: 0,
    maximum: 125,
    blocks: [
      { first: 0x5000, last: 0x5031 },
      { first: 0x6000, last: 0x6025 },
      { first: 0x6030, last: 0x6031 },
      { first: 0x603c, last: 0x603d },
    ],
    entries: [
      ...sequence(0x5000, 2, 'f32', [read.voltageMean(), ...read.voltage(), read.frequency()]),
      ...sequence(0x500a, 2, 'f32', [read.currentSum, ...read.current()]),
      ...sequence(0x5012, 2, 'f32', [read.activeTotal(1000), ...read.active(1000)]),
      ...sequence(0x501a, 2, 'f32', [read.reactiveTotal(1000), ...read.reactive(1000)]),
      ...sequence(0x5022, 2, 'f32', [read.apparentTotal(1000), ...read.apparent(1000)]),
      ...sequence(0x502a, 2, 'f32', [read.powerFactorTotal(), ...read.powerFactor()]),
      ...sequence(0x6000, 2, 'f32', [read.energyTotal(), read.energyTotal(), read.constant(0), ...read.importPhase()]),
      ...sequence(0x600c, 2, 'f32', [
        read.energyImport(),
        read.energyImport(),
        read.constant(0),
        ...read.importPhase(),
      ]),
      ...sequence(0x6018, 2, 'f32', [
        read.energyExport(),
        read.energyExport(),
        read.constant(0),
        ...read.exportPhase(),
      ]),
      { address: 0x6024, type: 'f32', read: read.reactiveImport() },
      { address: 0x6030, type: 'f32', read: read.reactiveImport() },
      { address: 0x603c, type: 'f32', read: read.reactiveExport() },
    ],
  },
];
