import { analog, counter, defineKind, state } from './define-kind.ts';

/** Words follow the Lift object of BACnet (135-2020) and GB/T 24476. */
export const elevator = defineKind({
  kind: 'elevator',
  label: { en: 'Elevator', zh: '电梯' },
  plural: { en: 'Elevators', zh: '电梯' },
  brick: 'Elevator',
  points: {
    floor: analog({ en: 'Floor', zh: '楼层' }, '', [-10, 200], 0.5, 0),
    height: analog({ en: 'Car height', zh: '轿厢高度' }, 'm', [-60, 900], 0.1, 1),
    speed: analog({ en: 'Speed', zh: '速度' }, 'm/s', [-20, 20], 0.1, 2),
    direction: state(
      { en: 'Direction', zh: '运行方向' },
      {
        0: { en: 'none', zh: '无' },
        1: { en: 'stopped', zh: '停止' },
        2: { en: 'up', zh: '上行' },
        3: { en: 'down', zh: '下行' },
        4: { en: 'unknown', zh: '未知' },
      },
    ),
    moving: state({ en: 'Moving', zh: '运行中' }),
    door: state(
      { en: 'Car door', zh: '轿门' },
      {
        0: { en: 'closed', zh: '关闭' },
        1: { en: 'opening', zh: '开门中' },
        2: { en: 'open', zh: '打开' },
        3: { en: 'closing', zh: '关门中' },
        4: { en: 'faulty', zh: '故障' },
      },
    ),
    doorCommand: state(
      { en: 'Door command', zh: '门指令' },
      {
        0: { en: 'none', zh: '无' },
        1: { en: 'open', zh: '开门' },
        2: { en: 'close', zh: '关门' },
      },
    ),
    doorZone: state({ en: 'In door zone', zh: '在开锁区' }),
    doorReopenCount: analog({ en: 'Door reopenings at this stop', zh: '本次停靠重开门次数' }, '', [0, 1000], 0.5, 0),
    load: analog({ en: 'Load', zh: '载荷' }, '%', [0, 200], 2, 0),
    occupied: state({ en: 'Occupied', zh: '有人' }),
    mode: state(
      { en: 'Mode', zh: '运行模式' },
      {
        0: { en: 'unknown', zh: '未知' },
        1: { en: 'normal', zh: '正常' },
        8: { en: 'inspection', zh: '检修' },
        11: { en: 'fire operation', zh: '消防运行' },
        12: { en: 'out of service', zh: '停用' },
      },
    ),
    alarmButton: state({ en: 'Alarm button', zh: '报警按钮' }),
    safetyChain: state(
      { en: 'Safety chain', zh: '安全回路' },
      {
        0: { en: 'open', zh: '断开' },
        1: { en: 'closed', zh: '闭合' },
      },
    ),
    faultCode: state(
      { en: 'Fault code (GB/T 24476)', zh: '故障代码（GB/T 24476）' },
      {
        0: { en: 'none', zh: '无' },
        1: { en: 'safety circuit open while running', zh: '运行中安全回路断开' },
        2: { en: 'door-close fault', zh: '关门故障' },
        3: { en: 'door-open fault', zh: '开门故障' },
        4: { en: 'stopped outside unlocking zone', zh: '轿厢在开锁区外停止' },
        5: { en: 'unintended car movement', zh: '轿厢意外移动' },
        6: { en: 'motor run-time limiter', zh: '电动机运转时间限制器动作' },
        7: { en: 'floor position lost', zh: '楼层位置丢失' },
        8: { en: 'other fault preventing restart', zh: '防止电梯再运行的其他故障' },
      },
    ),
    finalLimit: state(
      { en: 'Final limit switch', zh: '极限开关' },
      {
        0: { en: 'free', zh: '正常' },
        1: { en: 'top reached', zh: '上极限动作' },
        2: { en: 'bottom reached', zh: '下极限动作' },
      },
    ),
    levellingError: analog({ en: 'Levelling error', zh: '平层误差' }, 'mm', [-1000, 1000], 1, 0),
    brake: state(
      { en: 'Brake', zh: '制动器' },
      {
        0: { en: 'released', zh: '松闸' },
        1: { en: 'set', zh: '抱闸' },
      },
    ),
    sheavePosition: analog({ en: 'Position by the motor', zh: '曳引轮位置' }, 'm', [-60, 900], 0.1, 3),
    /** The index is the floor. */
    'call[].state': state({ en: 'Call registered', zh: '呼梯登记' }),
    phoneTestAge: analog(
      { en: 'Since the last test of the emergency phone', zh: '距上次应急通话测试' },
      'h',
      [0, 100_000],
      1,
      0,
    ),
    vibrationVertical: analog(
      { en: 'Ride vibration, vertical (A95)', zh: '垂直振动（A95）' },
      'm/s2',
      [0, 20],
      0.01,
      2,
    ),
    vibrationHorizontal: analog(
      { en: 'Ride vibration, horizontal (A95)', zh: '水平振动（A95）' },
      'm/s2',
      [0, 20],
      0.01,
      2,
    ),
    /** One more than the code of BACnet, whose 0 is a fault. */
    faultSignal: state(
      { en: 'Fault signal (BACnet)', zh: '故障信号（BACnet）' },
      {
        0: { en: 'none', zh: '无' },
        1: { en: 'controller', zh: '控制器' },
        2: { en: 'drive and motor', zh: '驱动与电动机' },
        3: { en: 'governor or safety gear', zh: '限速器或安全钳' },
        4: { en: 'shaft device', zh: '井道装置' },
        5: { en: 'power supply', zh: '电源' },
        6: { en: 'safety interlock', zh: '安全联锁' },
        7: { en: 'door closing', zh: '关门' },
        8: { en: 'door opening', zh: '开门' },
        9: { en: 'stopped outside landing zone', zh: '停在平层区外' },
        10: { en: 'call button stuck', zh: '呼梯按钮卡阻' },
        11: { en: 'start failure', zh: '启动失败' },
        12: { en: 'controller supply', zh: '控制器电源' },
        13: { en: 'self-test failure', zh: '自检失败' },
        14: { en: 'run-time limit exceeded', zh: '运行超时' },
        15: { en: 'position lost', zh: '位置丢失' },
        16: { en: 'drive temperature exceeded', zh: '变频器超温' },
        17: { en: 'load measurement', zh: '称重' },
      },
    ),
    driveTemperature: analog({ en: 'Drive temperature', zh: '变频器温度' }, 'Cel', [-40, 200], 0.5, 1),
    machineRoomTemperature: analog({ en: 'Machine room temperature', zh: '机房温度' }, 'Cel', [-40, 90], 0.3, 1),
    trips: counter({ en: 'Trips', zh: '运行次数' }, '', 1),
    runHours: counter({ en: 'Run hours', zh: '运行小时' }, 'h', 0.1, 1),
    energy: counter({ en: 'Energy', zh: '电量' }, 'kWh', 0.1, 1),
  },
});
