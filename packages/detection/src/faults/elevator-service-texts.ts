import type { FaultTexts } from './define-fault.ts';
import { both } from './figures.ts';

const contractor = both('Tell the lift contractor.', '通知维保单位处理。');

export const elevatorServiceTexts = {
  callStuck: {
    title: both('Call button stuck', '呼梯按钮卡阻'),
    cause: both('The button is jammed, dirty or was vandalised.', '按钮卡住、脏污或人为损坏。'),
    consequence: both('The lift comes to this floor again and again.', '电梯反复停靠该层，影响运行。'),
    steps: [both('Free and clean the button.', '清理按钮，使其复位。'), contractor],
  },
  repeated: {
    title: both('The same fault again and again', '同一故障反复出现'),
    cause: both('The lift was restarted without finding the cause.', '未查明原因就恢复运行。'),
    consequence: both('Sooner or later people are trapped.', '迟早导致困人。'),
    steps: [
      both('Give the contractor the times of all occurrences.', '向维保单位提供各次发生时间。'),
      both('Ask for the cause in writing before it runs on.', '要求书面说明原因后再恢复。'),
    ],
  },
  availability: {
    title: both('Availability low', '可用率低'),
    cause: both('Many or long outages within a month.', '一个月内停梯次数多或时间长。'),
    consequence: both('Tenants complain; the contract may be broken.', '业主投诉，可能低于维保合同约定。'),
    steps: [
      both('List the outages with their causes.', '列出各次停梯及原因。'),
      both('Talk to the contractor about the most frequent one.', '就最频繁的原因与维保单位商定措施。'),
    ],
  },
  phoneTest: {
    title: both('Emergency phone not tested', '应急通话未测试'),
    cause: both(
      'The line, the battery or the dialler of the emergency phone failed.',
      '应急电话线路、电池或拨号装置故障。',
    ),
    consequence: both('Trapped people may reach nobody.', '被困人员可能无法求救。'),
    steps: [
      both('Call from the car by hand.', '在轿厢内手动试拨。'),
      both('It fails: take the lift out of service until it is mended.', '不通则停用电梯直至修复。'),
    ],
  },
  energyPerTrip: {
    title: both('Energy per trip up', '单次运行能耗上升'),
    cause: both(
      'Friction of guides or brake, a wrong balance, or fans and lights that no longer switch off.',
      '导轨或制动器摩擦、平衡异常，或风扇照明不再自动关闭。',
    ),
    consequence: both('Energy is lost; wear may stand behind it.', '多耗电，可能隐含磨损。'),
    steps: [
      both('Check stand-by: lights and fan of the car at night.', '检查夜间轿厢照明和风扇是否关闭。'),
      both('Have brake release and guide shoes checked.', '检查制动器松闸间隙和导靴。'),
    ],
  },
  ride: {
    title: both('Rough ride', '运行振动大'),
    cause: both(
      'Worn guide shoes, rail joints, or unequal rope tension.',
      '导靴磨损、导轨接头不平，或钢丝绳张力不均。',
    ),
    consequence: both('Passengers feel unsafe; wear grows.', '乘客不适，磨损加剧。'),
    steps: [
      both('Ride along: where and in which direction is it felt?', '乘梯确认振动位置和方向。'),
      both('Have guide shoes and rope tension adjusted.', '调整导靴和钢丝绳张力。'),
    ],
  },
} satisfies Record<string, FaultTexts>;
