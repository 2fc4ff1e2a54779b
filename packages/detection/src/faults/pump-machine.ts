import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { pumpMachineTexts } from './pump-machine-texts.ts';
import { type Followed, follow, keep, notFollowed } from './trend.ts';

const minute = 60_000;
const turning = (v: { readonly points: { readonly running: number } }) => v.points.running === 1;

/** P12, second half; a start that does not come at all is `pump.command-mismatch`. */
const lockedRotor = defineFault('pump', {
  id: 'pump.locked-rotor',
  texts: pumpMachineTexts.lockedRotor,
  points: ['currentL1'],
  optional: ['currentL2', 'currentL3'],
  ratings: ['ratedCurrent'],
  parameters: { factor: limit('%', 400, [200, 800], 'fault library P12: 4 times the rated current') },
  onDelay: seconds(10, [1, 120], 'fault library P12: longer than a start, 10 s'),
  offDelay: seconds(10, [0, 600], engineering),
  condition: ({ points: p, ratings, parameters }) =>
    Math.max(p.currentL1, p.currentL2 ?? 0, p.currentL3 ?? 0) > (parameters.factor / 100) * ratings.ratedCurrent,
  priority: 1,
  trade: 'electrical',
  raisesOrder: true,
  respondWithin: 1,
  detail: ({ points, ratings }) =>
    both(
      `Draws ${figure(points.currentL1)} A, rated ${figure(ratings.ratedCurrent)} A: the rotor does not turn`,
      `电流 ${figure(points.currentL1)} A（额定 ${figure(ratings.ratedCurrent)} A），疑堵转`,
    ),
});

interface Step {
  /** Of the first hour of running at each quarter of the speed range, then followed over weeks. */
  readonly usual: Followed[];
  readonly present: Followed;
  bin: number;
}

/** P8. A shift against what is usual at that speed, in either direction: a loose part may also calm a gauge. */
const vibrationStep = defineFault('pump', {
  id: 'pump.vibration-step',
  texts: pumpMachineTexts.vibrationStep,
  points: ['running', 'vibration'],
  optional: ['speed'],
  parameters: {
    step: limit('mm/s', 1, [0.2, 10], 'ISO 10816: a change of 25 % of the B/C limit, 4.0 mm/s of category I'),
    learning: limit('h', 8, [0.5, 240], engineering),
    sound: limit('mm/s', 4, [0.5, 20], 'ISO 10816-7 category I: above zone B it is a fault, never what is usual'),
  },
  every: 10,
  memory: (): Step => ({ usual: Array.from({ length: 5 }, notFollowed), present: notFollowed(), bin: -1 }),
  update: ({ now, points: p, parameters, memory }) => {
    if (p.running !== 1) return;
    const bin = Math.min(4, Math.floor((p.speed ?? 100) / 25));
    if (bin !== memory.bin) Object.assign(memory.present, notFollowed());
    memory.bin = bin;
    follow(memory.present, now, p.vibration, 5 * minute);
    const usual = memory.usual[bin];
    const learnt = (usual?.span ?? 0) >= parameters.learning * 60 * minute;
    if (usual && p.vibration <= parameters.sound)
      follow(usual, now, p.vibration, (learnt ? 500 : parameters.learning / 3) * 60 * minute);
  },
  gate: turning,
  condition: ({ parameters, memory }) => {
    const usual = memory.usual[memory.bin];
    if (!usual || usual.span < parameters.learning * 60 * minute || memory.present.span < 10 * minute) return undefined;
    return Math.abs((memory.present.value ?? 0) - (usual.value ?? 0)) > parameters.step;
  },
  onDelay: seconds(600, [60, 86_400], engineering),
  offDelay: seconds(600, [0, 86_400], engineering),
  explainedBy: [
    { fault: 'pump.vibration-high', subject: 'any' },
    { fault: 'pump.vibration-dangerous', subject: 'any' },
  ],
  priority: 3,
  trade: 'mechanical',
  raisesOrder: false,
  detail: ({ memory }) =>
    both(
      `Vibration ${figure(memory.present.value ?? undefined, 2)} mm/s, usual ${figure(memory.usual[memory.bin]?.value ?? undefined, 2)} mm/s`,
      `振动 ${figure(memory.present.value ?? undefined, 2)} mm/s，以往 ${figure(memory.usual[memory.bin]?.value ?? undefined, 2)} mm/s`,
    ),
});

interface Course {
  /** [event time, temperature], about a minute apart, of the last five minutes. */
  readonly readings: [number, number][];
  slope: number | null;
}

/** P9, second half: a bearing that seizes is told by its rise long before it reaches the limit. */
const bearingHeats = defineFault('pump', {
  id: 'pump.bearing-heats-up',
  texts: pumpMachineTexts.bearingHeats,
  points: ['bearingTemperature'],
  parameters: {
    slope: limit('K/min', 2, [0.5, 20], 'fault library P9: 2 K a minute'),
  },
  every: 10,
  memory: (): Course => ({ readings: [], slope: null }),
  update: ({ now, points, memory }) => {
    const newest = memory.readings.at(-1);
    if (newest && now - newest[0] < minute) return;
    if (newest && now - newest[0] > 3 * minute) memory.readings.length = 0;
    keep(memory.readings, [now, points.bearingTemperature], 6);
    const [first] = memory.readings;
    const span = first ? (now - first[0]) / minute : 0;
    memory.slope = first && span >= 3 ? (points.bearingTemperature - first[1]) / span : null;
  },
  condition: ({ memory, parameters }) => (memory.slope === null ? undefined : memory.slope > parameters.slope),
  offDelay: seconds(300, [0, 3600], engineering),
  explainedBy: [{ fault: 'pump.bearing-temperature', subject: 'any' }],
  priority: 2,
  trade: 'mechanical',
  // The order is that of the bearing which is hot: this one comes before it.
  raisesOrder: false,
  respondWithin: 10,
  detail: ({ points, memory }) =>
    both(
      `Bearing at ${figure(points.bearingTemperature)} °C, rises by ${figure(memory.slope ?? undefined)} K a minute`,
      `轴承温度 ${figure(points.bearingTemperature)} °C，每分钟升高 ${figure(memory.slope ?? undefined)} K`,
    ),
});

interface Hunting {
  /** The speed that it has come to since it last turned round. */
  extreme?: number | undefined;
  rising: boolean;
  /** Event times at which it turned round. */
  readonly crossings: number[];
}

/**
 * P20. How often the speed turns round after a way of twice the band. Crossings of a mean, which say the same of an even swing,
 * miss one that rides on a slower movement.
 */
const hunting = defineFault('pump', {
  id: 'pump.speed-hunting',
  texts: pumpMachineTexts.hunting,
  settles: true,
  points: ['running', 'speed'],
  parameters: {
    crossings: limit('', 20, [6, 100], 'fault library P20: 20 in 10 minutes'),
    band: limit('%', 2, [0.5, 20], 'engineering default: a smaller swing is control at work'),
  },
  memory: (): Hunting => ({ rising: true, crossings: [] }),
  update: ({ now, points: p, parameters, memory }) => {
    while ((memory.crossings[0] ?? now) <= now - 10 * minute) memory.crossings.shift();
    if (p.running !== 1) memory.extreme = undefined;
    if (p.running !== 1) return;
    const way = p.speed - (memory.extreme ?? p.speed);
    const turned = (memory.rising ? -way : way) >= 2 * parameters.band;
    if (turned) keep(memory.crossings, now, 101);
    if (turned) memory.rising = !memory.rising;
    if (turned || memory.extreme === undefined || (memory.rising ? way > 0 : way < 0)) memory.extreme = p.speed;
  },
  gate: turning,
  condition: ({ memory, parameters }) => memory.crossings.length > parameters.crossings,
  offDelay: seconds(300, [0, 3600], engineering),
  priority: 3,
  trade: 'instrumentation',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Speed swings: ${memory.crossings.length} times in 10 minutes`,
      `转速反复波动：10 分钟内 ${memory.crossings.length} 次`,
    ),
});

const gauges = ['flow', 'head', 'power', 'vibration'] as const;
type Gauge = (typeof gauges)[number];

interface Still {
  value: number | null;
  since: number;
  /** How often the others changed meanwhile. */
  moves: number;
  others: string;
}

/** P19. The last digit of a real measurement moves while the machine runs and its other gauges do. */
const frozenGauge = defineFault('pump', {
  id: 'pump.frozen-sensor',
  texts: pumpMachineTexts.frozen,
  points: ['running'],
  optional: gauges,
  oneOf: gauges,
  subjects: { by: 'name', names: gauges },
  parameters: {
    time: limit('s', 600, [60, 86_400], 'fault library P19: 10 minutes'),
    moves: limit('', 30, [5, 1000], 'fault library P19: 30 readings'),
  },
  every: 5,
  memory: (): Still => ({ value: null, since: 0, moves: 0, others: '' }),
  update: ({ now, subject, points: p, memory }) => {
    const value = p[subject as Gauge];
    const others = gauges.map((gauge) => (gauge === subject ? '' : p[gauge])).join(' ');
    if (value === undefined || value !== memory.value || p.running !== 1 || value === 0) {
      Object.assign(memory, { value: value ?? null, since: now, moves: 0, others });
    } else if (others !== memory.others) {
      memory.moves += 1;
      memory.others = others;
    }
  },
  gate: turning,
  condition: ({ now, memory, parameters }) =>
    memory.moves >= parameters.moves && now - memory.since >= parameters.time * 1000,
  offDelay: seconds(60, [0, 3600], engineering),
  priority: 3,
  trade: 'instrumentation',
  raisesOrder: true,
  detail: ({ now, subject, memory }) => {
    const minutes = Math.round((now - memory.since) / minute);
    return both(
      `${subject} stands at ${figure(memory.value ?? undefined, 3)} for ${minutes} minutes while others move`,
      `${subject} 停在 ${figure(memory.value ?? undefined, 3)} 已 ${minutes} 分钟，其他测点正常变化`,
    );
  },
});

export const pumpMachineFaults: readonly Fault[] = [lockedRotor, vibrationStep, bearingHeats, hunting, frozenGauge];
