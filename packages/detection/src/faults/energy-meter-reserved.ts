import type { Priority } from '@plantroom/model';
import { defineFault, type Fault, type FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const steps = [
  both('See which hours and which sub-meter carry the surplus.', '查看异常集中在哪些时段和分项。'),
  both('Check schedules, set points and manual switches there.', '检查相应时间表、设定值和手动开关。'),
];

function reserved(id: `energy-meter.${string}`, priority: Priority, texts: Omit<FaultTexts, 'steps'>): Fault {
  const fault = { id, texts: { ...texts, steps }, priority, trade: 'energy', raisesOrder: false } as const;
  return defineFault('energy-meter', { ...fault, trigger: 'reserved' });
}

/**
 * M17 to M20 and M23 keep their place in the catalogue. They are told from models of consumption over intervals, which is the
 * energy package's; nothing finds them yet. M16 is `energy-meter.night-load`.
 */
export const meterReservedFaults: readonly Fault[] = [
  reserved('energy-meter.outside-schedule', 3, {
    title: both('Runs outside its schedule', '非计划时段运行'),
    cause: both('A schedule was overridden, or does not know of the holiday.', '时间表被手动覆盖，或未设节假日。'),
    consequence: both('Energy is used while nobody needs it.', '无人使用时耗能。'),
  }),
  reserved('energy-meter.consumption-step', 3, {
    title: both('Consumption stepped up', '能耗阶跃'),
    cause: both('A plant was changed, or something was left on for good.', '设备或运行方式改变，或设备长期未关。'),
    consequence: both('Each day costs more than weather explains.', '每日能耗高于气候可解释的水平。'),
  }),
  reserved('energy-meter.slow-drift', 3, {
    title: both('Consumption drifts up', '能耗缓慢上升'),
    cause: both('Wear, fouling, or set points that creep.', '磨损、结垢，或设定值逐渐偏移。'),
    consequence: both('Savings are lost without anybody noticing.', '节能效果在不知不觉中流失。'),
  }),
  reserved('energy-meter.sub-meter-balance', 3, {
    title: both('Sub-meters do not add up', '总分表不平衡'),
    cause: both(
      'A meter counts wrong, a load is not metered, or the meter tree is wrong.',
      '某表计量错误、有负荷未计量，或表计层级有误。',
    ),
    consequence: both('Costs are shared out wrongly.', '费用分摊失真。'),
  }),
  reserved('energy-meter.generation-low', 3, {
    title: both('Generation below its peers', '发电或储能偏低'),
    cause: both(
      'Dirt, shade, a string that is out, or an inverter that derates.',
      '积灰、遮挡、组串断开，或逆变器降额。',
    ),
    consequence: both('Yield is lost.', '发电量损失。'),
  }),
];
