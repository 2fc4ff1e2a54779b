import { certificate } from './certificate.ts';
import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { silence } from './silence.ts';
import { unusual } from './unusual.ts';
import { waterTankBalanceFaults } from './water-tank-balance.ts';

const level = (value: number | undefined) =>
  value === undefined
    ? { en: 'float switch', zh: '液位开关动作' }
    : { en: `level ${figure(value)} %`, zh: `液位 ${figure(value)} %` };

/** P17. The float switch stands for itself; the limit serves tanks that have a transmitter only. */
const high = defineFault('water-tank', {
  id: 'water-tank.high-level',
  texts: {
    title: both('Water level high', '液位过高'),
    cause: both(
      'Inlet valve or float does not close, the pump does not stop, or more water comes than the pumps can lift.',
      '进水阀或浮球关不严、水泵不停，或来水超过排水能力。',
    ),
    consequence: both('The tank overflows; rooms below or the pit are flooded.', '水箱溢流，下方房间或泵坑被淹。'),
    steps: [
      both('Go and look: does it overflow?', '到现场查看是否溢流。'),
      both('Close the inlet by hand, or start the standby pump of a pit.', '手动关闭进水阀；集水坑则启动备用泵。'),
      both('Check float, level transmitter and pump control.', '检查浮球、液位变送器和水泵控制。'),
    ],
  },
  points: [],
  optional: ['level', 'highLevel'],
  oneOf: ['level', 'highLevel'],
  parameters: { limit: limit('%', 95, [50, 110], engineering) },
  onDelay: seconds(60, [2, 1800], 'ISA-18.2: level 60 s'),
  offDelay: seconds(60, [0, 1800], 'ISA-18.2: level 60 s'),
  condition: ({ points: p, parameters }) => either(p.highLevel, p.level, (value) => value > parameters.limit),
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  respondWithin: 15,
  detail: ({ points: p }) => both(`High: ${level(p.level).en}`, `高液位：${level(p.level).zh}`),
});

const low = defineFault('water-tank', {
  id: 'water-tank.low-level',
  texts: {
    title: both('Water level low', '液位过低'),
    cause: both(
      'Supply missing, filling pump off, a leak, or use above what comes in.',
      '补水中断、补水泵停运、泄漏或用水量过大。',
    ),
    consequence: both(
      'Floors are without water; pumps run dry; the fire reserve may be used up.',
      '楼层断水、水泵干转，消防储水可能不足。',
    ),
    steps: [
      both('Check the filling pumps and the inlet valve.', '检查补水泵和进水阀。'),
      both('Look for a leak: tank, overflow, drain valve.', '检查水箱、溢流管、泄水阀有无泄漏。'),
      both('Tell the users before the water runs out; check the fire reserve.', '断水前通知用户，核实消防储水量。'),
    ],
  },
  points: [],
  optional: ['level', 'lowLevel'],
  oneOf: ['level', 'lowLevel'],
  parameters: { limit: limit('%', 15, [1, 60], engineering) },
  onDelay: seconds(60, [2, 1800], 'ISA-18.2: level 60 s'),
  offDelay: seconds(60, [0, 1800], 'ISA-18.2: level 60 s'),
  condition: ({ points: p, parameters }) => either(p.lowLevel, p.level, (value) => value < parameters.limit),
  priority: 2,
  trade: 'mechanical',
  raisesOrder: true,
  respondWithin: 30,
  detail: ({ points: p }) => both(`Low: ${level(p.level).en}`, `低液位：${level(p.level).zh}`),
});

/** True when one of the two says so; unknown when the only one that is known does not, and the other has failed. */
function either(
  float: number | undefined,
  value: number | undefined,
  beyond: (value: number) => boolean,
): boolean | undefined {
  if (float === 1 || (value !== undefined && beyond(value))) return true;
  return float === undefined && value === undefined ? undefined : false;
}

export const waterTankFaults: readonly Fault[] = [
  high,
  low,
  ...waterTankBalanceFaults,
  silence('water-tank', 3, 'instrumentation', true),
  certificate('water-tank'),
  unusual('water-tank', 'mechanical'),
];
