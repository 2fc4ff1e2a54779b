import { defineFault, type Fault, type FaultTexts, limit } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { keep, median, spread } from './trend.ts';

const texts = {
  slow: {
    title: both('Door opens slowly', '开门缓慢'),
    cause: both(
      'Dirt in the sill, a worn roller or belt, or a weak door drive.',
      '地坎积尘、滚轮或皮带磨损，或门机力矩不足。',
    ),
    consequence: both('Each stop takes longer; the door will fail one day.', '停站时间变长，最终门会故障。'),
    steps: [
      both('Clean the sills; move the door by hand with the power off.', '清洁地坎，断电后手动推门检查。'),
      both('Have rollers, belt and door drive checked.', '检查滚轮、皮带和门机。'),
    ],
  },
  wear: {
    title: both('Door drive wears', '门机磨损'),
    cause: both(
      'The time the door takes has grown over weeks: friction or a tired drive.',
      '开门时间数周内持续变长：摩擦增大或门机老化。',
    ),
    consequence: both('Door faults are the most frequent cause of trapped people.', '门故障是困人的最常见原因。'),
    steps: [
      both('Plan a service of the door with the next maintenance.', '列入下次维保，保养门系统。'),
      both('Check hangers, rollers, belt and clutch.', '检查挂轮、滚轮、皮带和门刀。'),
    ],
  },
} satisfies Record<string, FaultTexts>;

interface Opening {
  /** When the door began to open; null if its beginning was not seen. */
  began: number | null;
  door: number;
  /** Seconds of the opening that has just ended; null between. */
  took: number | null;
}

/** Times the way of the door from closed to open. */
function timeOpening(memory: Opening, now: number, door: number): void {
  memory.took = null;
  if (door === 1 && memory.door === 0) memory.began = now;
  else if (door === 2 && memory.began !== null) {
    memory.took = (now - memory.began) / 1000;
    memory.began = null;
  } else if (door !== 1) memory.began = null;
  memory.door = door;
}
const notSeen: Opening = { began: null, door: -1, took: null };

interface Openings extends Opening {
  readonly usual: number[];
  readonly last: number[];
  slow: boolean;
}

/** L10. Against its own median, so that wide and narrow doors need no figures; five in a row are no accident. */
const slowDoor = defineFault('elevator', {
  id: 'elevator.door-opens-slowly',
  texts: texts.slow,
  points: ['door'],
  parameters: {
    factor: limit('%', 150, [110, 500], 'fault library L10: 1.5 times the median'),
    extra: limit('s', 1.5, [0.2, 30], 'fault library L10: 1.5 s more than the median'),
    cycles: limit('', 5, [1, 50], 'fault library L10: 5 cycles'),
  },
  memory: (): Openings => ({ ...notSeen, usual: [], last: [], slow: false }),
  update: ({ now, points, parameters, memory }) => {
    timeOpening(memory, now, points.door);
    if (memory.took === null) return;
    const usual = memory.usual.length < 20 ? undefined : median(memory.usual);
    const bound =
      usual === undefined ? undefined : Math.max((usual * parameters.factor) / 100, usual + parameters.extra);
    keep(memory.last, memory.took, parameters.cycles);
    // What is slow teaches nothing of what is usual.
    if (bound === undefined || memory.took <= bound) keep(memory.usual, memory.took, 51);
    memory.slow =
      bound !== undefined && memory.last.length >= parameters.cycles && memory.last.every((took) => took > bound);
  },
  condition: ({ memory }) => memory.slow,
  explainedBy: [{ fault: 'elevator.door-will-not-open', subject: 'any' }],
  priority: 3,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Door opens in ${figure(median(memory.last))} s, usual ${figure(median(memory.usual))} s`,
      `开门用时 ${figure(median(memory.last))} s，以往 ${figure(median(memory.usual))} s`,
    ),
});

interface Wear extends Opening {
  sum: number;
  count: number;
  /** Mean log times of the first blocks, then no longer changed. */
  readonly usual: number[];
  cusum: number;
  newest: number;
}
const blocks = 10;
/** Noise of a block's mean below this share is not believed: a poll a second measures no better. */
const leastDeviation = 0.03;

/** L11. One-sided CUSUM (k = 0.5, h = 5) over the mean log opening time of each block of cycles. */
const doorWear = defineFault('elevator', {
  id: 'elevator.door-drive-wear',
  texts: texts.wear,
  points: ['door'],
  parameters: {
    cycles: limit('', 100, [10, 1000], 'fault library L11: per 100 cycles'),
    reference: limit('', 0.5, [0.25, 2], 'fault library L11: k = 0.5'),
    decision: limit('', 5, [3, 20], 'fault library L11: h = 5'),
  },
  memory: (): Wear => ({ ...notSeen, sum: 0, count: 0, usual: [], cusum: 0, newest: 0 }),
  update: ({ now, points, parameters, memory }) => {
    timeOpening(memory, now, points.door);
    if (memory.took === null || memory.took <= 0) return;
    memory.sum += Math.log(memory.took);
    memory.count += 1;
    if (memory.count < parameters.cycles) return;
    memory.newest = memory.sum / memory.count;
    memory.sum = 0;
    memory.count = 0;
    if (memory.usual.length < blocks) {
      memory.usual.push(memory.newest);
      return;
    }
    const { mean, deviation } = spread(memory.usual);
    const off = (memory.newest - mean) / Math.max(leastDeviation, deviation);
    memory.cusum = Math.max(0, memory.cusum + off - parameters.reference);
  },
  condition: ({ memory, parameters }) => memory.cusum > parameters.decision,
  explainedBy: [{ fault: 'elevator.door-opens-slowly', subject: 'any' }],
  priority: 3,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) => {
    const usual = figure(Math.exp(spread(memory.usual).mean), 2);
    return both(
      `Door opens in ${figure(Math.exp(memory.newest), 2)} s on average, ${usual} s when it was learned`,
      `平均开门用时 ${figure(Math.exp(memory.newest), 2)} s，学习期为 ${usual} s`,
    );
  },
});

export const elevatorDoorFaults: readonly Fault[] = [slowDoor, doorWear];
