import { analog, counter, defineKind, state } from './define-kind.ts';

export const pump = defineKind({
  kind: 'pump',
  label: { en: 'Pump', zh: '水泵' },
  plural: { en: 'Pumps', zh: '水泵' },
  brick: 'Water_Pump',
  points: {
    running: state({ en: 'Running', zh: '运行' }),
    command: state({ en: 'Run command', zh: '启动指令' }),
    mode: state(
      { en: 'Mode', zh: '控制模式' },
      {
        0: { en: 'off', zh: '停用' },
        1: { en: 'automatic', zh: '自动' },
        2: { en: 'manual', zh: '手动' },
      },
    ),
    tripped: state({ en: 'Tripped', zh: '跳闸' }),
    faultCode: analog({ en: 'Controller fault code', zh: '控制器故障代码' }, '', [0, 65535], 0.5, 0),
    speed: analog({ en: 'Speed', zh: '转速' }, '%', [0, 130], 0.5, 0),
    flow: analog({ en: 'Flow', zh: '流量' }, 'm3/h', [-50, 5000], 0.1, 1),
    head: analog({ en: 'Head', zh: '扬程' }, 'm', [-20, 500], 0.2, 1),
    suctionPressure: analog({ en: 'Suction pressure', zh: '吸入压力' }, 'MPa', [-0.1, 4], 0.003, 3),
    dischargePressure: analog({ en: 'Discharge pressure', zh: '出口压力' }, 'MPa', [-0.1, 6], 0.003, 3),
    power: analog({ en: 'Power', zh: '功率' }, 'kW', [0, 2000], 0.05, 2),
    currentL1: analog({ en: 'Current L1', zh: 'L1 相电流' }, 'A', [0, 5000], 0.2, 1),
    currentL2: analog({ en: 'Current L2', zh: 'L2 相电流' }, 'A', [0, 5000], 0.2, 1),
    currentL3: analog({ en: 'Current L3', zh: 'L3 相电流' }, 'A', [0, 5000], 0.2, 1),
    vibration: analog({ en: 'Vibration (RMS)', zh: '振动速度（有效值）' }, 'mm/s', [0, 100], 0.05, 2),
    bearingTemperature: analog({ en: 'Bearing temperature', zh: '轴承温度' }, 'Cel', [-40, 200], 0.3, 1),
    motorTemperature: analog({ en: 'Motor temperature', zh: '电机温度' }, 'Cel', [-40, 250], 0.3, 1),
    starts: counter({ en: 'Starts', zh: '启动次数' }, '', 1),
    runHours: counter({ en: 'Run hours', zh: '运行小时' }, 'h', 0.1, 1),
    energy: counter({ en: 'Energy', zh: '电量' }, 'kWh', 0.1, 1),
  },
});
