import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** Carlo Gavazzi EM330 and EM24-E1: 32-bit integers with the least significant word first. */
export const carloGavazziEm330: RegisterTable<Meter>[] = [
  {
    functions: [4],
    fill: 0,
    maximum: 125,
    blocks: [{ first: 0x00, last: 0x51 }],
    entries: [
      ...sequence(0x00, 2, 's32', [...read.voltage(0.1), ...read.voltageLines(0.1)], 'LSW'),
      ...sequence(0x0c, 2, 's32', read.current(0.001), 'LSW'),
      ...sequence(0x12, 2, 's32', [...read.active(0.1), ...read.apparent(0.1), ...read.reactive(0.1)], 'LSW'),
      ...sequence(0x24, 2, 's32', [read.voltageMean(0.1), read.voltageLinesMean(0.1)], 'LSW'),
      ...sequence(0x28, 2, 's32', [read.activeTotal(0.1), read.apparentTotal(0.1), read.reactiveTotal(0.1)], 'LSW'),
      ...sequence(0x2e, 1, 's16', [...read.powerFactor(0.001), read.powerFactorTotal(0.001)]),
      { address: 0x33, type: 'u16', read: read.frequency(0.1) },
      ...sequence(0x34, 2, 's32', [read.energyImport(0.1), read.reactiveImport(0.1)], 'LSW'),
      ...sequence(0x40, 2, 's32', read.importPhase(0.1), 'LSW'),
      ...sequence(0x4e, 2, 's32', [read.energyExport(0.1), read.reactiveExport(0.1)], 'LSW'),
    ],
  },
];
