import { defineFault, engineering, type Fault, type FaultTexts, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { type StartCount, startsSince } from './starts.ts';
import { keep } from './trend.ts';

const hour = 3_600_000;
const day = 24 * hour;

const texts = {
  notExercised: {
    title: both('Long not run', '长期未运行'),
    cause: both(
      'The standby pump never takes its turn: no rotation, switched off, or forgotten.',
      '备用泵未轮换：无自动轮换、被停用或遗忘。',
    ),
    consequence: both(
      'Seals stick and bearings rust; nobody knows whether it starts.',
      '密封粘连、轴承锈蚀，能否启动未知。',
    ),
    steps: [
      both('Run it by hand for ten minutes and watch it.', '手动运行十分钟并观察。'),
      both('Set up an automatic change of pumps.', '设置自动轮换。'),
    ],
  },
  weeklyTest: {
    title: both('Weekly test missing', '消防泵周试缺失'),
    cause: both(
      'Nobody ran the weekly test, or the pump did not reach its pressure in it.',
      '未做每周试运行，或试运行时压力不达标。',
    ),
    consequence: both('The fire pump may fail when it is needed.', '火灾时消防泵可能失效。'),
    steps: [
      both('Run the test: ten minutes at closed valve, note the pressure.', '按规程零流量试运行十分钟并记录压力。'),
      both('Too little pressure: check valves, speed and wear.', '压力不足：检查阀门、转速和磨损。'),
    ],
  },
  jockey: {
    title: both('Jockey pump starts more often', '稳压泵启动增多'),
    cause: both('The fire main leaks, or the pressure vessel has lost its air.', '消防管网泄漏，或气压罐失气。'),
    consequence: both('Water is lost; the pump wears out.', '持续漏水，稳压泵磨损。'),
    steps: [
      both('Close sections one by one to find the leak.', '逐段关阀查漏。'),
      both('Check the pre-charge of the pressure vessel.', '检查气压罐预充压力。'),
    ],
  },
} satisfies Record<string, FaultTexts>;

interface Last {
  /** Event time of the last running, or of the first look. */
  run: number | null;
}

/** P16. What stands for a week has not been proven. */
const notExercised = defineFault('pump', {
  id: 'pump.not-exercised',
  texts: texts.notExercised,
  points: ['running'],
  parameters: { time: limit('d', 7, [1, 365], 'fault library P16: 7 days') },
  every: 5,
  memory: (): Last => ({ run: null }),
  update: ({ now, points, memory }) => {
    if (points.running === 1 || memory.run === null) memory.run = now;
  },
  condition: ({ now, memory, parameters }) => now - (memory.run ?? now) > parameters.time * day,
  explainedBy: [
    { fault: 'pump.not-in-automatic', subject: 'any' },
    { fault: 'pump.test-missing', subject: 'any' },
  ],
  priority: 4,
  trade: 'mechanical',
  raisesOrder: false,
  detail: ({ now, memory }) => {
    const days = figure((now - (memory.run ?? now)) / day, 0);
    return both(`Has not run for ${days} days`, `已 ${days} 天未运行`);
  },
});

interface Test {
  /** Event time of the end of the last good test, or of the first look. */
  good: number | null;
  began: number | null;
  /** Highest discharge pressure of this run, MPa. */
  best: number;
}

/** F15. A run of ten minutes that reaches the pressure of the closed valve is a test (NFPA 25 asks for one a week). */
const testMissing = defineFault('pump', {
  id: 'pump.test-missing',
  texts: texts.weeklyTest,
  points: ['running', 'dischargePressure'],
  ratings: ['churnPressure'],
  parameters: {
    time: limit('d', 7, [1, 60], 'fault library F15: weekly'),
    least: limit('min', 10, [1, 60], 'fault library F15; NFPA 25: ten minutes for an electric pump'),
    pressure: limit('%', 95, [50, 110], 'fault library F15: 95 % of the churn pressure'),
  },
  every: 5,
  memory: (): Test => ({ good: null, began: null, best: 0 }),
  update: ({ now, points: p, ratings, parameters, memory }) => {
    memory.good ??= now;
    if (p.running !== 1) {
      Object.assign(memory, { began: null, best: 0 });
      return;
    }
    memory.began ??= now;
    memory.best = Math.max(memory.best, p.dischargePressure);
    const reached = memory.best >= (parameters.pressure / 100) * ratings.churnPressure;
    if (reached && now - memory.began >= parameters.least * 60_000) memory.good = now;
  },
  condition: ({ now, memory, parameters }) => now - (memory.good ?? now) > parameters.time * day,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ now, memory }) => {
    const days = figure((now - (memory.good ?? now)) / day, 0);
    return both(`No good test for ${days} days`, `已 ${days} 天无合格试运行`);
  },
});

interface Starts extends StartCount {
  /** Starts of each of the last 24 hours, newest last. */
  readonly hours: [hour: number, starts: number][];
}
const total = ({ hours }: Starts) => hours.reduce((sum, [, starts]) => sum + starts, 0);

/** F14. Against what the tight main needed when it was commissioned: a leak that grows slowly would move a median along. */
const jockeyCycling = defineFault('pump', {
  id: 'pump.jockey-starts-rising',
  texts: texts.jockey,
  points: ['running'],
  optional: ['starts'],
  ratings: ['jockeyStarts'],
  parameters: { growth: limit('%', 150, [110, 1000], 'fault library F14: half as many again as usual') },
  memory: (): Starts => ({ last: null, hours: [] }),
  update: ({ now, points, memory }) => {
    const begun = startsSince(points, memory, now);
    const current = Math.floor(now / hour);
    const newest = memory.hours.at(-1);
    if (newest?.[0] === current) newest[1] += begun;
    else keep(memory.hours, [current, begun], 24);
    while ((memory.hours[0]?.[0] ?? current) <= current - 24) memory.hours.shift();
  },
  condition: ({ memory, ratings, parameters }) => total(memory) > (parameters.growth / 100) * ratings.jockeyStarts,
  offDelay: seconds(3600, [0, 86_400], engineering),
  explainedBy: [{ fault: 'pump.short-cycling', subject: 'any' }],
  priority: 3,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ memory, ratings }) =>
    both(
      `${total(memory)} starts in 24 hours, ${ratings.jockeyStarts} when the main was tight`,
      `24 小时内启动 ${total(memory)} 次，管网严密时为 ${ratings.jockeyStarts} 次`,
    ),
});

export const pumpDutyFaults: readonly Fault[] = [notExercised, testMissing, jockeyCycling];
