import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { elevatorServiceTexts } from './elevator-service-texts.ts';
import { both, figure } from './figures.ts';
import { keep, median } from './trend.ts';

const hour = 3_600_000;
const day = 24 * hour;
const call = 'call[].state';
const inService = (v: { readonly points: { readonly mode: number | undefined } }) =>
  v.points.mode === undefined || v.points.mode <= 1;

interface Served {
  /** The car has stood at the floor with its door open since the lamp came on. */
  served: boolean;
}

/** L17. A lamp that stays on although the car has come and opened; the index of a call is its floor. */
const callStuck = defineFault('elevator', {
  id: 'elevator.call-button-stuck',
  texts: elevatorServiceTexts.callStuck,
  points: [call, 'floor', 'door'],
  optional: ['mode'],
  subjects: { by: 'point', template: call },
  onDelay: seconds(120, [10, 3600], 'fault library L17: 120 s'),
  offDelay: seconds(5, [0, 600], engineering),
  every: 1,
  memory: (): Served => ({ served: false }),
  update: ({ subject, points: p, memory }) => {
    if (p[call] !== 1) memory.served = false;
    else if (p.floor === Number(subject) && p.door === 2) memory.served = true;
  },
  gate: inService,
  condition: ({ points, memory }) => points[call] === 1 && memory.served,
  priority: 4,
  trade: 'elevator',
  raisesOrder: false,
  detail: ({ subject }) => both(`Call of ${subject}F stays on`, `${subject}层呼梯按钮卡阻`),
});

interface Codes {
  code: number;
  /** When each code came in the last day: [event time, code]. */
  readonly times: [number, number][];
}
const repeated = ({ code, times }: Codes) => times.filter(([, each]) => each === code).length;

/** L18, first half: what comes back after each restart has a cause that nobody has found. */
const repeatedFault = defineFault('elevator', {
  id: 'elevator.repeated-fault',
  texts: elevatorServiceTexts.repeated,
  points: ['faultCode'],
  optional: ['mode'],
  parameters: { times: limit('', 3, [2, 50], 'fault library L18: 3 in 24 hours') },
  memory: (): Codes & { last: number } => ({ code: 0, times: [], last: 0 }),
  update: ({ now, points, memory }) => {
    if (points.faultCode !== 0 && points.faultCode !== memory.last) {
      keep(memory.times, [now, points.faultCode], 60);
      memory.code = points.faultCode;
    }
    memory.last = points.faultCode;
    while ((memory.times[0]?.[0] ?? now) <= now - day) memory.times.shift();
  },
  gate: inService,
  condition: ({ memory, parameters }) => repeated(memory) >= parameters.times,
  priority: 3,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Code ${memory.code} came ${repeated(memory)} times in 24 hours`,
      `24 小时内故障代码 ${memory.code} 出现 ${repeated(memory)} 次`,
    ),
});

interface Service {
  at: number | null;
  /** Of the last 30 days, newest last: day, hours in service, hours known. */
  readonly days: [day: number, served: number, known: number][];
}
const sumOf = ({ days }: Service, column: 1 | 2) => days.reduce((sum, each) => sum + each[column], 0);
const availability = (memory: Service) => (100 * sumOf(memory, 1)) / Math.max(1e-9, sumOf(memory, 2));

/** L18, second half. Out of service, or stopped by a fault; inspection is maintenance and counts neither way. */
const lowAvailability = defineFault('elevator', {
  id: 'elevator.availability-low',
  texts: elevatorServiceTexts.availability,
  points: ['mode'],
  optional: ['faultCode'],
  parameters: {
    least: limit('%', 99, [50, 99.99], 'fault library L18: 99 % a month'),
    known: limit('h', 168, [1, 720], 'engineering default: judged from a week of record on'),
  },
  every: 10,
  memory: (): Service => ({ at: null, days: [] }),
  update: ({ now, points: p, memory }) => {
    const step = memory.at === null ? 0 : Math.min(600_000, Math.max(0, now - memory.at)) / hour;
    memory.at = now;
    if (p.mode === 8) return;
    const today = Math.floor(now / day);
    if (memory.days.at(-1)?.[0] !== today) keep(memory.days, [today, 0, 0], 30);
    const newest = memory.days.at(-1);
    if (!newest) return;
    if (p.mode !== 12 && (p.faultCode ?? 0) === 0) newest[1] += step;
    newest[2] += step;
  },
  condition: ({ memory, parameters }) =>
    sumOf(memory, 2) < parameters.known ? undefined : availability(memory) < parameters.least,
  offDelay: seconds(3600, [0, 86_400], engineering),
  priority: 3,
  trade: 'elevator',
  raisesOrder: false,
  detail: ({ memory }) =>
    both(`In service ${figure(availability(memory), 2)} % of the time`, `可用率 ${figure(availability(memory), 2)} %`),
});

/** L19. The controller of the emergency phone counts since its last good test call. */
const phoneTest = defineFault('elevator', {
  id: 'elevator.phone-test-missed',
  texts: elevatorServiceTexts.phoneTest,
  points: ['phoneTestAge'],
  parameters: { limit: limit('h', 72, [24, 720], 'EN 81-28: a test call at least every 3 days') },
  onDelay: seconds(60, [0, 86_400], engineering),
  condition: ({ points, parameters }) => points.phoneTestAge > parameters.limit,
  priority: 2,
  trade: 'elevator',
  raisesOrder: true,
  detail: ({ points }) =>
    both(
      `Last test call ${figure(points.phoneTestAge, 0)} hours ago`,
      `距上次测试通话 ${figure(points.phoneTestAge, 0)} 小时`,
    ),
});

interface Trips {
  /** Start of this week: event time, kWh, trips; null before the first look. */
  from: [time: number, energy: number, trips: number] | null;
  /** kWh a trip and trips of each whole week, newest last. */
  readonly weeks: [perTrip: number, trips: number][];
}

/** L20. Whole weeks are compared, and only with a like number of trips: stand-by is part of what a trip costs. */
const energyPerTrip = defineFault('elevator', {
  id: 'elevator.energy-per-trip',
  texts: elevatorServiceTexts.energyPerTrip,
  points: ['energy', 'trips'],
  parameters: {
    growth: limit('%', 15, [5, 100], 'fault library L20: 15 %'),
    alike: limit('%', 25, [5, 100], 'engineering default: weeks whose trips differ by more are not compared'),
  },
  every: 600,
  memory: (): Trips => ({ from: null, weeks: [] }),
  update: ({ now, points: p, memory }) => {
    const { from } = memory;
    if (from && now - from[0] < 7 * day && p.energy >= from[1] && p.trips >= from[2]) return;
    const trips = p.trips - (from?.[2] ?? p.trips);
    if (from && p.energy >= from[1] && trips > 50) keep(memory.weeks, [(p.energy - from[1]) / trips, trips], 9);
    memory.from = [now, p.energy, p.trips];
  },
  condition: ({ memory, parameters }) => {
    const [newest] = memory.weeks.slice(-1);
    const usual = usualOf(memory, parameters.alike);
    return newest && usual !== undefined ? newest[0] > (1 + parameters.growth / 100) * usual : undefined;
  },
  priority: 3,
  trade: 'energy',
  raisesOrder: false,
  detail: ({ memory, parameters }) => {
    const [now, usual] = [figure(memory.weeks.at(-1)?.[0], 3), figure(usualOf(memory, parameters.alike), 3)];
    return both(`${now} kWh a trip, usual ${usual} kWh`, `每次运行 ${now} kWh，以往 ${usual} kWh`);
  },
});

/** The median of at least two earlier weeks with about as many trips as the newest one. */
function usualOf({ weeks }: Trips, alike: number): number | undefined {
  const trips = weeks.at(-1)?.[1] ?? 0;
  const like = weeks.slice(0, -1).filter((week) => Math.abs(week[1] / Math.max(1, trips) - 1) <= alike / 100);
  return like.length < 2 ? undefined : median(like.map(([perTrip]) => perTrip));
}

/** L21. A95 of a run as the ride sensor gives it: the value that 95 % of the peaks stay below. */
const rideVibration = defineFault('elevator', {
  id: 'elevator.ride-vibration',
  texts: elevatorServiceTexts.ride,
  points: [],
  optional: ['vibrationVertical', 'vibrationHorizontal'],
  oneOf: ['vibrationVertical', 'vibrationHorizontal'],
  parameters: {
    vertical: limit('m/s2', 0.2, [0.05, 2], 'GB/T 10058: A95 vertical 0.20'),
    horizontal: limit('m/s2', 0.15, [0.05, 2], 'GB/T 10058: A95 horizontal 0.15'),
  },
  onDelay: seconds(3600, [0, 86_400], 'engineering default: over several runs'),
  offDelay: seconds(3600, [0, 86_400], engineering),
  condition: ({ points: p, parameters }) =>
    (p.vibrationVertical ?? 0) > parameters.vertical || (p.vibrationHorizontal ?? 0) > parameters.horizontal,
  priority: 3,
  trade: 'elevator',
  raisesOrder: true,
  respondWithin: 10080,
  detail: ({ points: p }) =>
    both(
      `Ride vibration ${figure(p.vibrationVertical, 2)} up and down, ${figure(p.vibrationHorizontal, 2)} m/s² sideways`,
      `运行振动：垂直 ${figure(p.vibrationVertical, 2)} m/s²，水平 ${figure(p.vibrationHorizontal, 2)} m/s²`,
    ),
});

export const elevatorServiceFaults: readonly Fault[] = [
  callStuck,
  repeatedFault,
  lowAvailability,
  phoneTest,
  energyPerTrip,
  rideVibration,
];
