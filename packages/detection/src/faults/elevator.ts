import { certificate } from './certificate.ts';
import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { elevatorDoorFaults } from './elevator-doors.ts';
import { elevatorPositionFaults } from './elevator-position.ts';
import { safetyFaults } from './elevator-safety.ts';
import { elevatorServiceFaults } from './elevator-service.ts';
import { elevatorTexts } from './elevator-texts.ts';
import { both, figure } from './figures.ts';
import { silence } from './silence.ts';
import { unusual } from './unusual.ts';

/** Inspection, fire operation and out of service are work of people: what is odd then is no fault. */
const inService = (v: { readonly points: { readonly mode: number | undefined } }) =>
  v.points.mode === undefined || v.points.mode <= 1;

/** What the controller names, by its code of GB/T 24476 or by its BACnet Lift fault signal (135-2020, plus one). */
const signal = { closing: 7, opening: 8, runTime: 14, positionLost: 15, driveHot: 16 } as const;
const codes = ['faultCode', 'faultSignal'] as const;
interface Told {
  readonly points: { readonly faultCode: number | undefined; readonly faultSignal: number | undefined };
}
const tells = ({ points }: Told, code: number, bacnet: number) =>
  points.faultCode === code || points.faultSignal === bacnet;
/** Signals for which the library has no fault of their own. */
const unnamed = new Set([1, 2, 3, 4, 5, 6, 11, 12, 13, 17]);

interface Reopenings {
  /** The counter when the door was last shut or the car last moved; null before the first look. */
  base: number | null;
}

/**
 * L9. Counts reopenings since the door was last shut, whether the controller's counter starts again at each stop or counts
 * on for ever; without a counter, how long the door has been told to close counts.
 */
const doorWillNotClose = defineFault('elevator', {
  id: 'elevator.door-will-not-close',
  texts: elevatorTexts.doorWillNotClose,
  points: ['door'],
  optional: ['doorCommand', 'doorReopenCount', 'faultCode', 'faultSignal', 'floor', 'mode', 'moving'],
  oneOf: ['doorCommand', 'doorReopenCount', 'faultCode', 'faultSignal'],
  parameters: {
    reopenings: limit('', 3, [2, 20], 'fault library L9: 3 reopenings at one stop'),
  },
  onDelay: seconds(20, [1, 120], engineering),
  offDelay: seconds(10, [0, 600], engineering),
  memory: (): Reopenings => ({ base: null }),
  update: ({ points, memory }) => {
    const count = points.doorReopenCount;
    if (count === undefined) return;
    const settled = points.door === 0 || points.moving === 1;
    if (memory.base === null || settled) memory.base = count;
    else if (count < memory.base) memory.base = 0;
  },
  gate: inService,
  condition: ({ points, memory, parameters }) => {
    if (tells({ points }, 2, signal.closing)) return true;
    if (points.door === 0) return false;
    return attempts(points, memory) > parameters.reopenings || points.doorCommand === 2;
  },
  // Repeated attempts and the controller's own code need no waiting; a single slow closing does.
  hasten: ({ points, memory, parameters }) =>
    tells({ points }, 2, signal.closing) || attempts(points, memory) > parameters.reopenings ? 0 : undefined,
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points, memory }) => {
    const tries = Math.max(1, attempts(points, memory));
    const floor = points.floor === undefined ? '?' : figure(points.floor, 0);
    return both(`Door will not close, ${tries} attempts at ${floor}F`, `电梯门无法关闭，在${floor}层尝试${tries}次`);
  },
});

/** Each reopening is an attempt that failed, and the first closing is one more. */
function attempts(points: { readonly doorReopenCount: number | undefined }, memory: Reopenings): number {
  return memory.base === null ? 0 : (points.doorReopenCount ?? memory.base) - memory.base + 1;
}

const doorWillNotOpen = defineFault('elevator', {
  id: 'elevator.door-will-not-open',
  texts: elevatorTexts.doorWillNotOpen,
  optional: [...codes, 'floor', 'mode'],
  oneOf: codes,
  onDelay: seconds(1, [0, 60], engineering),
  offDelay: seconds(10, [0, 600], engineering),
  gate: inService,
  condition: (v) => tells(v, 3, signal.opening),
  explainedBy: [{ fault: 'elevator.entrapment', subject: 'any' }],
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    both(`Door will not open at ${figure(points.floor, 0)}F`, `电梯门在${figure(points.floor, 0)}层无法打开`),
});

const runTimeExceeded = defineFault('elevator', {
  id: 'elevator.run-time-exceeded',
  texts: elevatorTexts.runTimeExceeded,
  points: ['moving'],
  optional: [...codes, 'mode'],
  onDelay: seconds(90, [20, 300], 'EN 81-20: motor run-time limiter, travel time and 10 s'),
  offDelay: seconds(5, [0, 600], engineering),
  gate: inService,
  condition: (v) => v.points.moving === 1 || tells(v, 6, signal.runTime),
  hasten: (v) => (tells(v, 6, signal.runTime) ? 0 : undefined),
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
});

const positionLost = defineFault('elevator', {
  id: 'elevator.position-lost',
  texts: elevatorTexts.positionLost,
  optional: [...codes, 'floor', 'mode'],
  oneOf: codes,
  onDelay: seconds(1, [0, 60], engineering),
  offDelay: seconds(10, [0, 600], engineering),
  gate: inService,
  condition: (v) => tells(v, 7, signal.positionLost),
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    both(
      `Floor position lost, last known ${figure(points.floor, 0)}F`,
      `楼层位置丢失，最后位置${figure(points.floor, 0)}层`,
    ),
});

const preventedRestart = defineFault('elevator', {
  id: 'elevator.prevented-restart',
  texts: elevatorTexts.preventedRestart,
  optional: [...codes, 'mode'],
  oneOf: codes,
  onDelay: seconds(5, [0, 60], engineering),
  offDelay: seconds(10, [0, 600], engineering),
  gate: inService,
  condition: ({ points: p }) => p.faultCode === 8 || unnamed.has(p.faultSignal ?? 0),
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
});

const driveHot = defineFault('elevator', {
  id: 'elevator.drive-over-temperature',
  texts: elevatorTexts.driveHot,
  optional: ['driveTemperature', 'faultSignal'],
  oneOf: ['driveTemperature', 'faultSignal'],
  parameters: { limit: limit('Cel', 70, [30, 120], 'fault library L16: 70 °C where the maker says nothing else') },
  onDelay: seconds(60, [5, 3600], 'ISA-18.2: temperature 60 s'),
  offDelay: seconds(60, [0, 3600], 'ISA-18.2: temperature 60 s'),
  condition: ({ points: p, parameters }) =>
    p.faultSignal === signal.driveHot || (p.driveTemperature ?? 0) > parameters.limit,
  explainedBy: [{ fault: 'elevator.machine-room-over-temperature', subject: 'any' }],
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points, parameters }) =>
    both(
      `Drive at ${figure(points.driveTemperature)} °C, limit ${figure(parameters.limit)} °C`,
      `变频器温度 ${figure(points.driveTemperature)} °C，限值 ${figure(parameters.limit)} °C`,
    ),
});

const machineRoomHot = defineFault('elevator', {
  id: 'elevator.machine-room-over-temperature',
  texts: elevatorTexts.machineRoomHot,
  points: ['machineRoomTemperature'],
  parameters: { limit: limit('Cel', 40, [25, 60], 'GB/T 10058: machine room 5 to 40 °C') },
  onDelay: seconds(60, [5, 3600], 'ISA-18.2: temperature 60 s'),
  offDelay: seconds(60, [0, 3600], 'ISA-18.2: temperature 60 s'),
  condition: ({ points, parameters }) => points.machineRoomTemperature > parameters.limit,
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points, parameters }) =>
    both(
      `Machine room at ${figure(points.machineRoomTemperature)} °C, limit ${figure(parameters.limit)} °C`,
      `机房温度 ${figure(points.machineRoomTemperature)} °C，限值 ${figure(parameters.limit)} °C`,
    ),
});

export const elevatorFaults: readonly Fault[] = [
  ...safetyFaults,
  doorWillNotClose,
  doorWillNotOpen,
  runTimeExceeded,
  positionLost,
  preventedRestart,
  driveHot,
  machineRoomHot,
  ...elevatorPositionFaults,
  ...elevatorDoorFaults,
  ...elevatorServiceFaults,
  silence('elevator', 2, 'instrumentation', true),
  certificate('elevator'),
  unusual('elevator', 'electrical'),
];
