import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { elevatorPositionTexts } from './elevator-position-texts.ts';
import { both, figure } from './figures.ts';
import { keep } from './trend.ts';

/** L7 by the final limit switch, which any controller reports. */
const overTravel = defineFault('elevator', {
  id: 'elevator.over-travel',
  texts: elevatorPositionTexts.overTravel,
  points: ['finalLimit'],
  optional: ['mode'],
  gate: ({ points }) => points.mode !== 8,
  condition: ({ points }) => points.finalLimit !== 0,
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    points.finalLimit === 2
      ? both('Ran beyond the lowest floor', '轿厢越过底层端站（蹲底）')
      : both('Ran beyond the highest floor', '轿厢越过顶层端站（冲顶）'),
});

/** L7 by position, where the heights of the terminal floors are known. */
const beyondTerminal = defineFault('elevator', {
  id: 'elevator.beyond-terminal',
  texts: elevatorPositionTexts.beyondTerminal,
  points: ['height'],
  optional: ['mode', 'finalLimit'],
  ratings: ['topHeight', 'bottomHeight'],
  parameters: { margin: limit('m', 0.1, [0.05, 0.5], 'fault library L7: 50 to 100 mm beyond the terminal floor') },
  onDelay: seconds(1, [0, 10], engineering),
  offDelay: seconds(5, [0, 60], engineering),
  gate: ({ points }) => points.mode !== 8,
  condition: ({ points: p, ratings, parameters }) =>
    // The switch stands for itself, so that one run too far is one alarm.
    (p.finalLimit ?? 0) === 0 &&
    (p.height > ratings.topHeight + parameters.margin || p.height < ratings.bottomHeight - parameters.margin),
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    both(
      `Car at ${figure(points.height, 2)} m, beyond the terminal floor`,
      `轿厢位置 ${figure(points.height, 2)} m，越过端站`,
    ),
});

interface Jump {
  floor: number | null;
  at: number;
  moving: number;
  /** Event time of the last jump, and how far. */
  jumped: number | null;
  floors: number;
}

/** L13 without a code: the floor changes by more than one between two looks at a car that stood. */
const floorJump = defineFault('elevator', {
  id: 'elevator.floor-jump',
  texts: elevatorPositionTexts.floorJump,
  points: ['floor', 'moving'],
  optional: ['mode', 'faultCode'],
  parameters: {
    floors: limit('', 1, [1, 5], 'fault library L13: more than one floor'),
    hold: limit('s', 600, [10, 86_400], 'engineering default: how long a jump is shown'),
  },
  memory: (): Jump => ({ floor: null, at: 0, moving: 1, jumped: null, floors: 0 }),
  update: ({ now, points: p, parameters, memory }) => {
    const stood = memory.moving === 0 && p.moving === 0 && now - memory.at <= 5000;
    const by = Math.abs(p.floor - (memory.floor ?? p.floor));
    // The code says so itself, and has an alarm of its own.
    if (stood && by > parameters.floors && p.faultCode !== 7) Object.assign(memory, { jumped: now, floors: by });
    Object.assign(memory, { floor: p.floor, at: now, moving: p.moving });
  },
  gate: ({ points }) => points.mode === undefined || points.mode <= 1,
  condition: ({ now, memory, parameters }) => memory.jumped !== null && now - memory.jumped < parameters.hold * 1000,
  explainedBy: [{ fault: 'elevator.position-lost', subject: 'any' }],
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(`The floor jumped by ${memory.floors} while the car stood`, `轿厢静止时楼层跳变 ${memory.floors} 层`),
});

interface Stops {
  /** When the car stopped; null while it moves or once the error of this stop is taken. */
  stopped: number | null;
  /** By floor and direction of arrival: mean of the error, number of stops. */
  readonly by: Record<string, [mean: number, stops: number]>;
  worst: string | null;
  up: boolean;
}

/** L8. Exponentially weighted mean of the error at each floor and direction, so that one stop is not an alarm. */
const levelling = defineFault('elevator', {
  id: 'elevator.levelling-error',
  texts: elevatorPositionTexts.levelling,
  points: ['levellingError', 'moving', 'floor'],
  optional: ['direction', 'mode'],
  parameters: {
    limit: limit('mm', 10, [3, 50], 'EN 81-20: stopping accuracy 10 mm'),
    stops: limit('', 5, [1, 100], engineering),
  },
  memory: (): Stops => ({ stopped: null, by: {}, worst: null, up: true }),
  update: ({ now, points: p, parameters, memory }) => {
    if (p.moving === 1) {
      memory.stopped = now;
      if (p.direction === 2 || p.direction === 3) memory.up = p.direction === 2;
    } else if (memory.stopped !== null && now - memory.stopped >= 2000) {
      memory.stopped = null;
      const key = `${p.floor}${memory.up ? '+' : '-'}`;
      const seen = memory.by[key] ?? [0, 0];
      // The first stops weigh alike, then the last five or so count.
      const weight = Math.max(0.2, 1 / (seen[1] + 1));
      memory.by[key] = [seen[0] + weight * (p.levellingError - seen[0]), seen[1] + 1];
      memory.worst = null;
      let most = parameters.limit;
      for (const [place, [mean, stops]] of Object.entries(memory.by)) {
        if (stops < parameters.stops || Math.abs(mean) <= most) continue;
        most = Math.abs(mean);
        memory.worst = place;
      }
    }
  },
  gate: ({ points }) => points.mode === undefined || points.mode <= 1,
  condition: ({ memory }) => memory.worst !== null,
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) => {
    const floor = (memory.worst ?? '').slice(0, -1);
    const mean = figure(memory.by[memory.worst ?? '']?.[0], 0);
    return both(`Stops ${mean} mm off level at ${floor}F`, `在${floor}层平层误差 ${mean} mm`);
  },
});

interface Hold {
  /** When the brake was set; the height a second later. */
  set: number | null;
  height: number | null;
  drift: number;
}

/** L14. The car creeps although the brake is set; the ropes have taken up their stretch after a second. */
const brakeSlip = defineFault('elevator', {
  id: 'elevator.brake-slip',
  texts: elevatorPositionTexts.brakeSlip,
  points: ['brake', 'height'],
  optional: ['mode'],
  parameters: { drift: limit('mm', 5, [2, 100], 'fault library L14: 5 mm') },
  memory: (): Hold => ({ set: null, height: null, drift: 0 }),
  update: ({ now, points: p, memory }) => {
    if (p.brake !== 1) Object.assign(memory, { set: null, height: null, drift: 0 });
    else if (memory.set === null) memory.set = now;
    else if (memory.height === null) {
      if (now - memory.set >= 1000) memory.height = p.height;
    } else memory.drift = 1000 * (p.height - memory.height);
  },
  onDelay: seconds(1, [0, 10], engineering),
  gate: ({ points }) => points.mode !== 8,
  condition: ({ memory, parameters }) => Math.abs(memory.drift) > parameters.drift,
  latching: true,
  safety: true,
  priority: 1,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Crept ${figure(memory.drift, 0)} mm with the brake set`,
      `制动器抱闸后轿厢移动 ${figure(memory.drift, 0)} mm`,
    ),
});

interface Slip {
  /** Where this trip began: by the shaft, by the sheave. */
  from: [height: number, sheave: number] | null;
  last: [height: number, sheave: number] | null;
  /** Slip of the last trips in percent, newest last. */
  readonly trips: number[];
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** L15. What the sheave turns beyond what the car travels, over trips that are long enough to be measured. */
const tractionSlip = defineFault('elevator', {
  id: 'elevator.traction-slip',
  texts: elevatorPositionTexts.tractionSlip,
  points: ['height', 'sheavePosition', 'moving'],
  parameters: {
    slip: limit('%', 1, [0.2, 10], 'fault library L15: 1 % a trip'),
    trips: limit('', 50, [5, 200], 'fault library L15: over 50 trips'),
    travel: limit('m', 6, [1, 50], 'engineering default: a shorter trip is not measured'),
  },
  memory: (): Slip => ({ from: null, last: null, trips: [] }),
  update: ({ points: p, parameters, memory }) => {
    const place: [number, number] = [p.height, p.sheavePosition];
    if (p.moving === 1) memory.from ??= memory.last ?? place;
    else if (memory.from) {
      const travel = Math.abs(place[0] - memory.from[0]);
      const turned = Math.abs(place[1] - memory.from[1]);
      if (travel >= parameters.travel) keep(memory.trips, (100 * (turned - travel)) / travel, parameters.trips);
      memory.from = null;
    }
    memory.last = place;
  },
  condition: ({ memory, parameters }) =>
    memory.trips.length < parameters.trips ? undefined : Math.abs(mean(memory.trips)) > parameters.slip,
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `The ropes slip ${figure(mean(memory.trips), 2)} % a trip`,
      `曳引打滑，平均每次运行 ${figure(mean(memory.trips), 2)} %`,
    ),
});

export const elevatorPositionFaults: readonly Fault[] = [
  overTravel,
  beyondTerminal,
  floorJump,
  levelling,
  brakeSlip,
  tractionSlip,
];
