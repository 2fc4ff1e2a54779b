import type { Pump } from '../../../simulators/src/water/pump.ts';
import { boosters, here, hour, minute, on, panelPumps, pump, pumps, type Scenario } from './scenario.ts';

/** A pump that fails or is in the way changes what the others do, and the water. */
const waterSuffers = [
  ...on(pumps, 'pump.short-cycling', 'pump.no-flow'),
  ...on(['roof-tank', 'sump-pit'], 'water-tank.low-level', 'water-tank.high-level'),
];

/**
 * Whether something happened more often than that within a time (s); to be asked every second while the fault lasts. `count`
 * tells how often it has happened so far.
 */
function moreThan(
  often: number,
  within: number,
  count: (pump: Pump | undefined) => number,
): NonNullable<Scenario['holds']> {
  let asked = 0;
  let before = 0;
  let times: number[] = [];
  return (building, id, now) => {
    const total = count(pump(building, id));
    if (now - asked > 2000) times = [];
    else for (; before < total; before += 1) times.push(now);
    asked = now;
    before = total;
    while ((times[0] ?? now) <= now - 1000 * within) times.shift();
    return times.length > often;
  };
}

/** Counts how often the true speed turns round after a way of 4 %. */
function turns(): (pump: Pump | undefined) => number {
  let count = 0;
  let rising = true;
  let extreme = 0;
  return (one) => {
    const speed = one?.speed ?? 0;
    if (rising === speed > extreme) extreme = speed;
    else if (Math.abs(speed - extreme) >= 0.04) {
      count += 1;
      rising = !rising;
      extreme = speed;
    }
    return count;
  };
}

export const pumpScenarios: Scenario[] = [
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
    finds: { fault: 'pump.command-mismatch' },
    entails: [...here('pump.not-in-automatic'), ...waterSuffers],
    inject: [{ fault: 'pump-not-in-auto' }],
    // The boosters share the work at once; the main waits for its own pump.
    on: ['jockey-pump'],
    hold: 40 * minute,
    recovers: 20 * minute,
    holds: (b, id) => (pump(b, id)?.command ?? false) && !pump(b, id)?.running,
    within: 13,
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
    // With little water drawn the set swings more slowly than the fault asks for.
    holds: moreThan(20, 10 * minute, turns()),
    // Half a swing, as its mean is crossed after it has turned.
    within: 23,
  },
  {
    finds: { fault: 'pump.short-cycling' },
    inject: [{ fault: 'fire-main-leak' }],
    on: ['jockey-pump'],
    hold: 90 * minute,
    recovers: 70 * minute,
    // A fire pump that runs meanwhile keeps the main full, so that it begins later.
    holds: moreThan(15, hour, (one) => one?.counters.starts ?? 0),
    within: 3,
  },
];

export const waterScenarios: Scenario[] = [
  {
    finds: { fault: 'water-tank.low-level' },
    entails: waterSuffers,
    inject: [{ fault: 'tank-leak' }],
    on: ['roof-tank'],
    hold: 25 * minute,
    recovers: 8 * hour,
    holds: (b) => b.water.roofTank.level < 0.3,
    within: 64,
  },
  {
    finds: { fault: 'water-tank.high-level' },
    entails: waterSuffers,
    inject: [{ fault: 'sump-flooding' }],
    on: ['sump-pit'],
    hold: 20 * minute,
    recovers: hour,
    holds: (b) => b.water.sump.pit.level > 0.85,
    within: 64,
  },
];
