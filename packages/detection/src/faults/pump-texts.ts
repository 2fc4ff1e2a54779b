import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

export const pumpTexts = {
  dryRun: {
    title: both('Dry run', '干转'),
    cause: both(
      'No water reaches the pump: empty suction tank, closed suction valve, clogged strainer or air in the pipe.',
      '水泵吸不到水：吸水池无水、吸水阀关闭、过滤器堵塞或管内进气。',
    ),
    consequence: both(
      'Shaft seal and bearings run hot within minutes; the building or the fire main loses its supply.',
      '机械密封和轴承数分钟内过热损坏，供水或消防管网失压。',
    ),
    steps: [
      both('Stop the pump and switch over to the standby pump.', '停泵，切换到备用泵。'),
      both('Check the water level of the suction tank.', '检查吸水池（箱）水位。'),
      both('Check that the suction valve is open and the strainer is clean.', '检查吸水阀是否全开、过滤器是否堵塞。'),
      both('Vent the pump, then start it and watch pressure and current.', '排气后重新启动，观察压力和电流。'),
    ],
  },
  noFlow: {
    title: both('Runs without flow', '运行无流量'),
    cause: both(
      'Discharge valve closed, check valve stuck, impeller worn or loose, or wrong direction of rotation.',
      '出口阀关闭、止回阀卡死、叶轮磨损或松脱、电机反转。',
    ),
    consequence: both(
      'Water in the casing heats up; the supply that the pump should deliver is missing.',
      '泵壳内积水升温，系统得不到所需水量。',
    ),
    steps: [
      both('Check that the discharge valve is open and the check valve moves.', '检查出口阀是否打开、止回阀是否灵活。'),
      both('Compare discharge pressure with the shut-off head.', '将出口压力与零流量扬程对比。'),
      both('Check direction of rotation after work on the supply.', '如近期检修过电源，检查电机转向。'),
    ],
  },
  vibrationHigh: {
    title: both('Vibration high', '振动偏高'),
    cause: both(
      'Imbalance, misalignment, loose feet, cavitation or a bearing that begins to wear.',
      '转子不平衡、对中不良、地脚松动、汽蚀或轴承初期磨损。',
    ),
    consequence: both('Not fit for long operation; wear grows faster.', '不宜长期运行，磨损会加速。'),
    steps: [
      both('Listen and feel: bearing noise, cavitation, loose bolts.', '现场听诊、检查轴承异响、汽蚀声和螺栓松动。'),
      both('Check the coupling alignment and the foundation bolts.', '检查联轴器对中和地脚螺栓。'),
      both('Plan a vibration analysis at the next stop.', '安排下次停机时做振动分析。'),
    ],
  },
  vibrationDangerous: {
    title: both('Vibration dangerous', '振动超限'),
    cause: both(
      'Bearing damage, broken impeller or coupling, or a loose foundation.',
      '轴承损坏、叶轮或联轴器断裂、基础松动。',
    ),
    consequence: both('The machine can be destroyed at any moment.', '设备随时可能损坏。'),
    steps: [
      both('Switch to the standby pump and stop this one.', '切换备用泵，停运本泵。'),
      both('Feel the bearing housings and check for play.', '检查轴承座温度和轴向、径向间隙。'),
      both('Replace the bearings; balance and align before the restart.', '更换轴承，做动平衡和对中后再启动。'),
    ],
  },
  bearingTemperature: {
    title: both('Bearing hot', '轴承温度高'),
    cause: both(
      'Too little or too much grease, worn bearing, misalignment or missing cooling.',
      '润滑脂过少或过多、轴承磨损、对中不良或冷却不足。',
    ),
    consequence: both('The bearing seizes; the pump stops.', '轴承抱死，水泵停运。'),
    steps: [
      both('Switch to the standby pump if it keeps rising.', '温度继续上升时切换备用泵。'),
      both('Check the lubricant: amount, colour, age.', '检查润滑油（脂）的油量、颜色和使用时间。'),
      both('Check alignment and belt or coupling tension.', '检查对中情况和联轴器。'),
    ],
  },
  motorOverload: {
    title: both('Motor overload', '电机过载'),
    cause: both(
      'Pump runs far right of its curve, something drags, low voltage, or a bearing is stiff.',
      '工况点偏大流量、转动部件卡涩、电压偏低或轴承发紧。',
    ),
    consequence: both('The winding ages fast; the protection will trip.', '绕组绝缘加速老化，保护将跳闸。'),
    steps: [
      both('Measure the three currents and voltages.', '测量三相电流和电压。'),
      both('Throttle the discharge and see whether the current falls.', '适当关小出口阀，观察电流是否下降。'),
      both('Turn the shaft by hand with the power locked out.', '断电挂牌后手动盘车。'),
    ],
  },
  currentUnbalance: {
    title: both('Currents unbalanced', '三相电流不平衡'),
    cause: both(
      'Unequal phase voltages, a poor contact, or a winding that begins to fail.',
      '三相电压不平衡、接触不良或绕组开始损坏。',
    ),
    consequence: both('The motor runs hot and must be derated.', '电机发热，需降额运行。'),
    steps: [
      both('Compare the phase voltages at the motor terminals.', '在电机端子处比较三相电压。'),
      both('Tighten terminals and check the contactor.', '紧固接线端子，检查接触器触头。'),
      both('Measure winding resistance if the voltages are equal.', '电压平衡时测量绕组直流电阻。'),
    ],
  },
  phaseLoss: {
    title: both('Phase lost', '缺相运行'),
    cause: both('A fuse blew, a contact opened or a wire broke.', '熔断器熔断、接触器触头断开或断线。'),
    consequence: both('The motor burns out within minutes.', '电机数分钟内烧毁。'),
    steps: [
      both('Stop the pump at once and use the standby pump.', '立即停泵，启用备用泵。'),
      both('Check fuses, contactor and terminals of the missing phase.', '检查缺相回路的熔断器、接触器和端子。'),
      both('Measure insulation before the restart.', '重新启动前测量绝缘。'),
    ],
  },
  commandMismatch: {
    title: both('Command and feedback differ', '指令与状态不一致'),
    cause: both(
      'Contactor, control circuit or selector switch; local operation; or a wrong feedback contact.',
      '接触器、控制回路或转换开关故障，就地操作，或反馈触点异常。',
    ),
    consequence: both(
      'The pump does not do what the control system believes.',
      '水泵实际状态与控制系统不符，可能失去供水。',
    ),
    steps: [
      both('Check the selector switch: local or remote, automatic or off.', '检查转换开关位置：就地/远程、自动/停用。'),
      both('Check the contactor and its feedback contact.', '检查接触器及其反馈触点。'),
      both('Check the control fuse and the interlocks.', '检查控制熔断器和联锁条件。'),
    ],
  },
  tripped: {
    title: both('Tripped', '保护跳闸'),
    cause: both(
      'The motor protection opened: overload, phase loss or over-temperature.',
      '电机保护动作：过载、缺相或过热。',
    ),
    consequence: both('The pump does not run until it is reset.', '复位前水泵无法运行。'),
    steps: [
      both(
        'Find the reason before the reset: read the code of the controller.',
        '复位前先查明原因，读取控制器故障代码。',
      ),
      both('Measure insulation and turn the shaft by hand.', '测量绝缘并手动盘车。'),
      both('Reset once; if it trips again, leave it off.', '只复位一次；再次跳闸则停用检修。'),
    ],
  },
  notInAutomatic: {
    title: both('Not in automatic', '未置于自动'),
    cause: both('The selector was left in manual or off after work or a test.', '检修或试验后，控制模式未恢复到自动。'),
    consequence: both(
      'The pump will not start when it is needed; for a fire pump this is critical.',
      '需要时水泵不会自动启动，消防泵尤为严重。',
    ),
    steps: [
      both('Make sure that nobody is working on the pump.', '确认无人在该泵上作业。'),
      both('Turn the selector back to automatic.', '将转换开关恢复到自动位。'),
    ],
  },
  shortCycling: {
    title: both('Starts too often', '频繁启停'),
    cause: both(
      'A leak in the pipework, a check valve that does not hold, a pressure vessel without air, or switch points too close.',
      '管网泄漏、止回阀不严、气压罐失气或启停点过近。',
    ),
    consequence: both(
      'Contactor and winding wear out early; water is being lost.',
      '接触器和绕组提前损坏，可能正在漏水。',
    ),
    steps: [
      both('Walk along the pipework and look for leaks.', '沿管线查漏。'),
      both('Check the check valve and the pre-charge of the pressure vessel.', '检查止回阀和气压罐预充压力。'),
      both('Check start and stop pressures of the controller.', '核对控制器启泵、停泵压力设定。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
