import { defineFault, engineering, type Fault, type FaultTexts, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { keep, median } from './trend.ts';

const quarter = 900_000;
const day = 96;

const texts = {
  neverZero: {
    title: both('Flow never ends', '流量从不归零'),
    cause: both('A leak, a running toilet, or a valve left open.', '管路泄漏、马桶常流水，或阀门未关。'),
    consequence: both(
      'Water or gas is lost day and night; damage or danger grows.',
      '昼夜流失，可能造成水损或燃气危险。',
    ),
    steps: [
      both('Gas: call the emergency service at once.', '燃气：立即联系燃气抢修。'),
      both('Close sections at night and watch the meter.', '夜间逐段关阀观察表计。'),
      both('Check toilets, filling valves and drains.', '检查卫生间、补水阀和泄水阀。'),
    ],
  },
  nightFlow: {
    title: both('Night flow up', '夜间最小流量升高'),
    cause: both('A new leak, or a new user at night.', '新出现泄漏，或夜间新增用水。'),
    consequence: both('Water is lost; a leak grows.', '持续漏水且会扩大。'),
    steps: [
      both('Ask for new users at night.', '核实夜间是否新增用水。'),
      both('Close sections at night and watch the meter.', '夜间逐段关阀观察表计。'),
    ],
  },
} satisfies Record<string, FaultTexts>;

interface Night {
  quarter: number;
  sum: number;
  count: number;
  /** Means of the last 96 quarters of an hour, m3/h: [quarter, mean]. */
  readonly means: [quarter: number, mean: number][];
  /** The lowest of each of the last eight days, newest last. */
  readonly lowest: number[];
}
const empty = (): Night => ({ quarter: -1, sum: 0, count: 0, means: [], lowest: [] });

/** A heat meter's water circulates: it never stands, and is no loss. */
interface Seen {
  readonly now: number;
  readonly points: { readonly flow: number; readonly heatPower: number | undefined };
  readonly memory: Night;
}

function addFlow({ now, points, memory }: Seen): void {
  const current = Math.floor(now / quarter);
  if (current !== memory.quarter && memory.count > 0) {
    keep(memory.means, [memory.quarter, memory.sum / memory.count], day);
    while ((memory.means[0]?.[0] ?? current) < current - day) memory.means.shift();
    memory.sum = 0;
    memory.count = 0;
    const ends = Math.floor(current / day) !== Math.floor(memory.quarter / day);
    const least = leastOf(memory);
    if (ends && least !== undefined) keep(memory.lowest, least, 8);
  }
  memory.quarter = current;
  memory.sum += points.flow;
  memory.count += 1;
}

/** The lowest quarter of an hour of a day; undefined while more than a few of them are missing. */
function leastOf({ means }: Night): number | undefined {
  return means.length < 0.9 * day ? undefined : Math.min(...means.map(([, mean]) => mean));
}

/** M22. In a building that sleeps, the flow of one quarter of an hour in 24 hours is nothing. */
const neverZero = defineFault('energy-meter', {
  id: 'energy-meter.flow-never-zero',
  texts: texts.neverZero,
  points: ['flow'],
  optional: ['heatPower'],
  parameters: {
    least: limit(
      'm3/h',
      0.02,
      [0.0001, 1000],
      'fault library M22: above nothing; here above the start of a water meter',
    ),
  },
  every: 5,
  memory: empty,
  update: addFlow,
  gate: ({ points }) => points.heatPower === undefined,
  condition: ({ memory, parameters }) => {
    const least = leastOf(memory);
    return least === undefined ? undefined : least > parameters.least;
  },
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `Never below ${figure(leastOf(memory), 3)} m³/h in 24 hours`,
      `24 小时内流量始终不低于 ${figure(leastOf(memory), 3)} m³/h`,
    ),
});

/** P18 and M22: the minimum of the night against the median of the week before, for a building that never sleeps quite. */
const nightFlow = defineFault('energy-meter', {
  id: 'energy-meter.night-flow-up',
  texts: texts.nightFlow,
  points: ['flow'],
  optional: ['heatPower'],
  parameters: {
    growth: limit('%', 20, [5, 500], 'fault library P18, M22: night flow 20 % above that of 7 days'),
    least: limit('m3/h', 0.02, [0.0001, 1000], engineering),
  },
  every: 5,
  memory: empty,
  update: addFlow,
  gate: ({ points }) => points.heatPower === undefined,
  condition: ({ memory, parameters }) => {
    const usual = median(memory.lowest.slice(0, -1));
    const newest = memory.lowest.at(-1);
    if (memory.lowest.length < 8 || usual === undefined || newest === undefined) return undefined;
    return newest > Math.max(parameters.least, (1 + parameters.growth / 100) * usual);
  },
  offDelay: seconds(60, [0, 86_400], engineering),
  explainedBy: [{ fault: 'energy-meter.flow-never-zero', subject: 'any' }],
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  detail: ({ memory }) => {
    const [newest, usual] = [figure(memory.lowest.at(-1), 3), figure(median(memory.lowest.slice(0, -1)), 3)];
    return both(`Night flow ${newest} m³/h, usual ${usual} m³/h`, `夜间最小流量 ${newest} m³/h，以往 ${usual} m³/h`);
  },
});

export const meterFlowFaults: readonly Fault[] = [neverZero, nightFlow];
