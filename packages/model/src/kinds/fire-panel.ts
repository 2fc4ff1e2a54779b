import { analog, defineKind, state } from './define-kind.ts';

const deviceStates = {
  0: { en: 'normal', zh: '正常' },
  1: { en: 'fire', zh: '火警' },
  2: { en: 'fault', zh: '故障' },
  3: { en: 'disabled', zh: '屏蔽' },
  4: { en: 'supervisory', zh: '监管' },
  5: { en: 'test', zh: '测试' },
  6: { en: 'manual call point pressed', zh: '手动报警按钮动作' },
} as const;

/** System facts follow the state bits of GB/T 26875.3; classes follow NFPA 72 and EN 54-2. */
export const firePanel = defineKind({
  kind: 'fire-panel',
  label: { en: 'Fire panel', zh: '火灾报警控制器' },
  plural: { en: 'Fire panels', zh: '火灾报警控制器' },
  brick: 'Fire_Alarm_Control_Panel',
  points: {
    fire: state({ en: 'Fire alarm', zh: '火警' }),
    fault: state({ en: 'Fault', zh: '故障' }),
    disabled: state({ en: 'Disabled points', zh: '有屏蔽' }),
    supervisory: state({ en: 'Supervisory', zh: '监管' }),
    mainsFault: state({ en: 'Mains fault', zh: '主电故障' }),
    batteryFault: state({ en: 'Battery fault', zh: '备电故障' }),
    busFault: state({ en: 'Bus fault', zh: '总线故障' }),
    manual: state(
      { en: 'Control mode', zh: '控制方式' },
      {
        0: { en: 'automatic', zh: '自动' },
        1: { en: 'manual', zh: '手动' },
      },
    ),
    fireCount: analog({ en: 'Devices in fire alarm', zh: '火警点数' }, '', [0, 100_000], 0.5, 0),
    faultCount: analog({ en: 'Devices in fault', zh: '故障点数' }, '', [0, 100_000], 0.5, 0),
    disabledCount: analog({ en: 'Devices disabled', zh: '屏蔽点数' }, '', [0, 100_000], 0.5, 0),
    batteryVoltage: analog({ en: 'Battery voltage', zh: '备电电压' }, 'V', [0, 60], 0.05, 2),
    test: state({ en: 'In test', zh: '测试状态' }),
    started: state({ en: 'Output started', zh: '启动' }),
    feedback: state({ en: 'Output feedback', zh: '反馈' }),
    guardPresent: state({ en: 'Guard answered the check', zh: '查岗应答' }),
    hydrantPressure: analog(
      { en: 'Static pressure at the worst hydrant', zh: '最不利点静压' },
      'MPa',
      [-0.1, 4],
      0.003,
      3,
    ),
    'loop[].device[].contamination': analog({ en: 'Contamination', zh: '污染度' }, '%', [0, 200], 1, 0),
    'loop[].device[].state': state({ en: 'Device state', zh: '探测器状态' }, deviceStates),
  },
});
