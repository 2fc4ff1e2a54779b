import { type RegisterTable, sequence } from '../../modbus/registers.ts';
import type { Meter } from '../meter.ts';
import * as read from './readers.ts';

/** ABB B23: integers, BE; what is not available reads as ones. */
export const abbB23: RegisterTable<Meter>[] = [
  {
    functions: [3],
    fill: 0xffff,
    maximum: 125,
    blocks: [
      { first: 0x5000, last: 0x5007 },
      { first: 0x5460, last: 0x5477 },
      { first: 0x5b00, last: 0x5b3d },
      { first: 0x8900, last: 0x8901 },
    ],
    entries: [
      ...sequence(0x5000, 4, 'u64', [read.energyImport(0.01), read.energyExport(0.01)]),
      ...sequence(0x5460, 4, 'u64', [...read.importPhase(0.01), ...read.exportPhase(0.01)]),
      ...sequence(0x5b00, 2, 'u32', read.voltage(0.1)),
      ...sequence(0x5b0c, 2, 'u32', read.current(0.01)),
      ...sequence(0x5b14, 2, 's32', [read.activeTotal(0.01), ...read.active(0.01)]),
      { address: 0x5b2c, type: 'u16', read: read.frequency(0.01) },
      ...sequence(0x5b3a, 1, 's16', [read.powerFactorTotal(0.001), ...read.powerFactor(0.001)]),
      { address: 0x8900, type: 'u32', read: read.constant(23_108_455) },
    ],
  },
];
