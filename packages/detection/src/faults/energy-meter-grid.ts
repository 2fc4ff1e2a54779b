import { defineFault, engineering, type Fault, type FaultTexts, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { keep } from './trend.ts';

const day = 86_400_000;

const texts = {
  overCompensation: {
    title: both('Over-compensation', '无功过补偿'),
    cause: both(
      'Capacitors stay on at low load: a welded contactor or a wrong controller setting.',
      '轻载时电容未切除：接触器粘连或控制器设置错误。',
    ),
    consequence: both('The voltage rises; reactive energy fed back may be charged.', '电压升高，反送无功可能被考核。'),
    steps: [
      both('See which capacitor step is on at night.', '查看夜间哪一组电容仍投入。'),
      both('Check its contactor and the controller settings.', '检查该组接触器和控制器设置。'),
    ],
  },
  harmonics: {
    title: both('Harmonics too high', '谐波超标'),
    cause: both(
      'Drives, rectifiers or LED loads without filters; resonance with capacitors.',
      '变频器、整流或 LED 负荷无滤波，或与电容谐振。',
    ),
    consequence: both('Capacitors and transformers overheat; electronics fail.', '电容和变压器过热，电子设备故障。'),
    steps: [
      both('Switch the capacitor bank off for a test: resonance?', '短时切除电容，判断是否谐振。'),
      both('Measure the orders; plan a filter.', '测量各次谐波，制定滤波方案。'),
    ],
  },
  overload: {
    title: both('Transformer or feeder overloaded', '变压器或线路过载'),
    cause: both('More load than it was planned for, or a neighbour is out.', '负荷超过设计，或相邻变压器退出运行。'),
    consequence: both('Insulation ages fast; the protection trips in the end.', '绝缘加速老化，最终保护跳闸。'),
    steps: [
      both('Shed what can wait; start fans of the transformer.', '切除可延后的负荷，启动变压器风机。'),
      both('Look for hot joints with a thermal camera.', '用热像仪检查接头。'),
      both('Move load to another transformer.', '将负荷转移到其他变压器。'),
    ],
  },
} satisfies Record<string, FaultTexts>;

/** M11. Leading while it still draws power: more capacitors than the load asks for. */
const overCompensation = defineFault('energy-meter', {
  id: 'energy-meter.over-compensation',
  texts: texts.overCompensation,
  points: ['power', 'reactivePower'],
  parameters: {
    most: limit('', 0.98, [0.5, 0.999], 'fault library M11: leading below 0.98'),
    least: limit('kvar', 10, [0.1, 10_000], engineering),
  },
  onDelay: seconds(1800, [60, 86_400], engineering),
  offDelay: seconds(600, [0, 86_400], engineering),
  gate: ({ points }) => points.power > 0,
  condition: ({ points: p, parameters }) =>
    p.reactivePower < -parameters.least && p.power / Math.hypot(p.power, p.reactivePower) < parameters.most,
  priority: 3,
  trade: 'electrical',
  raisesOrder: false,
  detail: ({ points }) =>
    both(
      `Feeds back ${figure(-points.reactivePower)} kvar at ${figure(points.power)} kW`,
      `有功 ${figure(points.power)} kW 时反送无功 ${figure(-points.reactivePower)} kvar`,
    ),
});

const phases = ['L1', 'L2', 'L3'] as const;

interface Harmonics {
  window: number;
  sum: number;
  count: number;
  /** Of the last seven days: day, ten-minute means above the limit, all of them. */
  readonly days: [day: number, above: number, all: number][];
}
const above = ({ days }: Harmonics) => days.reduce((sum, each) => sum + each[1], 0);
const all = ({ days }: Harmonics) => days.reduce((sum, each) => sum + each[2], 0);

/** M12. The 95th percentile of a week is above the limit when more than 5 % of its ten-minute means are. */
const harmonics = defineFault('energy-meter', {
  id: 'energy-meter.harmonics',
  texts: texts.harmonics,
  points: [],
  optional: ['voltageThdL1', 'voltageThdL2', 'voltageThdL3'],
  oneOf: ['voltageThdL1', 'voltageThdL2', 'voltageThdL3'],
  parameters: {
    limit: limit('%', 8, [1, 30], 'IEEE 519, EN 50160: 8 % up to 1 kV; GB/T 14549: 5 %'),
    share: limit('%', 5, [0, 50], 'EN 50160: 95 % of the ten-minute means of a week'),
    known: limit('', 1, [0.1, 7], 'engineering default: days of record before it is judged'),
  },
  every: 30,
  memory: (): Harmonics => ({ window: -1, sum: 0, count: 0, days: [] }),
  update: ({ now, points, parameters, memory }) => {
    const worst = Math.max(...phases.map((phase) => points[`voltageThd${phase}`] ?? 0));
    const window = Math.floor(now / 600_000);
    if (window !== memory.window && memory.count > 0) {
      const today = Math.floor((memory.window * 600_000) / day);
      if (memory.days.at(-1)?.[0] !== today) keep(memory.days, [today, 0, 0], 7);
      const newest = memory.days.at(-1);
      if (newest && memory.sum / memory.count > parameters.limit) newest[1] += 1;
      if (newest) newest[2] += 1;
      memory.sum = 0;
      memory.count = 0;
    }
    memory.window = window;
    memory.sum += worst;
    memory.count += 1;
  },
  condition: ({ parameters, memory }) =>
    all(memory) < 144 * parameters.known ? undefined : above(memory) > (parameters.share / 100) * all(memory),
  offDelay: seconds(3600, [0, 86_400], engineering),
  priority: 3,
  trade: 'electrical',
  raisesOrder: false,
  detail: ({ parameters, memory }) => {
    const share = figure((100 * above(memory)) / Math.max(1, all(memory)));
    return both(
      `Voltage harmonics above ${parameters.limit} % in ${share} % of the ten-minute means`,
      `电压谐波畸变率超过 ${parameters.limit} % 的 10 分钟均值占 ${share} %`,
    );
  },
});

/** M15. Apparent power is what heats; half an hour is what a transformer takes to follow. */
const overload = defineFault('energy-meter', {
  id: 'energy-meter.overload',
  texts: texts.overload,
  points: [],
  optional: ['apparentPower', 'power', 'reactivePower'],
  oneOf: ['apparentPower', 'power'],
  ratings: ['ratedApparentPower'],
  parameters: { share: limit('%', 100, [50, 150], 'fault library M15: 100 % for 30 min') },
  onDelay: seconds(1800, [60, 86_400], 'fault library M15: 30 min'),
  offDelay: seconds(300, [0, 3600], engineering),
  condition: ({ points, ratings, parameters }) =>
    apparent(points) > (parameters.share / 100) * ratings.ratedApparentPower,
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  respondWithin: 30,
  detail: ({ points, ratings }) =>
    both(
      `Carries ${figure(apparent(points), 0)} kVA of ${figure(ratings.ratedApparentPower, 0)} kVA`,
      `负荷 ${figure(apparent(points), 0)} kVA，额定 ${figure(ratings.ratedApparentPower, 0)} kVA`,
    ),
});

interface Load {
  readonly apparentPower: number | undefined;
  readonly power: number | undefined;
  readonly reactivePower: number | undefined;
}
const apparent = (p: Load) => p.apparentPower ?? Math.hypot(p.power ?? 0, p.reactivePower ?? 0);

export const meterGridFaults: readonly Fault[] = [overCompensation, harmonics, overload];
