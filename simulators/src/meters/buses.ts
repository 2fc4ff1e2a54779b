import type { RegisterTable } from '../modbus/registers.ts';
import type { MeterId } from './load-model.ts';
import { abbB23 } from './maps/abb-b23.ts';
import { acrelAdl400 } from './maps/acrel-adl400.ts';
import { carloGavazziEm330 } from './maps/carlo-gavazzi-em330.ts';
import { chintDtsu666 } from './maps/chint-dtsu666.ts';
import { eastronSdm630 } from './maps/eastron-sdm630.ts';
import { ineproPro380 } from './maps/inepro-pro380.ts';
import { janitzaUmg96rm } from './maps/janitza-umg96rm.ts';
import { ornoOrWe516 } from './maps/orno-or-we-516.ts';
import { schneiderIem3155 } from './maps/schneider-iem3155.ts';
import type { Meter } from './meter.ts';

/** Which meter answers under which unit id, on the two sockets. */
export interface MeterPlace {
  bus: 'metersA' | 'metersB';
  unit: number;
  meter: MeterId;
  tables: readonly RegisterTable<Meter>[];
}

export const meterPlaces: readonly MeterPlace[] = [
  { bus: 'metersA', unit: 1, meter: 'main-meter', tables: janitzaUmg96rm },
  { bus: 'metersA', unit: 2, meter: 'chiller-meter', tables: schneiderIem3155 },
  { bus: 'metersA', unit: 3, meter: 'ahu-meter', tables: abbB23 },
  { bus: 'metersA', unit: 4, meter: 'lift-meter', tables: chintDtsu666 },
  { bus: 'metersA', unit: 5, meter: 'pump-meter', tables: acrelAdl400 },
  { bus: 'metersA', unit: 6, meter: 'data-room', tables: carloGavazziEm330 },
  { bus: 'metersB', unit: 1, meter: 'lighting-low', tables: eastronSdm630 },
  { bus: 'metersB', unit: 2, meter: 'lighting-high', tables: eastronSdm630 },
  { bus: 'metersB', unit: 3, meter: 'tenant-low', tables: ineproPro380 },
  { bus: 'metersB', unit: 4, meter: 'tenant-mid', tables: ornoOrWe516 },
  { bus: 'metersB', unit: 5, meter: 'tenant-high', tables: carloGavazziEm330 },
  { bus: 'metersB', unit: 6, meter: 'carpark', tables: abbB23 },
];
