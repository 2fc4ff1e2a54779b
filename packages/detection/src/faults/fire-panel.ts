import { certificate } from './certificate.ts';
import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { firePanelTexts } from './fire-panel-texts.ts';
import { firePanelUpkeepFaults } from './fire-panel-upkeep.ts';
import { silence } from './silence.ts';

const device = 'loop[].device[].state';
/** A pressed call point is a fire that a person has seen. */
const state = { fire: 1, fault: 2, disabled: 3, supervisory: 4, pressed: 6 } as const;

/** F1, one alarm a device: no delay, never filtered, never hidden. */
const deviceFire = defineFault('fire-panel', {
  id: 'fire-panel.device-fire',
  texts: firePanelTexts.fire,
  points: [device],
  subjects: { by: 'point', template: device },
  condition: ({ points }) => points[device] === state.fire || points[device] === state.pressed,
  safety: true,
  priority: 1,
  trade: 'fire',
  raisesOrder: true,
  respondWithin: 3,
  detail: ({ subject, points }) =>
    points[device] === state.pressed
      ? both(`Manual call point ${subject} pressed`, `${subject} 号手动报警按钮动作`)
      : both(`Fire alarm of device ${subject}`, `${subject} 号探测器火警`),
});

/** EN 54-2, GB 4717: a panel shows a fire within 10 s (here in ms). */
const shownWithin = 10_000;

/**
 * A device that is lost counts as what it said last. What said fire, and still counts while the panel has long denied it, is
 * overtaken: it must not stand for the panel's next fire.
 */
interface Overtaken {
  /** Devices that count as in fire while the panel says that there is none, and since when they are so many. */
  count: number;
  since: number | null;
  overtaken: number;
}

/**
 * The panel's own fire bit, for a fire that no device we know stands for. A panel whose devices are read gives them one
 * more look to be read too, so that one fire is one alarm; a panel without them is not waited for.
 */
const fire = defineFault('fire-panel', {
  id: 'fire-panel.fire',
  texts: firePanelTexts.fire,
  points: ['fire'],
  optional: ['fireCount'],
  counts: {
    inFire: { template: device, value: state.fire },
    pressed: { template: device, value: state.pressed },
    quiet: { template: device, value: 0 },
  },
  onDelay: seconds(1.5, [0, 10], 'a second and a poll: one more look at a panel that is read each second'),
  memory: (): Overtaken => ({ count: 0, since: null, overtaken: 0 }),
  update: ({ points, counts, memory, now }) => {
    const count = counts.inFire + counts.pressed;
    memory.overtaken = Math.min(memory.overtaken, count);
    if (points.fire !== 0) memory.since = null;
    else if (memory.since === null || memory.count !== count) Object.assign(memory, { since: now, count });
    else if (now - memory.since >= shownWithin) memory.overtaken = count;
  },
  condition: ({ points, counts, memory }) => points.fire === 1 && counts.inFire + counts.pressed <= memory.overtaken,
  hasten: ({ counts }) => (counts.quiet === 0 ? 0 : undefined),
  safety: true,
  priority: 1,
  trade: 'fire',
  raisesOrder: true,
  respondWithin: 3,
  detail: ({ points }) =>
    points.fireCount
      ? both(`Fire alarm at the panel, ${points.fireCount} devices`, `控制器火警，火警点数 ${points.fireCount}`)
      : both('Fire alarm at the panel', '控制器火警'),
});

/** F2. Two devices of a loop, or a person who has pressed a call point. */
const confirmedFire = defineFault('fire-panel', {
  id: 'fire-panel.confirmed-fire',
  texts: firePanelTexts.confirmedFire,
  subjects: { by: 'group', template: device },
  counts: { inFire: { template: device, value: state.fire }, pressed: { template: device, value: state.pressed } },
  parameters: { devices: limit('', 2, [2, 10], 'fault library F2: two alarm points') },
  condition: ({ counts, parameters }) => counts.pressed > 0 || counts.inFire >= parameters.devices,
  latching: true,
  safety: true,
  priority: 1,
  trade: 'fire',
  // The order of the first device is the order of this fire.
  raisesOrder: false,
  respondWithin: 1,
  detail: ({ subject, counts }) =>
    counts.pressed > 0
      ? both(`Manual call point of ${words(subject).en} pressed`, `${words(subject).zh}手动报警按钮动作`)
      : both(
          `${counts.inFire} devices of ${words(subject).en} in fire alarm`,
          `${words(subject).zh}有 ${counts.inFire} 个点位火警`,
        ),
});

const words = (subject: string) => {
  const loop = subject.replace('loop-', '');
  return { en: `loop ${loop}`, zh: `回路 ${loop} ` };
};

/** A loop that opens or shorts takes its devices with it: one alarm instead of fifty. */
const loopFault = defineFault('fire-panel', {
  id: 'fire-panel.loop-fault',
  texts: firePanelTexts.loopFault,
  subjects: { by: 'group', template: device },
  counts: { inFault: { template: device, value: state.fault } },
  parameters: {
    devices: limit('', 10, [2, 250], 'fault library F4: more than 10 points of a loop are one loop fault'),
  },
  onDelay: seconds(2, [0, 60], engineering),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ counts, parameters }) => counts.inFault > parameters.devices,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ subject, counts }) =>
    both(
      `${counts.inFault} devices of ${words(subject).en} in fault`,
      `${words(subject).zh}有 ${counts.inFault} 个点位故障`,
    ),
});

/** Waits longer than the loop fault, so that a loop's devices are never announced one by one. */
const deviceFault = defineFault('fire-panel', {
  id: 'fire-panel.device-fault',
  texts: firePanelTexts.deviceFault,
  points: [device],
  subjects: { by: 'point', template: device },
  onDelay: seconds(10, [0, 600], 'EN 54-2: a fault is shown within 100 s'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points[device] === state.fault,
  explainedBy: [{ fault: 'fire-panel.loop-fault', subject: 'group' }],
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ subject }) => both(`Device ${subject} in fault`, `${subject} 号点位故障`),
});

const deviceDisabled = defineFault('fire-panel', {
  id: 'fire-panel.device-disabled-too-long',
  texts: firePanelTexts.disabled,
  points: [device],
  subjects: { by: 'point', template: device },
  onDelay: seconds(28_800, [60, 604_800], 'fault library F7: 8 h'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points[device] === state.disabled,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ subject }) => both(`Device ${subject} disabled too long`, `${subject} 号点位屏蔽时间过长`),
});

/** The same from the panel's own bit, where devices are not read or are not what is disabled. */
const disabled = defineFault('fire-panel', {
  id: 'fire-panel.disabled-too-long',
  texts: firePanelTexts.disabled,
  points: ['disabled'],
  optional: ['disabledCount'],
  counts: { disabled: { template: device, value: state.disabled } },
  onDelay: seconds(28_800, [60, 604_800], 'fault library F7: 8 h'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points, counts }) => points.disabled === 1 && counts.disabled === 0,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ points }) =>
    both(
      `Points disabled too long${points.disabledCount ? `: ${points.disabledCount}` : ''}`,
      `点位屏蔽时间过长${points.disabledCount ? `,共 ${points.disabledCount} 个` : ''}`,
    ),
});

const supervisory = defineFault('fire-panel', {
  id: 'fire-panel.supervisory',
  texts: firePanelTexts.supervisory,
  points: ['supervisory'],
  onDelay: seconds(5, [0, 90], 'NFPA 72: supervisory signal within 90 s'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points.supervisory === 1,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
});

/** The general fault bit, which every fault of the panel sets: an alarm only when nothing we read names the cause. */
const trouble = defineFault('fire-panel', {
  id: 'fire-panel.trouble',
  texts: firePanelTexts.trouble,
  points: ['fault'],
  optional: ['mainsFault', 'batteryFault', 'busFault', 'faultCount'],
  counts: { inFault: { template: device, value: state.fault } },
  onDelay: seconds(10, [0, 200], 'EN 54-2: a fault is shown within 100 s; NFPA 72: 200 s'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points: p, counts }) =>
    p.fault === 1 && p.mainsFault !== 1 && p.batteryFault !== 1 && p.busFault !== 1 && counts.inFault === 0,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ points }) =>
    points.faultCount
      ? both(`Panel in fault, ${points.faultCount} points`, `控制器故障，故障点数 ${points.faultCount}`)
      : both('Panel in fault', '控制器故障'),
});

const busFault = defineFault('fire-panel', {
  id: 'fire-panel.bus-fault',
  texts: firePanelTexts.busFault,
  points: ['busFault'],
  onDelay: seconds(10, [0, 200], 'EN 54-2: a fault is shown within 100 s'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points.busFault === 1,
  explainedBy: [{ fault: 'fire-panel.loop-fault', subject: 'any' }],
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
});

const mainsLost = defineFault('fire-panel', {
  id: 'fire-panel.mains-lost',
  texts: firePanelTexts.mainsLost,
  points: ['mainsFault'],
  optional: ['batteryVoltage'],
  onDelay: seconds(60, [0, 1800], 'fault library F5: 60 s'),
  offDelay: seconds(10, [0, 600], engineering),
  condition: ({ points }) => points.mainsFault === 1,
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ points }) =>
    points.batteryVoltage === undefined
      ? both('Mains lost, panel runs on its battery', '主电故障，控制器由备电供电')
      : both(
          `Mains lost, panel runs on its battery at ${figure(points.batteryVoltage)} V`,
          `主电故障，备电供电，电压 ${figure(points.batteryVoltage)} V`,
        ),
});

const battery = defineFault('fire-panel', {
  id: 'fire-panel.battery-fault',
  texts: firePanelTexts.battery,
  points: ['batteryFault'],
  optional: ['batteryVoltage', 'mainsFault'],
  parameters: { lowest: limit('V', 24, [18, 54], 'fault library F6: 2.0 V a cell, 24 V battery') },
  onDelay: seconds(10, [0, 600], engineering),
  offDelay: seconds(30, [0, 600], engineering),
  condition: ({ points, parameters }) =>
    points.batteryFault === 1 || (points.batteryVoltage !== undefined && points.batteryVoltage < parameters.lowest),
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ points }) =>
    both(`Battery fault, ${figure(points.batteryVoltage)} V`, `备电故障，电压 ${figure(points.batteryVoltage)} V`),
});

const leftInManual = defineFault('fire-panel', {
  id: 'fire-panel.left-in-manual',
  texts: firePanelTexts.manual,
  points: ['manual'],
  onDelay: seconds(1800, [60, 86_400], 'fault library F11: 30 min'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points.manual === 1,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
});

/** A message of the panel that its profile cannot read, found by the gateway: it may be a fire. */
const reportNotUnderstood = defineFault('fire-panel', {
  id: 'fire-panel.report-not-understood',
  texts: firePanelTexts.notUnderstood,
  trigger: 'external',
  latching: true,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
});

export const firePanelFaults: readonly Fault[] = [
  deviceFire,
  fire,
  confirmedFire,
  supervisory,
  trouble,
  loopFault,
  deviceFault,
  busFault,
  mainsLost,
  battery,
  deviceDisabled,
  disabled,
  leftInManual,
  ...firePanelUpkeepFaults,
  reportNotUnderstood,
  silence('fire-panel', 2, 'fire', true),
  certificate('fire-panel'),
];
