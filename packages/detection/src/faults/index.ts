import type { KindName } from '@plantroom/model';
import type { Fault } from './define-fault.ts';
import { elevatorFaults } from './elevator.ts';
import { energyMeterFaults } from './energy-meter.ts';
import { environmentSensorFaults } from './environment-sensor.ts';
import { firePanelFaults } from './fire-panel.ts';
import { pumpFaults } from './pump.ts';
import { waterTankFaults } from './water-tank.ts';

/** The library, by kind. */
export const library: Readonly<Record<KindName, readonly Fault[]>> = {
  elevator: elevatorFaults,
  pump: pumpFaults,
  'fire-panel': firePanelFaults,
  'energy-meter': energyMeterFaults,
  'environment-sensor': environmentSensorFaults,
  'water-tank': waterTankFaults,
};

export const allFaults: readonly Fault[] = Object.values(library).flat();
