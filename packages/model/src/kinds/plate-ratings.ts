import type { KindName } from './index.ts';

const motor = ['ratedPower', 'ratedCurrent', 'ratedVoltage', 'ratedFrequency'] as const;

/**
 * Figures besides those that faults read: what a name plate or an installation says of a machine, for other parts of the
 * system and for people. A site file with any other is refused, since a misspelt rating would leave faults off unnoticed.
 */
export const plateRatings: Readonly<Record<KindName, readonly string[]>> = {
  elevator: [...motor, 'ratedLoad', 'floors'],
  // For `startUpTime` alarms that a start can explain are suppressed by design.
  pump: [...motor, 'ratedSpeed', 'startUpTime'],
  'fire-panel': [],
  // Energy tells by the first two a rollover of the register from a fault.
  'energy-meter': ['registerMaximum', 'maximumPower', ...motor],
  'environment-sensor': [],
  'water-tank': [],
};
