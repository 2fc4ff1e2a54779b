import { car, here, hour, lifts, minute, on, type Scenario } from './scenario.ts';

export const liftScenarios: Scenario[] = [
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
export const codeScenarios: Scenario[] = (
  [
    [1, 'elevator.safety-circuit-open', 5],
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

/** How often a code came up since the fault began. */
function comings(often: number): NonNullable<Scenario['holds']> {
  const seen = new Map<string, { asked: number; code: number; times: number }>();
  return (building, id, now) => {
    const before = seen.get(id);
    const code = car(building, id)?.faultCode ?? 0;
    const known = before && now - before.asked <= 2000 ? before : { code: 0, times: 0 };
    const times = known.times + (code !== 0 && known.code === 0 ? 1 : 0);
    seen.set(id, { asked: now, code, times });
    return times >= often;
  };
}

const comesAgain: Scenario = {
  finds: { fault: 'elevator.repeated-fault' },
  entails: here('elevator.run-time-exceeded'),
  inject: [{ fault: 'lift-fault-code', parameters: { code: 6 } }],
  on: lifts,
  pulses: 3,
  hold: 25 * minute,
  recovers: 2 * minute,
  holds: comings(3),
  within: 3,
};

export const motionScenarios: Scenario[] = [
  comesAgain,
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
