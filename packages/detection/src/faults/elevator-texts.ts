import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const callContractor = both(
  'Call the lift contractor; nobody else works on the lift.',
  '通知维保单位，非持证人员不得作业。',
);
const takeOut = both('Take the lift out of service and put up the sign.', '停用电梯，设置停用标志。');

export const elevatorTexts = {
  entrapment: {
    title: both('People trapped', '电梯困人'),
    cause: both(
      'The car stopped with people in it, or somebody pressed the alarm button.',
      '轿厢载人时停止运行，或有人按下轿内报警按钮。',
    ),
    consequence: both(
      'People are shut in; fear and illness are the danger, and trying to get out by themselves.',
      '人员被困，可能引发恐慌、身体不适或擅自扒门脱困。',
    ),
    steps: [
      both('Speak to the people at once: stay calm, keep off the door.', '立即通话安抚乘客，告知不要扒门。'),
      both('Call the contractor rescue crew: on site within 30 minutes.', '通知维保单位救援，30 分钟内到场。'),
      both(
        'Send trained staff to the landing and the machine room; power off first.',
        '派持证人员到层站和机房，先断电。',
      ),
      both('Release the car by the rescue procedure, look after the people.', '按救援程序盘车放人，照看被困人员。'),
      both('Keep the lift out of service until the cause is found.', '查明原因前保持停用。'),
    ],
  },
  stoppedOutside: {
    title: both('Stopped between floors', '轿厢停在平层区外'),
    cause: both(
      'Drive or safety device stopped the car on its way, or levelling failed.',
      '驱动系统或安全装置动作使轿厢中途停止，或平层失败。',
    ),
    consequence: both('The lift is out of use; a new call may trap people.', '电梯不能使用，恢复后可能困人。'),
    steps: [
      both('Make sure over the intercom that nobody is inside.', '通过对讲确认轿厢内无人。'),
      takeOut,
      callContractor,
    ],
  },
  movingWithDoorOpen: {
    title: both('Moved with the door open', '开门走梯'),
    cause: both(
      'A door contact is bridged or broken, or the brake does not hold.',
      '门锁触点短接或失效，或制动器失灵。',
    ),
    consequence: both('People can be crushed or fall into the shaft.', '可能造成剪切、坠落伤亡。'),
    steps: [
      both('Stop the lift at once at the main switch; guard the landing.', '立即切断主电源，层站设专人看守。'),
      callContractor,
      both('Do not restart before door locks and brake have been inspected.', '门锁和制动器检验合格前不得恢复。'),
    ],
  },
  unintendedMovement: {
    title: both('Unintended car movement', '轿厢意外移动'),
    cause: both(
      'Brake or drive let the car move away from the landing with open doors.',
      '制动器或驱动系统失控，开门状态下轿厢离开平层。',
    ),
    consequence: both('People at the door can be crushed.', '可能造成出入人员剪切伤害。'),
    steps: [both('Stop the lift at once at the main switch.', '立即切断主电源。'), callContractor],
  },
  overspeed: {
    title: both('Overspeed', '超速'),
    cause: both('Drive control failed, or counterweight and load no longer balance.', '驱动控制失效，或平衡系统异常。'),
    consequence: both(
      'The governor trips and the safety gear stops the car hard.',
      '限速器动作，安全钳制停，可能伤人。',
    ),
    steps: [takeOut, callContractor, both('Check governor, brake and encoder.', '检查限速器、制动器和编码器。')],
  },
  safetyCircuitOpen: {
    title: both('Safety circuit open while running', '运行中安全回路断开'),
    cause: both(
      'A door lock, limit switch, governor or stop switch opened during the run, or a contact is worn.',
      '运行中门锁、限位、限速器或急停开关断开，或触点磨损。',
    ),
    consequence: both('The car stops hard; it may stand between floors.', '轿厢急停，可能停在层间。'),
    steps: [
      both('Make sure over the intercom that nobody is inside.', '通过对讲确认轿厢内无人。'),
      takeOut,
      callContractor,
      both(
        'Follow the chain contact by contact; clean or replace what opened.',
        '逐点排查安全回路，清洁或更换断开的触点。',
      ),
    ],
  },
  doorWillNotClose: {
    title: both('Door will not close', '电梯门无法关闭'),
    cause: both(
      'Something lies in the sill, the light curtain is dirty, or the door drive slips.',
      '地坎有异物、光幕脏污或门机打滑。',
    ),
    consequence: both('The lift stands at this floor and serves nobody.', '电梯停在该层，无法运行。'),
    steps: [
      both(
        'Look at the landing: something in the sill or in front of the light curtain?',
        '到层站查看地坎和光幕处有无异物。',
      ),
      both('Clean sill and light curtain, then let the door close.', '清理地坎、擦拭光幕后试关门。'),
      both(
        'If it opens again: take the lift out of service and call the contractor.',
        '仍反复开门则停用并通知维保单位。',
      ),
    ],
  },
  doorWillNotOpen: {
    title: both('Door will not open', '电梯门无法打开'),
    cause: both(
      'Door drive, lock or coupling jams, or the car is not level.',
      '门机、门锁或联动装置卡阻，或轿厢未平层。',
    ),
    consequence: both('People may be inside and cannot leave.', '轿厢内可能有人无法离开。'),
    steps: [
      both('Ask over the intercom whether anybody is inside.', '通过对讲确认轿厢内是否有人。'),
      takeOut,
      callContractor,
    ],
  },
  runTimeExceeded: {
    title: both('Run time exceeded', '运行超时'),
    cause: both(
      'The car moves too slowly or not at all: traction slips, something drags.',
      '曳引打滑、卡阻或平层信号缺失，轿厢运行过久。',
    ),
    consequence: both('The limiter stops the motor; ropes and sheave wear.', '限时装置停机，钢丝绳和曳引轮磨损。'),
    steps: [
      takeOut,
      callContractor,
      both('Check traction, brake and floor signals.', '检查曳引条件、制动器和平层信号。'),
    ],
  },
  positionLost: {
    title: both('Floor position lost', '楼层位置丢失'),
    cause: both(
      'Encoder, magnet or floor switch failed, or the supply dipped.',
      '编码器、磁感应开关或平层开关故障，或电源闪断。',
    ),
    consequence: both('The lift makes a correction run and may stay out of use.', '电梯需校正运行，可能停梯。'),
    steps: [
      both('Watch whether the correction run succeeds.', '观察校正运行是否成功。'),
      callContractor,
      both('If it comes back: check encoder and floor switches.', '反复出现时检查编码器和平层装置。'),
    ],
  },
  preventedRestart: {
    title: both('Fault prevents restart', '故障无法再启动'),
    cause: both('The controller found a fault that it does not name.', '控制系统检测到其他故障。'),
    consequence: both('The lift is out of use.', '电梯无法运行。'),
    steps: [both('Read the fault list at the controller.', '读取控制柜故障记录。'), callContractor],
  },
  driveHot: {
    title: both('Drive hot', '变频器温度高'),
    cause: both(
      'Fan or filter of the drive, many trips with full load, or a hot machine room.',
      '变频器风扇或滤网故障、重载频繁或机房过热。',
    ),
    consequence: both('The drive derates or stops the lift.', '变频器降额或停梯。'),
    steps: [
      both('Check the fan and filter of the drive.', '检查变频器风扇和滤网。'),
      both('Check ventilation and temperature of the machine room.', '检查机房通风和温度。'),
      callContractor,
    ],
  },
  machineRoomHot: {
    title: both('Machine room hot', '机房温度高'),
    cause: both('Ventilation or air conditioning of the machine room failed.', '机房通风或空调故障。'),
    consequence: both('Drives and controllers stop; people may be trapped.', '变频器和控制柜过热停机，可能困人。'),
    steps: [
      both('Check the fan and air conditioning of the machine room.', '检查机房风机和空调。'),
      both('Open doors or set up a mobile fan; keep the room locked to others.', '临时加强通风，禁止无关人员进入。'),
      both('Above 45 °C reduce the number of lifts in use.', '超过 45 °C 时减少投运台数。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
