import { staleAfter } from '@plantroom/model';
import type { Building } from '../../../simulators/src/building/building.ts';
import { liftRatings } from '../../../simulators/src/lifts/shaft.ts';
import { type MeterId, meterIds } from '../../../simulators/src/meters/load-model.ts';
import { sensorIds } from '../../../simulators/src/sensors/environment.ts';
import { pumpRatings } from '../../../simulators/src/water/ratings.ts';

/** An alarm by its fault; on another equipment than the injured one where it says so. */
export interface Expected {
  readonly fault: string;
  readonly equipment?: readonly string[];
  readonly subject?: string;
}

/** A fault of the simulators and the fault of the library that is to find it. */
export interface Scenario {
  readonly finds: Expected;
  /** What else is true while it lasts: alarms of these are not false, but count for nothing. */
  readonly entails?: readonly Expected[];
  /** What else goes wrong is counted as its consequence, and should be folded under it. */
  readonly folds?: boolean;
  readonly inject: readonly { readonly fault: string; readonly parameters?: object }[];
  readonly on: readonly string[];
  /** Seconds that the fault lasts. */
  readonly hold: number;
  /** Seconds in which the plant is still recovering, so that what it entails is not false. */
  readonly recovers?: number;
  /** It takes the whole building with it: nothing else happens meanwhile. */
  readonly alone?: boolean;
  /** Hours of the day in which it may begin. */
  readonly hours?: readonly [from: number, to: number];
  /** The simulators' own truth: the condition of the fault holds. At once unless told. */
  readonly holds?: (building: Building, equipment: string) => boolean;
  /** Seconds allowed from when it holds: on-delay and two poll periods. A trend has twice the time from onset to crossing. */
  readonly within: number | 'trend';
}

const pumps = pumpRatings.map(({ id }) => id);
const boosters = pumps.filter((id) => id.startsWith('booster'));
const panelPumps = pumps.filter((id) => !id.startsWith('booster'));
const lifts = liftRatings.map(({ id }) => id);
/** Meters that feed no machine which is read itself: what they lose would explain the faults of those. */
const endMeters = meterIds.filter((id) => !['main-meter', 'lift-meter', 'pump-meter'].includes(id));
const minute = 60;
const hour = 3600;

const pump = (building: Building, id: string) => building.water.pumps.get(id);
const car = (building: Building, id: string) => building.lifts.cars.find(({ rating }) => rating.id === id);
const here = (...faults: string[]): Expected[] => faults.map((fault) => ({ fault }));
const on = (equipment: readonly string[], ...faults: string[]): Expected[] =>
  faults.map((fault) => ({ fault, equipment }));

/** A pump that fails or is in the way changes what the others do, and the water. */
const waterSuffers = [
  ...on(pumps, 'pump.short-cycling', 'pump.no-flow'),
  ...on(['roof-tank', 'sump-pit'], 'water-tank.low-level', 'water-tank.high-level'),
];

const silences: Scenario[] = [
  { kind: 'pump', ids: pumps, period: 1, mayRest: 60 },
  { kind: 'elevator', ids: lifts, period: 1, mayRest: 60 },
  { kind: 'energy-meter', ids: endMeters, period: 2, mayRest: 60 },
  { kind: 'water-tank', ids: ['roof-tank', 'sump-pit'], period: 2, mayRest: 120 },
  { kind: 'fire-panel', ids: ['fire-panel'], period: 1, mayRest: 60 },
  { kind: 'environment-sensor', ids: [...sensorIds], period: 10, mayRest: 300 },
].map(({ kind, ids, period, mayRest }) => ({
  finds: { fault: `${kind}.silent` },
  inject: [{ fault: 'device-silent' }],
  on: ids,
  hold: 20 * minute,
  recovers: 10 * minute,
  // Its on-delay is the time in which an unchanged value is not yet stale, which goes by the site's `maximumSilence`.
  within: staleAfter({ period: 1000 * period, maximumSilence: 1000 * mayRest }) / 1000 + 2 * period,
}));

const pumpScenarios: Scenario[] = [
  {
    finds: { fault: 'pump.dry-run' },
    entails: [...here('pump.no-flow', 'pump.vibration-high', 'pump.bearing-temperature'), ...waterSuffers],
    inject: [{ fault: 'pump-dry-run' }],
    on: pumps,
    hold: 10 * minute,
    recovers: 20 * minute,
    within: 13,
  },
  {
    finds: { fault: 'pump.vibration-high' },
    entails: [...here('pump.not-in-automatic', 'pump.bearing-temperature'), ...waterSuffers],
    inject: [{ fault: 'pump-bearing-wear', parameters: { vibration: 5.6, ramp: 1800 } }],
    on: panelPumps,
    hold: hour,
    recovers: 20 * minute,
    holds: (b, id) => (pump(b, id)?.vibration ?? 0) > 4,
    within: 'trend',
  },
  {
    finds: { fault: 'pump.vibration-dangerous' },
    // It runs by hand meanwhile.
    entails: [...here('pump.vibration-high', 'pump.bearing-temperature', 'pump.not-in-automatic'), ...waterSuffers],
    inject: [{ fault: 'pump-bearing-wear', parameters: { vibration: 9, ramp: 1800 } }],
    on: panelPumps,
    hold: hour,
    recovers: 20 * minute,
    holds: (b, id) => (pump(b, id)?.vibration ?? 0) > 6.6,
    within: 'trend',
  },
  {
    finds: { fault: 'pump.phase-loss' },
    entails: [...here('pump.motor-overload', 'pump.current-unbalance'), ...waterSuffers],
    inject: [{ fault: 'pump-phase-loss' }],
    on: panelPumps,
    hold: 10 * minute,
    recovers: 20 * minute,
    within: 8,
  },
  {
    finds: { fault: 'pump.tripped' },
    entails: [...here('pump.command-mismatch'), ...waterSuffers],
    inject: [{ fault: 'pump-trip' }],
    on: pumps,
    hold: 15 * minute,
    recovers: 20 * minute,
    within: 4,
  },
  {
    finds: { fault: 'pump.not-in-automatic' },
    entails: [...here('pump.command-mismatch'), ...waterSuffers],
    inject: [{ fault: 'pump-not-in-auto' }],
    on: pumps,
    hold: 45 * minute,
    recovers: 20 * minute,
    within: 1803,
  },
  {
    finds: { fault: 'pump.motor-overload' },
    entails: waterSuffers,
    inject: [{ fault: 'pump-overload' }],
    on: panelPumps,
    hold: 20 * minute,
    recovers: 20 * minute,
    // Above 115 % the delay is a minute.
    holds: (b, id) => (pump(b, id)?.currents[0] ?? 0) > 1.15 * (pump(b, id)?.rating.ratedCurrent ?? 0),
    within: 63,
  },
  {
    finds: { fault: 'pump.current-unbalance' },
    entails: [...here('pump.motor-overload'), ...waterSuffers],
    inject: [{ fault: 'pump-current-unbalance' }],
    on: panelPumps,
    hold: 10 * minute,
    recovers: 20 * minute,
    within: 63,
  },
  {
    finds: { fault: 'pump.locked-rotor' },
    entails: [...here('pump.no-flow', 'pump.dry-run', 'pump.motor-overload'), ...waterSuffers],
    inject: [{ fault: 'pump-rotor-locked' }],
    on: pumps,
    hold: 5 * minute,
    recovers: 20 * minute,
    within: 13,
  },
  {
    finds: { fault: 'pump.bearing-heats-up' },
    entails: [...here('pump.bearing-temperature'), ...waterSuffers],
    inject: [{ fault: 'pump-bearing-seizes' }],
    on: panelPumps,
    hold: 15 * minute,
    recovers: hour,
    // 2 K a minute over three minutes.
    within: 240,
  },
  {
    finds: { fault: 'pump.bearing-temperature' },
    entails: [...here('pump.bearing-heats-up', 'pump.not-in-automatic'), ...waterSuffers],
    inject: [{ fault: 'pump-bearing-seizes' }],
    on: panelPumps,
    hold: 40 * minute,
    recovers: hour,
    holds: (b, id) => (pump(b, id)?.bearingTemperature ?? 0) > 82,
    within: 'trend',
  },
  {
    finds: { fault: 'pump.no-flow' },
    entails: waterSuffers,
    inject: [{ fault: 'pump-discharge-shut' }],
    on: panelPumps,
    hold: 10 * minute,
    recovers: 20 * minute,
    within: 33,
  },
  {
    finds: { fault: 'pump.check-valve-leaks' },
    inject: [{ fault: 'pump-check-valve-leaks' }],
    on: ['fire-pump-1', 'fire-pump-2'],
    hold: 10 * minute,
    recovers: 5 * minute,
    within: 123,
  },
  {
    finds: { fault: 'pump.frozen-sensor', subject: 'flow' },
    entails: waterSuffers,
    inject: [{ fault: 'pump-gauge-frozen' }],
    on: panelPumps,
    hold: 20 * minute,
    recovers: 20 * minute,
    within: 612,
  },
  {
    finds: { fault: 'pump.speed-hunting' },
    // They hold one pressure together, so all of them swing.
    entails: [...here('pump.not-in-automatic'), ...on(boosters, 'pump.speed-hunting'), ...waterSuffers],
    // Control takes half of the swing away; at night the pump mostly stands.
    inject: [{ fault: 'pump-speed-hunting', parameters: { swing: 15 } }],
    on: boosters,
    hours: [8, 17],
    hold: 40 * minute,
    recovers: 20 * minute,
    // 20 crossings of a swing of 40 s take 400 s at least.
    within: 1200,
  },
  {
    finds: { fault: 'pump.short-cycling' },
    inject: [{ fault: 'fire-main-leak' }],
    on: ['jockey-pump'],
    hold: 90 * minute,
    recovers: 70 * minute,
    // The sixteenth start within an hour.
    within: hour,
  },
];

const waterScenarios: Scenario[] = [
  {
    finds: { fault: 'water-tank.low-level' },
    entails: waterSuffers,
    inject: [{ fault: 'tank-leak' }],
    on: ['roof-tank'],
    hold: 25 * minute,
    recovers: 8 * hour,
    holds: (b) => b.water.roofTank.level < 0.3,
    within: 'trend',
  },
  {
    finds: { fault: 'water-tank.high-level' },
    entails: waterSuffers,
    inject: [{ fault: 'sump-flooding' }],
    on: ['sump-pit'],
    hold: 20 * minute,
    recovers: hour,
    holds: (b) => b.water.sump.pit.level > 0.85,
    within: 'trend',
  },
];

const liftScenarios: Scenario[] = [
  {
    finds: { fault: 'elevator.door-will-not-close' },
    inject: [{ fault: 'lift-door-will-not-close' }],
    on: lifts,
    hold: 10 * minute,
    recovers: 2 * minute,
    holds: (b, id) => car(b, id)?.doorFails ?? false,
    within: 3,
  },
  {
    finds: { fault: 'elevator.entrapment' },
    // The chain that stops the car opens while it runs.
    entails: here('elevator.safety-circuit-open'),
    inject: [{ fault: 'lift-entrapment' }],
    on: lifts,
    hold: 15 * minute,
    recovers: 5 * minute,
    holds: (b, id) => (car(b, id)?.stuck ?? false) && car(b, id)?.speed === 0,
    // The alarm button, 8 s after the stop, counts from 3 s on.
    within: 14,
  },
  {
    finds: { fault: 'elevator.machine-room-over-temperature' },
    entails: [
      ...on(lifts, 'elevator.machine-room-over-temperature', 'elevator.drive-over-temperature'),
      ...on(['lift-machine-room'], 'environment-sensor.too-hot'),
    ],
    inject: [{ fault: 'lift-machine-room-hot' }],
    on: ['elevator-1'],
    hold: 40 * minute,
    recovers: 40 * minute,
    holds: (b) => b.lifts.machineRoom > 40,
    within: 'trend',
  },
];

/** What a controller says by its code of GB/T 24476, and how long the library waits (s). */
const codeScenarios: Scenario[] = (
  [
    [3, 'elevator.door-will-not-open', 1],
    [5, 'elevator.unintended-movement', 0],
    [6, 'elevator.run-time-exceeded', 0],
    [7, 'elevator.position-lost', 1],
    [8, 'elevator.prevented-restart', 5],
  ] as const
).map(([code, fault, onDelay]) => ({
  finds: { fault },
  entails: here('elevator.repeated-fault'),
  inject: [{ fault: 'lift-fault-code', parameters: { code } }],
  on: lifts,
  hold: 5 * minute,
  recovers: 2 * minute,
  within: onDelay + 2,
}));

const motionScenarios: Scenario[] = [
  {
    finds: { fault: 'elevator.overspeed' },
    inject: [{ fault: 'lift-overspeed' }],
    on: lifts,
    hold: hour,
    recovers: minute,
    holds: (b, id) => Math.abs(car(b, id)?.speed ?? 0) >= 1.1 * (car(b, id)?.rating.speed ?? 9),
    within: 3,
  },
  {
    finds: { fault: 'elevator.drive-over-temperature' },
    inject: [{ fault: 'lift-drive-hot', parameters: { rise: 65 } }],
    on: lifts,
    hold: hour,
    recovers: 20 * minute,
    holds: (b, id) => (car(b, id)?.driveTemperature ?? 0) > 70,
    within: 'trend',
  },
  {
    finds: { fault: 'elevator.door-opens-slowly' },
    entails: here('elevator.door-drive-wear'),
    inject: [{ fault: 'lift-door-slow' }],
    // The service lift has too few passengers for it.
    on: lifts.slice(0, 5),
    hours: [8, 19],
    hold: 3 * hour,
    recovers: 2 * hour,
    // Five openings; how long they take to come is the traffic's.
    within: 3 * hour,
  },
];

const panelScenario = (
  finds: Expected,
  inject: Scenario['inject'],
  hold: number,
  within: number,
  entails: readonly Expected[] = [],
): Scenario => ({ finds, entails, inject, on: ['fire-panel'], hold, recovers: 2 * minute, within });

const panelScenarios: Scenario[] = [
  panelScenario(
    { fault: 'fire-panel.device-fire', subject: '2-17' },
    [{ fault: 'detector-fire-alarm' }],
    5 * minute,
    2,
    here('fire-panel.fire'),
  ),
  panelScenario(
    { fault: 'fire-panel.confirmed-fire' },
    [
      { fault: 'detector-fire-alarm', parameters: { loop: 3, device: 21 } },
      { fault: 'detector-fire-alarm', parameters: { loop: 3, device: 22 } },
    ],
    5 * minute,
    3,
    here('fire-panel.fire', 'fire-panel.device-fire'),
  ),
  panelScenario(
    { fault: 'fire-panel.device-disabled-too-long' },
    [{ fault: 'detector-disabled' }],
    8 * hour + 10 * minute,
    28_803,
  ),
  panelScenario({ fault: 'fire-panel.loop-fault' }, [{ fault: 'panel-trouble' }], 10 * minute, 5),
  panelScenario(
    { fault: 'fire-panel.mains-lost' },
    [{ fault: 'panel-trouble', parameters: { kind: 'mains' } }],
    15 * minute,
    63,
  ),
  panelScenario(
    { fault: 'fire-panel.battery-fault' },
    [{ fault: 'panel-trouble', parameters: { kind: 'battery' } }],
    10 * minute,
    13,
  ),
  panelScenario(
    { fault: 'fire-panel.device-fault', subject: '1-8' },
    [{ fault: 'panel-trouble', parameters: { kind: 'device', loop: 1 } }],
    10 * minute,
    13,
  ),
  panelScenario({ fault: 'fire-panel.supervisory' }, [{ fault: 'device-supervisory' }], 5 * minute, 8),
  panelScenario({ fault: 'fire-panel.left-in-manual' }, [{ fault: 'panel-manual' }], 40 * minute, 1803),
];

/** A meter cannot run backwards or stand where nothing flows. */
const loaded = (b: Building, id: string) => (b.meters.meters.get(id as MeterId)?.power ?? 0) > 3;

const meterScenarios: Scenario[] = [
  {
    finds: { fault: 'energy-meter.ct-reversed' },
    inject: [{ fault: 'meter-ct-reversed' }],
    on: [...meterIds],
    hold: 20 * minute,
    recovers: 5 * minute,
    holds: loaded,
    within: 126,
  },
  {
    finds: { fault: 'energy-meter.phase-voltage-lost' },
    // Without one of its phases the load no longer cancels out in the neutral.
    entails: here('energy-meter.voltage-band', 'energy-meter.voltage-unbalance', 'energy-meter.neutral-overload'),
    inject: [{ fault: 'meter-phase-lost' }],
    on: endMeters,
    hold: 20 * minute,
    recovers: 15 * minute,
    within: 8,
  },
  {
    finds: { fault: 'energy-meter.frozen-register' },
    inject: [{ fault: 'meter-frozen' }],
    on: [...meterIds],
    hold: 2 * hour,
    recovers: hour,
    holds: loaded,
    within: 3601,
  },
];

const powerCut: Scenario = {
  finds: { fault: 'energy-meter.supply-lost' },
  // What hangs on it: none of it should call beside the loss of the supply.
  folds: true,
  inject: [{ fault: 'power-cut' }],
  on: ['main-meter'],
  alone: true,
  hours: [1, 22],
  hold: 8 * minute,
  recovers: 15 * minute,
  within: 8,
};

const gridScenarios: Scenario[] = [
  powerCut,
  {
    finds: { fault: 'energy-meter.voltage-band' },
    inject: [{ fault: 'supply-voltage' }],
    on: [...meterIds],
    hold: 25 * minute,
    recovers: 15 * minute,
    // The mean of ten minutes.
    within: 606,
  },
  {
    finds: { fault: 'energy-meter.voltage-unbalance' },
    entails: here('energy-meter.voltage-band'),
    inject: [{ fault: 'supply-voltage-unbalance' }],
    on: [...meterIds],
    hold: 20 * minute,
    recovers: 15 * minute,
    within: 606,
  },
  {
    finds: { fault: 'energy-meter.over-compensation' },
    inject: [{ fault: 'meter-over-compensation' }],
    on: ['main-meter'],
    hold: hour,
    recovers: 15 * minute,
    holds: (b, id) => (b.meters.meters.get(id as MeterId)?.power ?? 0) > 40,
    within: 1806,
  },
  {
    finds: { fault: 'energy-meter.register-break' },
    inject: [{ fault: 'meter-register-reset' }],
    on: meterIds.filter((id) => id !== 'main-meter'),
    hold: 10 * minute,
    recovers: 10 * minute,
    within: 6,
  },
];

const sensorScenarios: Scenario[] = [
  {
    finds: { fault: 'environment-sensor.too-hot' },
    inject: [{ fault: 'room-too-hot' }],
    on: [...sensorIds],
    hold: 10 * minute,
    recovers: 2 * minute,
    within: 80,
  },
  {
    finds: { fault: 'environment-sensor.co2-high' },
    inject: [{ fault: 'room-air-stale' }],
    on: [...sensorIds],
    hold: 20 * minute,
    recovers: 6 * minute,
    within: 620,
  },
  {
    finds: { fault: 'environment-sensor.battery-low' },
    inject: [{ fault: 'sensor-battery-low' }],
    on: [...sensorIds],
    hold: 20 * minute,
    recovers: 11 * minute,
    within: 620,
  },
  {
    finds: { fault: 'environment-sensor.frozen' },
    inject: [{ fault: 'sensor-frozen' }],
    on: [...sensorIds],
    hold: 2 * hour + 20 * minute,
    recovers: minute,
    within: 7221,
  },
];

export const scenarios: readonly Scenario[] = [
  ...liftScenarios,
  ...codeScenarios,
  ...motionScenarios,
  ...pumpScenarios,
  ...waterScenarios,
  ...panelScenarios,
  ...meterScenarios,
  ...gridScenarios,
  ...sensorScenarios,
  ...silences,
];
