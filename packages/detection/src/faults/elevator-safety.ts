import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { elevatorTexts } from './elevator-texts.ts';
import { both, figure } from './figures.ts';

/** A person at work or the fire brigade has the car: codes of GB/T 24476 and of the BACnet Lift object. */
const automatic = (mode: number | undefined) => mode === undefined || mode <= 1;

interface Car {
  readonly occupied: number | undefined;
  readonly load: number | undefined;
}
/** Slower than this a car creeps, m/s. */
const creep = 0.15;
/** Percent of rated load from which somebody is in the car: an adult in an 8-person car is 12 %. */
const someone = 6;
const occupied = (car: Car) => car.occupied === 1 || (car.occupied === undefined && (car.load ?? 0) >= someone);

interface Stop {
  readonly moving: number;
  readonly doorZone: number | undefined;
  readonly door: number | undefined;
}
const between = (stop: Stop) => stop.moving === 0 && (stop.doorZone === 0 || stop.door === 0);

/**
 * L1. People are in a car that stands where they cannot leave it, or somebody calls for help. The wait is cut short by the
 * alarm button (3 s, EN 81-28 alarm filter) and by a car that stands clearly outside a door zone with a fault.
 */
const entrapment = defineFault('elevator', {
  id: 'elevator.entrapment',
  texts: elevatorTexts.entrapment,
  points: ['moving'],
  optional: ['doorZone', 'door', 'occupied', 'load', 'alarmButton', 'mode', 'floor', 'faultCode', 'safetyChain'],
  oneOf: ['occupied', 'load', 'alarmButton'],
  parameters: {
    button: limit('s', 3, [0, 30], 'EN 81-28: alarm filter'),
    fault: limit('s', 15, [5, 60], 'GB/T 24476 code 4: stopped outside the unlocking zone for 15 s'),
  },
  onDelay: seconds(60, [10, 300], 'fault library L1: 60 s'),
  offDelay: seconds(10, [0, 120], engineering),
  condition: ({ points: p }) => {
    if (p.alarmButton === 1 && p.mode !== 8) return true;
    return automatic(p.mode) && between(p) && occupied(p);
  },
  hasten: ({ points: p, parameters }) => {
    if (p.alarmButton === 1) return parameters.button;
    const stuck = p.doorZone === 0 && (p.safetyChain === 0 || (p.faultCode ?? 0) > 0);
    return stuck ? parameters.fault : undefined;
  },
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  respondWithin: 5,
  detail: ({ points: p }) => {
    const floor = figure(p.floor, 0);
    return p.alarmButton === 1
      ? both(`People call for help from the car near ${floor}F`, `轿厢内有人按下报警按钮，位于${floor}层附近`)
      : both(`People are trapped in the car near ${floor}F`, `轿厢困人，位于${floor}层附近`);
  },
});

/** L2. An empty car only: with people in it this is an entrapment, and with an open safety chain that is the cause. */
const stoppedOutsideDoorZone = defineFault('elevator', {
  id: 'elevator.stopped-outside-door-zone',
  texts: elevatorTexts.stoppedOutside,
  points: ['moving', 'doorZone'],
  optional: ['occupied', 'load', 'mode', 'floor', 'safetyChain'],
  onDelay: seconds(15, [3, 120], 'GB/T 24476 code 4: 15 s'),
  offDelay: seconds(5, [0, 120], engineering),
  gate: ({ points }) => automatic(points.mode),
  condition: ({ points: p }) => p.moving === 0 && p.doorZone === 0 && !occupied(p) && p.safetyChain !== 0,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    both(
      `Empty car stopped between floors near ${figure(points.floor, 0)}F`,
      `空轿厢停在${figure(points.floor, 0)}层附近的平层区外`,
    ),
});

/** L3. One second is two publishing cycles: values of one movement that arrive apart must not look like this. */
const movingWithDoorOpen = defineFault('elevator', {
  id: 'elevator.moving-with-door-open',
  texts: elevatorTexts.movingWithDoorOpen,
  points: ['speed', 'door', 'doorZone'],
  optional: ['mode', 'floor'],
  parameters: { speed: limit('m/s', 0.15, [0.05, 0.5], 'fault library L3: 0.15 m/s') },
  onDelay: seconds(1, [0, 3], engineering),
  offDelay: seconds(1, [0, 60], engineering),
  gate: ({ points }) => points.mode !== 8,
  condition: ({ points: p, parameters }) => Math.abs(p.speed) > parameters.speed && p.door !== 0 && p.doorZone === 0,
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  respondWithin: 2,
  detail: ({ points }) =>
    both(
      `Moved at ${figure(Math.abs(points.speed), 2)} m/s with the door not closed`,
      `轿门未关闭时以 ${figure(Math.abs(points.speed), 2)} m/s 运行`,
    ),
});

interface Stand {
  /** Height at which the door opened; null while it is shut, or once the car moves at speed. */
  height: number | null;
  away: number;
}

/** L4 by its code, or by a car that creeps away from the landing with the door open. At speed it is L3, one alarm alone. */
const unintendedMovement = defineFault('elevator', {
  id: 'elevator.unintended-movement',
  texts: elevatorTexts.unintendedMovement,
  points: [],
  optional: ['faultCode', 'height', 'door', 'speed', 'mode'],
  oneOf: ['faultCode', 'height'],
  parameters: { distance: limit('m', 0.2, [0.05, 1.2], 'fault library L4: 200 mm; EN 81-20 bounds it at 1.2 m') },
  memory: (): Stand => ({ height: null, away: 0 }),
  update: ({ points: p, memory }) => {
    if (p.height === undefined || p.door === undefined || p.door === 0 || Math.abs(p.speed ?? 0) > creep) {
      memory.height = null;
      memory.away = 0;
      return;
    }
    // Doors open while the car still levels: it stands once the door is wide open.
    if (p.door === 2) memory.height ??= p.height;
    memory.away = memory.height === null ? 0 : p.height - memory.height;
  },
  condition: ({ points: p, parameters, memory }) =>
    p.faultCode === 5 || (p.mode !== 8 && Math.abs(memory.away) > parameters.distance),
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  respondWithin: 2,
  detail: ({ memory }) =>
    memory.away === 0
      ? elevatorTexts.unintendedMovement.title
      : both(`Moved ${figure(memory.away, 2)} m with the door open`, `开门状态下移动 ${figure(memory.away, 2)} m`),
});

const overspeed = defineFault('elevator', {
  id: 'elevator.overspeed',
  texts: elevatorTexts.overspeed,
  points: ['speed'],
  ratings: ['ratedSpeed'],
  parameters: {
    warn: limit('%', 110, [103, 130], 'fault library L5: 110 %, the governor trips from 115 % (EN 81-20)'),
  },
  onDelay: seconds(1, [0, 10], engineering),
  // Longer than a stop: a car that is too fast on each trip is one alarm.
  offDelay: seconds(60, [0, 600], engineering),
  condition: ({ points, ratings, parameters }) =>
    Math.abs(points.speed) >= (parameters.warn / 100) * ratings.ratedSpeed,
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points, ratings }) =>
    both(
      `${figure(Math.abs(points.speed), 2)} m/s, rated ${figure(ratings.ratedSpeed, 2)} m/s`,
      `速度 ${figure(Math.abs(points.speed), 2)} m/s，额定 ${figure(ratings.ratedSpeed, 2)} m/s`,
    ),
});

interface Chain {
  /** The chain opened while the car moved, and has not closed since. */
  opened: boolean;
}

/**
 * L6. The chain opens at every stop with the door, which is no fault: what counts is that it opened in motion with the
 * door shut. People stuck by it are an entrapment, and that one alarm stands for both.
 */
const safetyCircuitOpen = defineFault('elevator', {
  id: 'elevator.safety-circuit-open',
  texts: elevatorTexts.safetyCircuitOpen,
  points: ['moving', 'safetyChain'],
  optional: ['door', 'doorZone', 'mode', 'floor', 'faultCode', 'occupied', 'load'],
  onDelay: seconds(
    5,
    [0, 30],
    'engineering default: the car has come to a stand, so that people in it are seen to be stuck',
  ),
  offDelay: seconds(5, [0, 120], engineering),
  memory: (): Chain => ({ opened: false }),
  update: ({ points: p, memory }) => {
    if (p.safetyChain === 1) memory.opened = false;
    else if (p.faultCode === 1 || (p.moving === 1 && (p.door ?? 0) === 0)) memory.opened = true;
    else if (p.doorZone === 1 && p.door !== undefined && p.door !== 0) memory.opened = false;
    if (p.doorZone === 0 && p.moving === 0 && occupied(p)) memory.opened = false;
  },
  gate: ({ points }) => points.mode !== 8,
  condition: ({ memory }) => memory.opened,
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    both(
      `Safety circuit opened while running near ${figure(points.floor, 0)}F`,
      `电梯在${figure(points.floor, 0)}层附近运行时安全回路断开`,
    ),
});

export const safetyFaults: readonly Fault[] = [
  entrapment,
  stoppedOutsideDoorZone,
  movingWithDoorOpen,
  unintendedMovement,
  overspeed,
  safetyCircuitOpen,
];
