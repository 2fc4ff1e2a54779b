import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Schneider iEM3155: f32 BE in V, A, kW; energies as 64-bit Wh and again as f32 kWh. */
export const schneiderIem3155: RegisterTable<Meter>[] = [
  {
    functions: [3],
    fill: 0,
    maximum: 125,
    blocks: [
      { first: 129, last: 130 },
      { first: 2013, last: 2014 },
      { first: 2999, last: 3110 },
      { first: 3203, last: 3226 },
      { first: 3517, last: 3528 },
      { first: 45099, last: 45116 },
    ],
    entries: [
      { address: 129, type: 'u32', read: read.constant(31_550_271) },
      ...sequence(2013, 1, 'u16', [read.constant(3), read.constant(4)]),
      ...sequence(2999, 2, 'f32', read.current()),
      { address: 3009, type: 'f32', read: read.currentMean() },
      ...sequence(3019, 2, 'f32', [...read.voltageLines(), read.voltageLinesMean(), ...read.voltage()]),
      { address: 3035, type: 'f32', read: read.voltageMean() },
      ...sequence(3053, 2, 'f32', [...read.active(1000), read.activeTotal(1000)]),
      { address: 3067, type: 'f32', read: read.reactiveTotal(1000) },
      { address: 3075, type: 'f32', read: read.apparentTotal(1000) },
      { address: 3083, type: 'f32', read: read.powerFactorTotal() },
      { address: 3109, type: 'f32', read: read.frequency() },
      ...sequence(3203, 4, 's64', [read.energyImport(0.001), read.energyExport(0.001)]),
      ...sequence(3219, 4, 's64', [read.reactiveImport(0.001), read.reactiveExport(0.001)]),
      ...sequence(3517, 4, 's64', read.importPhase(0.001)),
      ...sequence(45099, 2, 'f32', [read.energyImport(), read.energyExport()]),
      ...sequence(45103, 2, 'f32', [read.reactiveImport(), read.reactiveExport()]),
      ...sequence(45107, 2, 'f32', [read.energyImport(), read.reactiveImport(), ...read.importPhase()]),
    ],
  },
];
