import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Janitza UMG 96RM, block 19000: f32 BE in V, A, W, Wh (Modbus address list 1.040.034.r). */
export const janitzaUmg96rm: RegisterTable<Meter>[] = [
  {
    functions: [3, 4],
    fill: 0,
    maximum: 125,
    blocks: [
      { first: 10, last: 13 },
      { first: 19000, last: 19121 },
    ],
    entries: [
      ...sequence(10, 2, 'f32', [read.constant(1500), read.constant(5)]),
      ...sequence(19000, 2, 'f32', [...read.voltage(), ...read.voltageLines()]),
      ...sequence(19012, 2, 'f32', [...read.current(), read.currentNeutral]),
      ...sequence(19020, 2, 'f32', [...read.active(), read.activeTotal()]),
      ...sequence(19028, 2, 'f32', [...read.apparent(), read.apparentTotal()]),
      ...sequence(19036, 2, 'f32', [...read.reactive(), read.reactiveTotal()]),
      ...sequence(19044, 2, 'f32', [...read.powerFactor(), read.frequency(), read.constant(1)]),
      ...sequence(19054, 2, 'f32', [...read.importPhase(0.001), read.energyImport(0.001)]),
      ...sequence(19062, 2, 'f32', [...read.importPhase(0.001), read.energyImport(0.001)]),
      ...sequence(19070, 2, 'f32', [...read.exportPhase(0.001), read.energyExport(0.001)]),
      { address: 19092, type: 'f32', read: read.reactiveImport(0.001) },
      ...sequence(19110, 2, 'f32', [...read.distortionVoltage(), ...read.distortionCurrent()]),
    ],
  },
];
