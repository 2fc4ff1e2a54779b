import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const authorised = both('Only an authorised electrician opens the cabinet.', '须由持证电工开柜作业。');

export const energyMeterTexts = {
  ctReversed: {
    title: both('Current transformer reversed', '电流互感器接反'),
    cause: both(
      'A current transformer sits the wrong way round, its wires are swapped, or phases of current and voltage do not match.',
      '电流互感器方向装反、二次线接反，或电流与电压相别不对应。',
    ),
    consequence: both('The meter counts far too little; every report is wrong.', '电表少计电量，能耗数据失真。'),
    steps: [
      authorised,
      both('Short the secondary before you open it; never leave it open.', '先短接二次侧，严禁开路。'),
      both('Check arrow, P1/P2 and S1/S2 of the phase named.', '核对该相互感器箭头方向及 P1/P2、S1/S2。'),
      both('Swap the wires; check that all three powers are positive.', '调换接线，确认三相功率均为正。'),
    ],
  },
  voltageLost: {
    title: both('Phase voltage lost', '相电压失压'),
    cause: both(
      'A fuse blew, a breaker pole opened or a measuring wire came off.',
      '熔断器熔断、断路器缺相或电压采样线松脱。',
    ),
    consequence: both(
      'Three-phase motors burn out; single-phase users are without power; the meter counts too little.',
      '三相电机可能烧毁，单相用户停电，电表少计。',
    ),
    steps: [
      authorised,
      both(
        'Find out whether the supply or only the measuring circuit is concerned.',
        '判断是供电缺相还是仅电压采样回路异常。',
      ),
      both('Supply: stop three-phase motors, call the grid operator.', '供电缺相：停运三相电机，联系供电部门。'),
      both('Measuring: replace the fuse, tighten the terminals.', '采样异常：更换熔断器，紧固端子。'),
    ],
  },
  supplyLost: {
    title: both('Supply lost', '供电中断'),
    cause: both(
      'The grid or the feeder is without voltage: an outage, a tripped breaker or an opened switch.',
      '电网或上级馈线失电：停电、断路器跳闸或开关分闸。',
    ),
    consequence: both(
      'Everything below this meter stands still, unless another source feeds it.',
      '除非有备用电源，本表下级所有设备均已停运。',
    ),
    steps: [
      authorised,
      both(
        'Find out whether the outage is the grid\u2019s or ends at a breaker of the building.',
        '判断是电网停电还是楼内断路器跳闸。',
      ),
      both(
        'Check that emergency lighting, fire pumps and lifts are on their second source.',
        '确认应急照明、消防泵和电梯已切换至备用电源。',
      ),
      both('A tripped breaker: find the cause before it is closed again.', '断路器跳闸：查明原因后方可合闸。'),
    ],
  },
  voltageBand: {
    title: both('Voltage out of band', '电压越限'),
    cause: both(
      'Tap of the transformer, load of the grid, or a loose neutral.',
      '变压器分接头不当、电网负荷变化或中性线松动。',
    ),
    consequence: both(
      'Lamps, drives and electronics age early or switch off.',
      '灯具、变频器和电子设备提前老化或停机。',
    ),
    steps: [
      both('Compare with other meters of the same transformer.', '与同一变压器下其他电表对比。'),
      both('One phase only: check the neutral at once.', '仅单相异常：立即检查中性线。'),
      both('All phases: ask for another tap or tell the grid operator.', '三相均异常：调整分接头或联系供电部门。'),
    ],
  },
  voltageUnbalance: {
    title: both('Voltages unbalanced', '三相电压不平衡'),
    cause: both('Single-phase loads share the phases badly, or a contact is poor.', '单相负荷分配不均或接触不良。'),
    consequence: both('Motors run hot and must be derated.', '电机发热，需降额运行。'),
    steps: [
      both('Compare the three currents; move single-phase loads.', '比较三相电流，调整单相负荷分配。'),
      both('Look for hot terminals with a thermal camera.', '用热像仪检查端子发热。'),
    ],
  },
  lowPowerFactor: {
    title: both('Power factor low', '功率因数偏低'),
    cause: both('Capacitor bank off or failed, or motors run nearly empty.', '电容补偿未投入或损坏，电机轻载运行。'),
    consequence: both(
      'The tariff charges a penalty; cables and transformer carry more than needed.',
      '力调电费罚款，线路和变压器损耗增加。',
    ),
    steps: [
      both('Check the controller and fuses of the capacitor bank.', '检查无功补偿控制器和熔断器。'),
      both('Measure the current of each capacitor step.', '测量各组电容电流。'),
    ],
  },
  neutralOverload: {
    title: both('Neutral overloaded', '中性线过载'),
    cause: both(
      'Third harmonics of electronic loads, or one phase carries most of the load.',
      '电子设备三次谐波或单相负荷过于集中。',
    ),
    consequence: both('The neutral overheats: danger of fire.', '中性线过热，有火灾风险。'),
    steps: [
      authorised,
      both('Look at the neutral with a thermal camera.', '用热像仪检查中性线。'),
      both('Share out single-phase loads; measure harmonics.', '均衡单相负荷，测量谐波。'),
    ],
  },
  frozenRegister: {
    title: both('Register stands still', '电量示数冻结'),
    cause: both(
      'The meter or its gateway repeats an old value, or the meter failed.',
      '电表或采集器重复上报旧值，或电表故障。',
    ),
    consequence: both('Consumption is missing from the bill and the reports.', '电量漏计，账单和报表失真。'),
    steps: [
      both('Compare with the display of the meter.', '与电表现场示数对比。'),
      both('Restart the converter or gateway in front of it.', '重启前端采集器或转换器。'),
      both('Replace the meter if its display stands still too.', '现场示数也不走则更换电表。'),
    ],
  },
  demand: {
    title: both('Demand about to exceed contract', '需量即将超合同'),
    cause: both('Several large machines run at the same time.', '多台大功率设备同时运行。'),
    consequence: both('The demand charge of the whole month rises.', '当月需量电费上升。'),
    steps: [
      both('Delay what can wait: chillers, pumps, charging.', '错峰可延后的负荷：冷机、水泵、充电桩。'),
      both('Note the cause; plan staggered starts.', '记录原因，安排错时启动。'),
    ],
  },
  nightLoad: {
    title: both('Night load up', '夜间负荷偏高'),
    cause: both(
      'Something was left on, or a schedule or valve does not switch off.',
      '设备未关，或时间表、阀门未按计划关闭。',
    ),
    consequence: both('Energy is paid for that nobody uses.', '无人使用却持续耗电。'),
    steps: [
      both('See which sub-meter carries the surplus.', '查看是哪个分项电表多用电。'),
      both(
        'Check schedules, manual switches and overtime settings of that area.',
        '检查该区域时间表、手动开关和加班设置。',
      ),
      both('Walk the area tonight after closing.', '当晚下班后现场巡查。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
