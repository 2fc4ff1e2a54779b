import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

export const energyMeterQualityTexts = {
  manyGaps: {
    title: both('Many gaps in the data', '数据频繁缺失'),
    cause: both('A poor cable, a bus with too many devices, or weak radio.', '线路不良、总线设备过多，或无线信号弱。'),
    consequence: both('Intervals are estimated; reports lose their worth.', '用电间隔靠估算，报表可信度下降。'),
    steps: [
      both('Look at the time-outs of the bus.', '查看总线超时次数。'),
      both('Check cable, termination and address conflicts.', '检查线路、终端电阻和地址冲突。'),
      both('Poll less often, or divide the bus.', '降低轮询频率或拆分总线。'),
    ],
  },
  registerBreak: {
    title: both('Register went back', '电量示数倒退'),
    cause: both('The meter was replaced or reset, or its ratio was set anew.', '更换电表、清零，或重新设置变比。'),
    consequence: both(
      'Consumption goes on from the new figure; what was used in between is estimated.',
      '从新示数继续计量，中间用电量为估算值。',
    ),
    steps: [
      both('Find out who worked at the meter, and when.', '核实何人何时对电表作业。'),
      both('Note last reading, new reading and serial number.', '记录旧表止码、新表起码和表号。'),
    ],
  },
  impossible: {
    title: both('Power cannot be real', '功率数据不合理'),
    cause: both('Wrong ratio, unit or word order, or a disturbed line.', '变比、单位或字节序设置错误，或通信受干扰。'),
    consequence: both('Peaks and demand in the reports are wrong.', '峰值和需量统计失真。'),
    steps: [
      both('Compare with the display of the meter.', '与电表现场显示对比。'),
      both('Check ratio, unit and word order in the site file.', '核对配置中的变比、单位和字节序。'),
    ],
  },
  scale: {
    title: both('Scale of the meter changed', '电表倍率变化'),
    cause: both(
      'The ratio of the current transformer or the unit was changed, or a phase is no longer counted.',
      '电流互感器变比或单位被改动，或某相未计入。',
    ),
    consequence: both('All consumption since then is wrong by that factor.', '此后电量均按该倍数出错。'),
    steps: [
      both('Compare with the sum of the sub-meters.', '与下级分表之和对比。'),
      both('Check ratio and unit at the meter and in the site file.', '核对电表和配置中的变比、单位。'),
      both('Correct the data from the day named.', '从变化之日起修正数据。'),
    ],
  },
  clockDrift: {
    title: both('Clock of the meter is off', '电表时钟偏移'),
    cause: both('The clock runs wrong, or changed to summer time on its own.', '时钟走时不准，或自行切换夏令时。'),
    consequence: both('Peak and off-peak energy are mixed up.', '峰谷电量错位。'),
    steps: [
      both('Set the clock; let it be synchronised.', '校准时钟并启用对时。'),
      both('Nothing found: has the use of the building moved?', '时钟无误时，核实作息是否变化。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
