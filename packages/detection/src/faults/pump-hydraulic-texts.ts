import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

export const pumpHydraulicTexts = {
  deadhead: {
    title: both('Pumps against a closed pipe', '出口堵死运行'),
    cause: both(
      'The discharge valve is closed, the check valve is stuck shut, or the pipe is blocked.',
      '出口阀关闭、止回阀卡死在关闭位，或管路堵塞。',
    ),
    consequence: both(
      'The water in the casing boils within minutes; seal and bearings fail.',
      '泵壳内存水数分钟内过热汽化，密封和轴承损坏。',
    ),
    steps: [
      both('Stop the pump if the valve cannot be opened at once.', '不能立即开阀时停泵。'),
      both('Open the discharge valve; check that the check valve moves.', '打开出口阀，检查止回阀是否灵活。'),
      both('Feel the casing before the restart: let it cool down.', '重新启动前检查泵壳温度，待其冷却。'),
    ],
  },
  headLoss: {
    title: both('Head below its curve', '扬程下降'),
    cause: both(
      'Worn impeller or wear ring, air in the water, wrong speed, or a gauge that reads low.',
      '叶轮或密封环磨损、水中带气、转速不足，或压力表偏低。',
    ),
    consequence: both(
      'The pump runs longer for the same water; a fire pump may miss its duty.',
      '供同样水量耗电更多；消防泵可能达不到额定工况。',
    ),
    steps: [
      both('Compare the gauges with a calibrated one.', '用校准过的压力表核对。'),
      both('Vent the pump and check the suction strainer.', '排气并检查吸入口过滤器。'),
      both('Measure one point of the curve; open the pump if it is confirmed.', '实测一个工况点，确认后解体检查。'),
    ],
  },
  efficiencyLoss: {
    title: both('Efficiency lower than before', '效率下降'),
    cause: both(
      'Wear, a partly clogged impeller, a dragging bearing, or another duty point.',
      '磨损、叶轮局部堵塞、轴承阻力增大，或工况改变。',
    ),
    consequence: both('More energy for the same water, day after day.', '同样水量长期多耗电。'),
    steps: [
      both('Check whether the duty was changed on purpose.', '确认是否有意改变过工况。'),
      both('Clean the impeller and strainer.', '清理叶轮和过滤器。'),
      both('Weigh an overhaul against the cost of the energy lost.', '比较大修费用与多耗电费。'),
    ],
  },
  cavitation: {
    title: both('Cavitation', '汽蚀'),
    cause: both(
      'Too little pressure at the suction: low level, clogged strainer, closed valve or hot water.',
      '吸入压力不足：水位低、过滤器堵塞、阀门未全开或水温过高。',
    ),
    consequence: both('The impeller is eaten away; the bearings suffer.', '叶轮被汽蚀破坏，轴承受损。'),
    steps: [
      both('Check level, suction valve and strainer.', '检查水位、吸水阀和过滤器。'),
      both('Throttle the discharge until the noise ends.', '适当关小出口阀直至噪声消失。'),
      both('Look at the impeller at the next stop.', '下次停泵时检查叶轮。'),
    ],
  },
  checkValve: {
    title: both('Check valve leaks', '止回阀不严'),
    cause: both('Dirt or wear at the seat of the check valve.', '止回阀密封面有杂物或磨损。'),
    consequence: both(
      'Water runs back; the pump may spin backwards and trip at its start.',
      '水倒流，水泵反转，启动时可能跳闸。',
    ),
    steps: [
      both('Close the discharge valve: does the flow end?', '关闭出口阀，观察倒流是否消失。'),
      both('Clean or replace the check valve.', '清理或更换止回阀。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
