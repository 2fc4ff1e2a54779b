import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const readPanel = both('Read the panel: loop, device, zone, text.', '查看控制器显示：回路、编号、区域和说明。');

export const firePanelTexts = {
  fire: {
    title: both('Fire alarm', '火警'),
    cause: both('A detector or manual call point reports fire.', '探测器或手动报警按钮报火警。'),
    consequence: both(
      'People are in danger until the opposite is seen on the spot.',
      '现场核实前一律按真实火灾处理，危及人身安全。',
    ),
    steps: [
      readPanel,
      both('Send somebody with radio and extinguisher to the spot at once.', '立即派人携带对讲机和灭火器到现场核实。'),
      both('Fire: call 119, start the emergency plan, evacuate.', '确认火灾：拨打 119，启动应急预案，组织疏散。'),
      both('No fire: find the reason, then reset at the panel and note it.', '误报：查明原因后在控制器复位并记录。'),
    ],
  },
  confirmedFire: {
    title: both('Fire confirmed by a second device', '多点火警确认'),
    cause: both('Two or more devices of one loop report fire.', '同一回路两个及以上点位报火警。'),
    consequence: both('A real fire is very likely.', '极可能为真实火灾。'),
    steps: [
      both('Call 119 and start the emergency plan.', '拨打 119，启动应急预案。'),
      both('Evacuate; check that lifts return and smoke extraction runs.', '组织疏散，确认电梯迫降、排烟启动。'),
      both('Meet the fire brigade with plans and keys.', '携带图纸和钥匙接应消防队。'),
    ],
  },
  supervisory: {
    title: both('Supervisory signal', '监管信号'),
    cause: both(
      'A supervised part is not as it should be: valve closed, low pressure or level, pump not in automatic.',
      '受监管设施异常：阀门关闭、压力或水位偏低、水泵未置自动等。',
    ),
    consequence: both('Extinguishing may fail when it is needed.', '需要时灭火设施可能失效。'),
    steps: [
      readPanel,
      both('Go there and put it right; note the permit if work is going on.', '到现场恢复正常，有作业的登记备案。'),
    ],
  },
  trouble: {
    title: both('Panel trouble', '控制器故障'),
    cause: both(
      'Ground fault, board, printer, communication or another part of the panel.',
      '接地故障、板卡、打印机、通信或控制器其他部件异常。',
    ),
    consequence: both('Part of the fire alarm system may not work.', '火灾报警系统部分功能可能失效。'),
    steps: [
      readPanel,
      both('Patrol the zones concerned until it is repaired.', '修复前对相关区域加强巡查。'),
      both('Call the fire maintenance company.', '通知消防维保单位。'),
    ],
  },
  loopFault: {
    title: both('Loop fault', '回路故障'),
    cause: both('The loop is open, shorted, or its card failed.', '回路断路、短路或回路卡损坏。'),
    consequence: both('All devices of the loop are blind.', '该回路全部点位失去监视。'),
    steps: [
      readPanel,
      both('Patrol the floors of this loop without a break.', '对该回路所辖楼层不间断巡查。'),
      both(
        'Measure the loop resistance; find the break between isolators.',
        '测量回路电阻，逐段排查隔离器之间的断点。',
      ),
    ],
  },
  deviceFault: {
    title: both('Device fault', '点位故障'),
    cause: both(
      'Detector removed, dirty or broken, or a bad contact in its base.',
      '探测器被拆、脏污、损坏或底座接触不良。',
    ),
    consequence: both('This spot is not watched.', '该点位失去监视。'),
    steps: [readPanel, both('Check the detector and its base; clean or replace it.', '检查探测器和底座，清洗或更换。')],
  },
  disabled: {
    title: both('Disabled too long', '屏蔽时间过长'),
    cause: both('Disabled for work or for nuisance alarms and not put back.', '因施工或误报屏蔽后未恢复。'),
    consequence: both('A fire at this spot is not reported.', '该处发生火灾将无法报警。'),
    steps: [
      both('Find out who disabled it, and why; is there a permit?', '查明屏蔽人、原因和审批手续。'),
      both('Repair, enable again and test.', '修复后解除屏蔽并测试。'),
    ],
  },
  busFault: {
    title: both('Bus fault', '总线故障'),
    cause: both('Bus line open or shorted, or an interface failed.', '总线断路、短路或接口板故障。'),
    consequence: both('Devices on the bus are not watched.', '总线上的设备失去监视。'),
    steps: [readPanel, both('Check lines, isolators and the interface card.', '检查线路、隔离器和接口板。')],
  },
  mainsLost: {
    title: both('Panel mains lost', '主电故障'),
    cause: both('Breaker off, fuse blown or the supply of the building failed.', '断路器断开、熔断器熔断或市电中断。'),
    consequence: both('The battery lasts about 24 h, then the system is dead.', '备电约可维持 24 小时，之后系统瘫痪。'),
    steps: [
      both('Check the breaker and the feed of the panel.', '检查控制器电源断路器和进线。'),
      both('Watch the battery voltage until the mains is back.', '恢复前持续关注备电电压。'),
    ],
  },
  battery: {
    title: both('Panel battery fault', '备电故障'),
    cause: both('Battery old or unplugged, or the charger failed.', '蓄电池老化、脱落或充电器故障。'),
    consequence: both('With the next power cut the system is dead.', '市电中断时系统立即失效。'),
    steps: [
      both('Measure battery voltage and charging voltage (27.0 to 27.6 V).', '测量电池电压和浮充电压（27.0~27.6 V）。'),
      both('Replace batteries that are older than four years.', '更换使用超过四年的电池。'),
    ],
  },
  manual: {
    title: both('Left in manual', '长时间处于手动'),
    cause: both('The panel was not put back to automatic after work or a test.', '检修或测试后控制方式未恢复自动。'),
    consequence: both(
      'Pumps, fans and shutters do not start by themselves in a fire.',
      '火灾时水泵、风机、卷帘不会自动联动。',
    ),
    steps: [
      both('Make sure that no work is going on.', '确认无相关作业。'),
      both('Put the panel back to automatic.', '将控制方式恢复为自动。'),
    ],
  },
  notUnderstood: {
    title: both('Report not understood', '报告无法识别'),
    cause: both(
      'The panel sent a message that its profile cannot read: another wording, no time, or a clock that is wrong.',
      '控制器发来的消息与其配置文件不符：用词不同、没有时间，或时钟不准。',
    ),
    consequence: both(
      'A fire or a fault may have been reported that nothing here shows as such.',
      '可能有火警或故障已上报，但此处未按其显示。',
    ),
    steps: [
      readPanel,
      both('Compare the message of this alarm with what the panel shows.', '将本报警所附消息与控制器显示核对。'),
      both(
        'Set the panel’s clock, or correct the profile’s `events`.',
        '校准控制器时钟，或修正配置文件中的 `events`。',
      ),
    ],
  },
} satisfies Record<string, FaultTexts>;
