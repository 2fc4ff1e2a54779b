import { staleAfter } from '@plantroom/model';
import type { Building } from '../../../simulators/src/building/building.ts';
import { type MeterId, meterIds } from '../../../simulators/src/meters/load-model.ts';
import { sensorIds } from '../../../simulators/src/sensors/environment.ts';
import { type Expected, endMeters, here, hour, lifts, minute, pumps, type Scenario } from './scenario.ts';
import { codeScenarios, liftScenarios, motionScenarios } from './scenarios-lifts.ts';
import { pumpScenarios, waterScenarios } from './scenarios-water.ts';

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

const panelScenario = (
  finds: Expected,
  inject: Scenario['inject'],
  hold: number,
  within: number,
  entails: readonly Expected[] = [],
): Scenario => ({ finds, entails, inject, on: ['fire-panel'], hold, recovers: 2 * minute, within });

/** Whether a detector's alarm has ended so often since it began. */
function ended(often: number): NonNullable<Scenario['holds']> {
  let asked = 0;
  let wasOn = false;
  let times = 0;
  return ({ panel }, _, now) => {
    const isOn = panel.count('fire') > 0;
    if (now - asked > 2000) times = 0;
    else if (wasOn && !isOn) times += 1;
    asked = now;
    wasOn = isOn;
    return times >= often;
  };
}

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
  {
    finds: { fault: 'fire-panel.device-nuisance', subject: '1-30' },
    entails: here('fire-panel.device-fire', 'fire-panel.fire'),
    inject: [{ fault: 'detector-fire-alarm', parameters: { loop: 1, device: 30 } }],
    on: ['fire-panel'],
    pulses: 3,
    once: true,
    hold: 25 * minute,
    recovers: 5 * minute,
    holds: ended(3),
    within: 3,
  },
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
    finds: { fault: 'energy-meter.neutral-overload' },
    entails: here('energy-meter.phase-voltage-lost', 'energy-meter.voltage-band', 'energy-meter.voltage-unbalance'),
    inject: [{ fault: 'meter-phase-lost' }],
    // Those that tell the current of their neutral.
    on: ['lighting-low', 'lighting-high'],
    hours: [8, 20],
    hold: 20 * minute,
    recovers: 15 * minute,
    // 10 A a phase.
    holds: (b, id) => (b.meters.meters.get(id as MeterId)?.power ?? 0) > 10,
    within: 306,
  },
  {
    finds: { fault: 'energy-meter.demand', equipment: ['main-meter'] },
    inject: [{ fault: 'night-load-left-on', parameters: { power: 2000 } }],
    on: ['chiller-meter'],
    hours: [8, 17],
    hold: 40 * minute,
    recovers: 15 * minute,
    holds: (b) => (b.meters.meters.get('main-meter')?.power ?? 0) > 0.95 * 2500,
    // At worst it begins late in one quarter hour, and a third of the next has to pass.
    within: 1206,
  },
  {
    finds: { fault: 'energy-meter.many-gaps' },
    entails: here('energy-meter.silent'),
    inject: [{ fault: 'device-silent' }],
    on: endMeters,
    hold: 2 * hour + 36 * minute,
    recovers: 2 * hour,
    // How long nothing came is known when it answers again, which is asked of it every five minutes at least.
    holds: (b, id) => !b.silent(id),
    within: 306,
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
