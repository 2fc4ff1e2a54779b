import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

export const pumpMachineTexts = {
  lockedRotor: {
    title: both('Rotor locked', '电机堵转'),
    cause: both(
      'Something jams the impeller, a bearing has seized, or a phase is missing at the start.',
      '叶轮被异物卡住、轴承抱死，或启动时缺相。',
    ),
    consequence: both('The winding burns out within a minute.', '绕组一分钟内烧毁。'),
    steps: [
      both('Switch the pump off at once; use the standby pump.', '立即停泵，启用备用泵。'),
      both('Lock out the power and turn the shaft by hand.', '断电挂牌后手动盘车。'),
      both('Measure insulation and the three resistances before a restart.', '重新启动前测量绝缘和三相电阻。'),
    ],
  },
  vibrationStep: {
    title: both('Vibration changed', '振动突变'),
    cause: both(
      'A loose bolt, a broken vane, a coupling that slipped, or a sensor that came loose.',
      '螺栓松动、叶片断裂、联轴器移位，或传感器松脱。',
    ),
    consequence: both(
      'A change is the first sign of damage, also below the limits.',
      '即使未超限，突变也是损坏的先兆。',
    ),
    steps: [
      both('Check that the sensor sits tight.', '检查传感器是否紧固。'),
      both('Check foundation bolts and coupling.', '检查地脚螺栓和联轴器。'),
      both('Plan a vibration analysis.', '安排振动分析。'),
    ],
  },
  bearingHeats: {
    title: both('Bearing heats up fast', '轴承温升过快'),
    cause: both('Lubrication fails, or the bearing begins to seize.', '润滑失效，或轴承开始抱死。'),
    consequence: both('The bearing seizes within minutes.', '轴承可能在数分钟内抱死。'),
    steps: [
      both('Switch to the standby pump.', '切换备用泵。'),
      both('Check lubricant and cooling; listen to the bearing.', '检查润滑和冷却，听诊轴承。'),
    ],
  },
  hunting: {
    title: both('Speed swings', '转速波动'),
    cause: both(
      'The pressure control is set too sharp, the gauge is noisy, or a valve interferes.',
      '压力调节参数过强、压力信号干扰，或阀门相互影响。',
    ),
    consequence: both('Pipes and drive suffer; pressure is unsteady.', '压力不稳，管路和变频器受损。'),
    steps: [
      both('Look at the pressure signal: noise or real swings?', '查看压力信号是干扰还是真实波动。'),
      both('Lower the gain or lengthen the integral time of the control.', '减小比例增益或加大积分时间。'),
    ],
  },
  frozen: {
    title: both('Gauge stands still', '测量值冻结'),
    cause: both(
      'The sensor has failed, its line is blocked, or the controller repeats an old value.',
      '传感器损坏、取样管堵塞，或控制器重复旧值。',
    ),
    consequence: both('Faults that need this value are not seen.', '依赖该测点的故障无法发现。'),
    steps: [
      both('Compare with the gauge on site.', '与现场仪表对比。'),
      both('Clean the pressure line or replace the sensor.', '疏通取样管或更换传感器。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
