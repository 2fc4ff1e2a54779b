import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const contractor = both(
  'Call the lift contractor; nobody else works on the lift.',
  '通知维保单位，非持证人员不得作业。',
);
const takeOut = both('Take the lift out of service and put up the sign.', '停用电梯，设置停用标志。');

const overTravel = {
  cause: both(
    'Brake, drive or slow-down switches failed, or the balance of the lift is wrong.',
    '制动器、驱动或减速开关失效，或平衡系数异常。',
  ),
  consequence: both(
    'Car or counterweight hits the buffer; people may be hurt or trapped.',
    '轿厢或对重撞击缓冲器，可能伤人或困人。',
  ),
  steps: [
    both('Speak to the people in the car at once.', '立即通话确认轿厢内人员情况。'),
    takeOut,
    contractor,
    both('Do not restart before brake and limit switches were inspected.', '制动器和极限开关检验合格前不得恢复。'),
  ],
};

export const elevatorPositionTexts = {
  overTravel: { ...overTravel, title: both('Ran beyond the terminal floor', '越程（冲顶或蹲底）') },
  beyondTerminal: {
    ...overTravel,
    title: both('Ran beyond the terminal floor, by its height', '越程（按轿厢高度判断）'),
  },
  floorJump: {
    title: both('Floor indication jumps', '楼层跳变'),
    cause: both('Encoder, floor switch or its cable is disturbed.', '编码器、平层开关或其线路受干扰。'),
    consequence: both(
      'The lift may stop at the wrong place or make a correction run.',
      '电梯可能停错层或进行校正运行。',
    ),
    steps: [contractor, both('Check encoder, magnets and shielding of the cable.', '检查编码器、磁条和电缆屏蔽。')],
  },
  levelling: {
    title: both('Stops off level', '平层不准'),
    cause: both(
      'Brake wear, stretched ropes, a shifted magnet, or a drive that is badly adjusted.',
      '制动器磨损、钢丝绳伸长、磁条移位，或变频器参数不当。',
    ),
    consequence: both('People trip over the step; wheelchairs get stuck.', '乘客易绊倒，轮椅受阻。'),
    steps: [
      both('Put up a warning at the landing named.', '在该层站设置提示。'),
      contractor,
      both('Adjust levelling; check brake and ropes.', '调整平层，检查制动器和钢丝绳。'),
    ],
  },
  brakeSlip: {
    title: both('Brake does not hold', '制动器打滑'),
    cause: both(
      'Worn or oily brake linings, weak springs, or a brake that opens too late.',
      '闸瓦磨损或沾油、弹簧力不足，或制动器动作滞后。',
    ),
    consequence: both('The car can move away with open doors.', '开门时轿厢可能移动，危及人身。'),
    steps: [
      both('Take the lift out of service at once, with nobody in it.', '确认无人后立即停用。'),
      contractor,
      both('Test the brake with 125 % load before the restart.', '恢复前按 125 % 载荷做制动试验。'),
    ],
  },
  tractionSlip: {
    title: both('Ropes slip on the sheave', '曳引打滑'),
    cause: both(
      'Worn grooves, oil on the ropes, unequal rope tension, or a wrong balance.',
      '绳槽磨损、钢丝绳带油、张力不均，或平衡系数异常。',
    ),
    consequence: both(
      'Levelling gets worse; in the end the car does not stop in time.',
      '平层变差，严重时不能可靠制停。',
    ),
    steps: [contractor, both('Measure grooves, rope tension and balance.', '测量绳槽、钢丝绳张力和平衡系数。')],
  },
} satisfies Record<string, FaultTexts>;
