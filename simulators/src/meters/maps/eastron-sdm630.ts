import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Eastron SDM630: f32 BE, measurements with function 4, settings with function 3; at most 40 values (80 registers). */
export const eastronSdm630: RegisterTable<Meter>[] = [
  {
    functions: [4],
    fill: 0,
    maximum: 80,
    blocks: [
      { first: 0x00, last: 0x53 },
      { first: 0xc8, last: 0xcf },
      { first: 0xe0, last: 0xe1 },
      { first: 0xea, last: 0xfb },
      { first: 0x156, last: 0x17d },
    ],
    entries: [
      ...sequence(0x00, 2, 'f32', [...read.voltage(), ...read.current(), ...read.active(), ...read.apparent()]),
      ...sequence(0x18, 2, 'f32', [...read.reactive(), ...read.powerFactor(), ...read.phaseAngle, read.voltageMean()]),
      ...sequence(0x2e, 2, 'f32', [read.currentMean(), read.currentSum]),
      { address: 0x34, type: 'f32', read: read.activeTotal() },
      { address: 0x38, type: 'f32', read: read.apparentTotal() },
      ...sequence(0x3c, 2, 'f32', [read.reactiveTotal(), read.powerFactorTotal()]),
      { address: 0x42, type: 'f32', read: (m) => (Math.acos(read.powerFactorTotal()(m)) * 180) / Math.PI },
      ...sequence(0x46, 2, 'f32', [read.frequency(), read.energyImport(), read.energyExport()]),
      ...sequence(0x4c, 2, 'f32', [read.reactiveImport(), read.reactiveExport(), read.energyApparent]),
      ...sequence(0xc8, 2, 'f32', [...read.voltageLines(), read.voltageLinesMean()]),
      { address: 0xe0, type: 'f32', read: read.currentNeutral },
      ...sequence(0xea, 2, 'f32', [...read.distortionVoltage(), ...read.distortionCurrent()]),
      { address: 0xf8, type: 'f32', read: (m) => m.electrical.distortionVoltage[0] },
      { address: 0xfa, type: 'f32', read: (m) => m.electrical.distortionCurrent[0] },
      ...sequence(0x156, 2, 'f32', [read.energyTotal(), read.reactiveImport(), ...read.importPhase()]),
      ...sequence(0x160, 2, 'f32', read.exportPhase()),
      ...sequence(0x166, 2, 'f32', read.importPhase()),
    ],
  },
  {
    functions: [3],
    fill: 0,
    maximum: 80,
    blocks: [
      { first: 0x12, last: 0x15 },
      { first: 0x1c, last: 0x1d },
    ],
    entries: [
      ...sequence(0x12, 2, 'f32', [read.constant(0), read.constant(1)]),
      { address: 0x1c, type: 'f32', read: read.constant(2) },
    ],
  },
];
