import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { energyMeterQualityTexts } from './energy-meter-quality-texts.ts';
import { both, figure } from './figures.ts';
import { keep, median } from './trend.ts';

const hour = 3_600_000;
const day = 24 * hour;

interface Gaps {
  at: number | null;
  /** Of each of the last 24 hours: hour, ms missing. */
  readonly hours: [hour: number, missing: number][];
}
const missing = ({ hours }: Gaps) => (100 * hours.reduce((sum, [, each]) => sum + each, 0)) / day;

/** M1, second half: a meter that answers now and then is not silent, but its day is full of holes. */
const manyGaps = defineFault('energy-meter', {
  id: 'energy-meter.many-gaps',
  texts: energyMeterQualityTexts.manyGaps,
  points: ['energyImport'],
  parameters: {
    gap: limit('s', 180, [10, 86_400], 'fault library M1: 3 intervals, of a minute here'),
    share: limit('%', 10, [1, 90], 'CalTRACK: more than 10 % of a day missing'),
  },
  memory: (): Gaps => ({ at: null, hours: [] }),
  update: ({ now, parameters, memory }) => {
    const hole = now - (memory.at ?? now);
    memory.at = now;
    const current = Math.floor(now / hour);
    if (memory.hours.at(-1)?.[0] !== current) keep(memory.hours, [current, 0], 24);
    const newest = memory.hours.at(-1);
    if (newest && hole > parameters.gap * 1000) newest[1] += Math.min(day, hole);
    while ((memory.hours[0]?.[0] ?? current) <= current - 24) memory.hours.shift();
  },
  condition: ({ memory, parameters }) => missing(memory) > parameters.share,
  offDelay: seconds(3600, [0, 86_400], engineering),
  priority: 3,
  trade: 'instrumentation',
  raisesOrder: true,
  detail: ({ memory }) =>
    both(
      `${figure(missing(memory), 0)} % of the last day is missing`,
      `最近 24 小时数据缺失 ${figure(missing(memory), 0)} %`,
    ),
});

interface Register {
  value: number | null;
  /** When it last went back, from what to what. */
  broke: [time: number, from: number, to: number] | null;
}
/** Registers of five to nine digits roll over; near the end of one, back to near nothing is no break. */
const rollsOver = (from: number, to: number) => {
  const digits = Math.ceil(Math.log10(from + 1));
  return digits >= 5 && from > 0.99 * 10 ** digits && to < 0.01 * 10 ** digits;
};

/** M3. A register that went back: a roll-over is counted through, a reset or another meter is told. */
const registerBreak = defineFault('energy-meter', {
  id: 'energy-meter.register-break',
  texts: energyMeterQualityTexts.registerBreak,
  points: ['energyImport'],
  parameters: {
    hold: limit('h', 24, [1, 720], 'engineering default: how long it is shown'),
    least: limit('kWh', 1, [0.001, 1000], 'engineering default: less is a meter that rounds'),
  },
  memory: (): Register => ({ value: null, broke: null }),
  update: ({ now, points: { energyImport }, parameters, memory }) => {
    const { value } = memory;
    memory.value = energyImport;
    if (value === null || energyImport >= value - parameters.least || rollsOver(value, energyImport)) return;
    memory.broke = [now, value, energyImport];
  },
  condition: ({ now, parameters, memory }) => memory.broke !== null && now - memory.broke[0] < parameters.hold * hour,
  priority: 3,
  trade: 'energy',
  raisesOrder: false,
  detail: ({ memory }) => {
    const [, from = 0, to = 0] = memory.broke ?? [];
    return to < 0.01 * from
      ? both(
          `Register was reset: ${figure(from)} to ${figure(to)} kWh`,
          `电量示数被清零：由 ${figure(from)} 变为 ${figure(to)} kWh`,
        )
      : both(
          `Register went back: ${figure(from)} to ${figure(to)} kWh, another meter?`,
          `示数倒退：由 ${figure(from)} 变为 ${figure(to)} kWh，疑更换电表`,
        );
  },
});

/** M4. More than the supply can carry is not measured but wrong. */
const impossiblePower = defineFault('energy-meter', {
  id: 'energy-meter.impossible-power',
  texts: energyMeterQualityTexts.impossible,
  points: ['power'],
  ratings: ['ratedPower'],
  parameters: {
    share: limit('%', 120, [101, 1000], 'fault library M4: 1.2 times the rating of transformer or breaker'),
  },
  onDelay: seconds(3, [0, 600], engineering),
  offDelay: seconds(60, [0, 3600], engineering),
  condition: ({ points, ratings, parameters }) =>
    Math.abs(points.power) > (parameters.share / 100) * ratings.ratedPower,
  priority: 3,
  trade: 'instrumentation',
  raisesOrder: true,
  detail: ({ points, ratings }) =>
    both(
      `${figure(points.power)} kW cannot be: the supply is rated ${figure(ratings.ratedPower)} kW`,
      `功率 ${figure(points.power)} kW 不合理：额定 ${figure(ratings.ratedPower)} kW`,
    ),
});

interface Scale {
  today: number;
  hour: number;
  sum: number;
  count: number;
  /** Hourly means of today. */
  readonly hours: number[];
  /** Medians of the last fifteen days, newest last. */
  readonly medians: number[];
}
/** Wrong units, a wrong ratio of the current transformer, one phase of three, line for phase voltage. */
const ratios = [10, 100, 1000, Math.sqrt(3), 3, 0.5, 2, 0.1, 0.01, 0.001, 1 / Math.sqrt(3), 1 / 3];

/** The ratio that the day `back` days ago has to the same weekday before it, if it is one of a wrong setting. */
function knownRatio(medians: readonly number[], back: number, tolerance: number): number | undefined {
  const newest = medians.at(-1 - back);
  const before = medians.at(-8 - back);
  if (newest === undefined || before === undefined || Math.abs(before) < 0.01) return undefined;
  return ratios.find((ratio) => Math.abs(newest / before / ratio - 1) <= tolerance / 100);
}

/** M5. Two days running that stand to the same weekday of the week before in one and the same ratio of a wrong setting. */
const scaleChanged = defineFault('energy-meter', {
  id: 'energy-meter.scale-changed',
  texts: energyMeterQualityTexts.scale,
  points: ['power'],
  parameters: { tolerance: limit('%', 3, [0.5, 10], 'fault library M5: within 3 %') },
  every: 60,
  memory: (): Scale => ({ today: -1, hour: -1, sum: 0, count: 0, hours: [], medians: [] }),
  update: ({ now, points, memory }) => {
    const [today, current] = [Math.floor(now / day), Math.floor(now / hour)];
    if (current !== memory.hour) {
      if (memory.count > 0) memory.hours.push(memory.sum / memory.count);
      Object.assign(memory, { hour: current, sum: 0, count: 0 });
    }
    if (today !== memory.today) {
      const middle = median(memory.hours);
      if (memory.hours.length >= 20 && middle !== undefined) keep(memory.medians, middle, 15);
      memory.hours.length = 0;
      memory.today = today;
    }
    memory.sum += points.power;
    memory.count += 1;
  },
  condition: ({ memory, parameters }) => {
    const ratio = knownRatio(memory.medians, 0, parameters.tolerance);
    return ratio !== undefined && ratio === knownRatio(memory.medians, 1, parameters.tolerance);
  },
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ memory, parameters }) => {
    const ratio = figure(knownRatio(memory.medians, 0, parameters.tolerance), 3);
    return both(`Power is ${ratio} times that of the week before`, `功率为上周同日的 ${ratio} 倍，疑变比或单位改动`);
  },
});

interface Profile {
  quarter: number;
  sum: number;
  count: number;
  today: (number | null)[];
  usual: number[];
  days: number;
  lag: number;
  /** How many days running the lag has been the same. */
  lasting: number;
}
const quarters = 96;
const quarter = 900_000;

/** How alike the day is to the usual one when it is moved by `lag` quarters of an hour: correlation, -1 to 1. */
function alike(today: readonly (number | null)[], usual: readonly number[], lag: number): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let at = 8; at < quarters - 8; at += 1) {
    const [x, y] = [today[at + lag], usual[at]];
    if (x === null || x === undefined || y === undefined) continue;
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const spread = (n * sxx - sx * sx) * (n * syy - sy * sy);
  return spread > 0 ? (n * sxy - sx * sy) / Math.sqrt(spread) : 0;
}

function bestLag(today: readonly (number | null)[], usual: readonly number[]): number {
  const still = alike(today, usual, 0);
  let [best, most] = [0, Math.max(0.9, still + 0.02)];
  for (let lag = -8; lag <= 8; lag += 1) {
    const likeness = alike(today, usual, lag);
    if (likeness <= most) continue;
    most = likeness;
    best = lag;
  }
  return best;
}

/** M21. The course of the day has moved: by cross-correlation of its quarters of an hour with the usual day. */
const clockDrift = defineFault('energy-meter', {
  id: 'energy-meter.clock-drift',
  texts: energyMeterQualityTexts.clockDrift,
  points: ['power'],
  parameters: {
    days: limit('', 3, [2, 14], 'fault library M21: 3 days'),
    learning: limit('', 7, [3, 60], 'a week shows the course of the day'),
  },
  every: 60,
  memory: (): Profile => ({ quarter: -1, sum: 0, count: 0, today: [], usual: [], days: 0, lag: 0, lasting: 0 }),
  update: ({ wallTime, points, parameters, memory }) => {
    const current = Math.floor(wallTime / quarter);
    if (current !== memory.quarter && memory.quarter >= 0) {
      const at = memory.quarter % quarters;
      while (memory.today.length < at) memory.today.push(null);
      memory.today[at] = memory.sum / memory.count;
      Object.assign(memory, { sum: 0, count: 0 });
      if (Math.floor(current / quarters) !== Math.floor(memory.quarter / quarters)) endDay(memory, parameters.learning);
    }
    memory.quarter = current;
    memory.sum += points.power;
    memory.count += 1;
  },
  condition: ({ parameters, memory }) => memory.lag !== 0 && memory.lasting >= parameters.days,
  priority: 4,
  trade: 'instrumentation',
  raisesOrder: false,
  detail: ({ memory }) =>
    both(`The course of the day is ${15 * memory.lag} minutes late`, `日负荷曲线偏移 ${15 * memory.lag} 分钟`),
});

function endDay(memory: Profile, learning: number): void {
  const { today } = memory;
  memory.today = [];
  if (today.filter((value) => value !== null && value !== undefined).length < 90) return;
  const lag = memory.days < learning ? 0 : bestLag(today, memory.usual);
  memory.lasting = lag === memory.lag ? memory.lasting + 1 : 1;
  memory.lag = lag;
  // A day that is moved teaches nothing of the usual one.
  if (lag !== 0) return;
  const weight = Math.max(0.1, 1 / (memory.days + 1));
  memory.usual = Array.from({ length: quarters }, (_, at) => {
    const before = memory.usual[at] ?? today[at] ?? 0;
    return before + weight * ((today[at] ?? before) - before);
  });
  memory.days += 1;
}

export const meterQualityFaults: readonly Fault[] = [
  manyGaps,
  registerBreak,
  impossiblePower,
  scaleChanged,
  clockDrift,
];
