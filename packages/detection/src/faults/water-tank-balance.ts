import { defineFault, engineering, type Fault, type FaultTexts, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { keep, spread } from './trend.ts';

const minute = 60_000;

const texts = {
  fills: {
    title: both('Filling does not stop', '补水不停'),
    cause: both(
      'The inlet valve or float does not close, or the pump does not stop.',
      '进水阀或浮球关不严，或水泵不停。',
    ),
    consequence: both('The tank overflows within the time named.', '水箱将在所示时间内溢流。'),
    steps: [
      both('Close the inlet by hand; stop the filling pump.', '手动关闭进水阀，停补水泵。'),
      both('Check float, valve and control.', '检查浮球、阀门和控制。'),
    ],
  },
  loses: {
    title: both('Tank loses water', '水箱失水'),
    cause: both(
      'A leak of tank or pipe, an open drain, or a flow meter that reads wrong.',
      '水箱或管路泄漏、泄水阀未关，或流量计不准。',
    ),
    consequence: both('Water damage; the reserve is used up unseen.', '水损，储水被悄然耗尽。'),
    steps: [
      both('Look at drain, overflow and the walls of the tank.', '检查泄水阀、溢流管和箱壁。'),
      both('Close the outlet for ten minutes: does the level still fall?', '关闭出水阀十分钟，观察液位是否仍下降。'),
      both('Compare the flow meters.', '核对进出水流量计。'),
    ],
  },
} satisfies Record<string, FaultTexts>;

interface Levels {
  /** [event time, level], a minute apart, of the last ten minutes. */
  readonly readings: [time: number, level: number][];
  /** Minutes until full at this rate; null while it does not rise. */
  left: number | null;
}

/** P17, the rate: above the level at which filling stops it rises on, and would be full before long. */
const fillsOn = defineFault('water-tank', {
  id: 'water-tank.filling-does-not-stop',
  texts: texts.fills,
  points: ['level'],
  ratings: ['fillStop'],
  parameters: {
    time: limit('min', 30, [5, 600], 'fault library P17: full within 30 minutes'),
    margin: limit('%', 1, [0.2, 20], engineering),
  },
  every: 5,
  memory: (): Levels => ({ readings: [], left: null }),
  update: ({ now, points: { level }, memory }) => {
    const newest = memory.readings.at(-1);
    if (newest && now - newest[0] < minute) return;
    if (newest && now - newest[0] > 5 * minute) memory.readings.length = 0;
    keep(memory.readings, [now, level], 4);
    const [first] = memory.readings;
    const span = first ? (now - first[0]) / minute : 0;
    const rate = first && span >= 2 ? (level - first[1]) / span : 0;
    memory.left = rate > 0.01 ? (100 - level) / rate : null;
  },
  onDelay: seconds(60, [0, 1800], 'ISA-18.2: level 60 s'),
  offDelay: seconds(60, [0, 1800], 'ISA-18.2: level 60 s'),
  condition: ({ points, ratings, parameters, memory }) =>
    points.level > ratings.fillStop + parameters.margin && memory.left !== null && memory.left < parameters.time,
  explainedBy: [{ fault: 'water-tank.high-level', subject: 'any' }],
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  respondWithin: 15,
  detail: ({ points, memory }) =>
    both(
      `Level ${figure(points.level)} % and rising, full in ${figure(memory.left ?? undefined, 0)} minutes`,
      `液位 ${figure(points.level)} % 仍在上升，约 ${figure(memory.left ?? undefined, 0)} 分钟后满`,
    ),
});

interface Balance {
  window: number;
  level: number;
  flow: number;
  count: number;
  /** Residuals (m3/h, what came in less what went out less what was stored) of the last twelve windows. */
  readonly newest: number[];
  readonly usual: number[];
}
/** Windows of ten minutes: two hours are judged, a day is learned. */
const judged = 12;
const learned = 144;
/** The resolution of level transmitters makes a smaller loss invisible, m3/h. */
const leastDeviation = 0.02;

/** P18. Mass balance: what is missing for two hours beyond three standard deviations of what is usually missing. */
const losesWater = defineFault('water-tank', {
  id: 'water-tank.loses-water',
  texts: texts.loses,
  points: ['level', 'inflow', 'outflow'],
  ratings: ['volume'],
  parameters: { deviations: limit('', 3, [2, 10], 'fault library P18: 3 standard deviations for 2 h') },
  memory: (): Balance => ({ window: -1, level: 0, flow: 0, count: 0, newest: [], usual: [] }),
  every: 10,
  update: ({ now, points: p, ratings, memory }) => {
    const window = Math.floor(now / (10 * minute));
    if (window !== memory.window) {
      if (window === memory.window + 1 && memory.count > 0) {
        const stored = ((p.level - memory.level) / 100) * ratings.volume * 6;
        keep(memory.newest, memory.flow / memory.count - stored, judged);
        if (memory.usual.length < learned) memory.usual.push(memory.newest.at(-1) ?? 0);
      } else memory.newest.length = 0;
      Object.assign(memory, { window, level: p.level, flow: 0, count: 0 });
    }
    memory.flow += p.inflow - p.outflow;
    memory.count += 1;
  },
  condition: ({ memory, parameters }) => {
    if (memory.usual.length < learned || memory.newest.length < judged) return undefined;
    return (
      loss(memory) >
      parameters.deviations * Math.max(leastDeviation, spread(memory.usual).deviation / Math.sqrt(judged))
    );
  },
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(`Loses ${figure(loss(memory), 2)} m³/h that nobody draws`, `去向不明的失水 ${figure(loss(memory), 2)} m³/h`),
});

const loss = ({ newest, usual }: Balance) => spread(newest).mean - spread(usual).mean;

export const waterTankBalanceFaults: readonly Fault[] = [fillsOn, losesWater];
