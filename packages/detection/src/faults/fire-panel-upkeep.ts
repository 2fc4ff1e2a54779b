import { defineFault, engineering, type Fault, type FaultTexts, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { keep } from './trend.ts';

const day = 86_400_000;
const device = 'loop[].device[].state';
const contamination = 'loop[].device[].contamination';

const texts = {
  dirty: {
    title: both('Detector dirty', '探测器污染'),
    cause: both('Dust in the chamber.', '探测室积尘。'),
    consequence: both('False alarms, later a detector that is blind.', '先误报，后失灵。'),
    steps: [
      both('Clean or exchange the detector.', '清洗或更换探测器。'),
      both('Look for the source of the dust.', '查找粉尘来源。'),
    ],
  },
  nuisance: {
    title: both('Detector alarms again and again', '探测器反复误报'),
    cause: both(
      'Steam, smoke of cooking, dust, insects, or the wrong kind of detector for the place.',
      '水汽、油烟、粉尘、昆虫，或探测器选型不当。',
    ),
    consequence: both('People no longer believe the alarm.', '人员对报警麻木。'),
    steps: [
      both('Find out what happened at each of the alarms.', '核实每次报警时现场情况。'),
      both('Clean, move or replace the detector; never just disable it.', '清洗、移位或更换，不得长期屏蔽。'),
    ],
  },
  test: {
    title: both('Left in test', '控制器未退出测试'),
    cause: both('A test was not ended.', '测试结束后未恢复。'),
    consequence: both('A real fire may not be passed on.', '真实火警可能不会上传。'),
    steps: [
      both('End the test at the panel.', '在控制器上退出测试。'),
      both('Check that all is back to normal.', '确认全部恢复正常。'),
    ],
  },
  feedback: {
    title: both('Output without feedback', '启动无反馈'),
    cause: both(
      'The equipment did not start, or its feedback contact or line failed.',
      '设备未启动，或反馈触点、线路故障。',
    ),
    consequence: both('Fire pump, fan or shutter may not work in a fire.', '消防泵、风机或卷帘可能未动作。'),
    steps: [
      both('Go there and see whether it runs; start it by hand.', '到现场确认是否动作，必要时手动启动。'),
      both('Check module, line and feedback contact.', '检查模块、线路和反馈触点。'),
    ],
  },
  guard: {
    title: both('Guard absent', '值班人员脱岗'),
    cause: both('Nobody answered the check of the control room.', '消防控制室查岗无人应答。'),
    consequence: both('A fire alarm would be seen too late.', '火警将得不到及时处置。'),
    steps: [
      both('Call the control room; send somebody.', '致电消防控制室并派人前往。'),
      both('Two certified people have to be on duty.', '控制室须双人持证值班。'),
    ],
  },
  pressure: {
    title: both('Hydrant pressure low', '消火栓静压不足'),
    cause: both(
      'Closed valve, leak, empty high tank, or a jockey pump that does not run.',
      '阀门关闭、管网泄漏、高位水箱缺水，或稳压泵不运行。',
    ),
    consequence: both('Too little water at the worst hydrant in the first minutes.', '火灾初期最不利点水压不足。'),
    steps: [
      both('Check high tank and jockey pump.', '检查高位消防水箱和稳压泵。'),
      both('Check that all section valves are open and sealed.', '检查各分段阀门是否全开并铅封。'),
      both('Look for a leak.', '查漏。'),
    ],
  },
} satisfies Record<string, FaultTexts>;

interface Dirt {
  /** [day, value], one a day of the last month. */
  readonly days: [day: number, value: number][];
}

/** Days until the maker's limit (100 %) at the pace of the last month; undefined while it does not grow. */
function daysLeft({ days }: Dirt): number | undefined {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last || last[0] - first[0] < 7 || last[1] <= first[1]) return undefined;
  return ((100 - last[1]) * (last[0] - first[0])) / (last[1] - first[1]);
}

/** F8. By the limit, or by the pace: a detector that will be dirty before the next visit is cleaned at this one. */
const dirtyDetector = defineFault('fire-panel', {
  id: 'fire-panel.device-dirty',
  texts: texts.dirty,
  points: [contamination],
  subjects: { by: 'point', template: contamination },
  parameters: {
    limit: limit('%', 80, [30, 100], "fault library F8: 80 % of the maker's limit"),
    left: limit('d', 14, [1, 90], 'fault library F8: 14 days left'),
  },
  every: 60,
  memory: (): Dirt => ({ days: [] }),
  update: ({ now, points, memory }) => {
    const today = Math.floor(now / day);
    if (memory.days.at(-1)?.[0] !== today) keep(memory.days, [today, points[contamination]], 31);
  },
  onDelay: seconds(3600, [0, 86_400], engineering),
  offDelay: seconds(3600, [0, 86_400], engineering),
  condition: ({ points, parameters, memory }) =>
    points[contamination] > parameters.limit || (daysLeft(memory) ?? Number.POSITIVE_INFINITY) < parameters.left,
  priority: 3,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ subject, points }) =>
    both(
      `Device ${subject} is contaminated: ${figure(points[contamination], 0)} %`,
      `${subject} 号探测器污染度 ${figure(points[contamination], 0)} %`,
    ),
});

interface Alarms {
  /** It alarms now; nobody has confirmed it so far. */
  alarms: boolean;
  alone: boolean;
  /** When alarms ended that stayed alone. */
  readonly times: number[];
}

/** F9. Alarms of one detector that no second one confirmed. Whether it stayed alone is known at its end. */
const nuisance = defineFault('fire-panel', {
  id: 'fire-panel.device-nuisance',
  texts: texts.nuisance,
  points: [device],
  subjects: { by: 'point', template: device },
  counts: { inFire: { template: device, value: 1 }, pressed: { template: device, value: 6 } },
  parameters: {
    times: limit('', 3, [2, 20], 'fault library F9: 3 unconfirmed alarms'),
    days: limit('d', 30, [1, 365], 'fault library F9: in 30 days'),
  },
  every: 1,
  memory: (): Alarms => ({ alarms: false, alone: true, times: [] }),
  update: ({ now, points, counts, parameters, memory }) => {
    const alarms = points[device] === 1;
    if (alarms && !memory.alarms) memory.alone = true;
    if (alarms && counts.inFire + counts.pressed > 1) memory.alone = false;
    if (memory.alarms && !alarms && memory.alone) keep(memory.times, now, 20);
    memory.alarms = alarms;
    while ((memory.times[0] ?? now) <= now - parameters.days * day) memory.times.shift();
  },
  condition: ({ memory, parameters }) => memory.times.length >= parameters.times,
  priority: 3,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ subject, memory }) =>
    both(
      `Device ${subject} alarmed ${memory.times.length} times alone`,
      `${subject} 号探测器单独报警 ${memory.times.length} 次`,
    ),
});

const leftInTest = defineFault('fire-panel', {
  id: 'fire-panel.left-in-test',
  texts: texts.test,
  points: ['test'],
  onDelay: seconds(7200, [60, 86_400], 'fault library F11: 2 h'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points.test === 1,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
});

const noFeedback = defineFault('fire-panel', {
  id: 'fire-panel.output-without-feedback',
  texts: texts.feedback,
  points: ['started', 'feedback'],
  onDelay: seconds(30, [5, 300], 'fault library F12: 30 s; GB 50974: a fire pump within 120 s'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points.started === 1 && points.feedback !== 1,
  priority: 1,
  trade: 'fire',
  raisesOrder: true,
  respondWithin: 2,
});

const guardAbsent = defineFault('fire-panel', {
  id: 'fire-panel.guard-absent',
  texts: texts.guard,
  points: ['guardPresent'],
  onDelay: seconds(600, [60, 7200], 'fault library F16: 10 min'),
  offDelay: seconds(5, [0, 600], engineering),
  condition: ({ points }) => points.guardPresent === 0,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  respondWithin: 10,
});

/** F13. The limit goes by the height of the building; the default is that of a public high-rise. */
const hydrantPressure = defineFault('fire-panel', {
  id: 'fire-panel.hydrant-pressure-low',
  texts: texts.pressure,
  points: ['hydrantPressure'],
  parameters: { limit: limit('MPa', 0.1, [0.05, 1.6], 'GB 50974: 0.10 MPa, 0.15 above 100 m, 0.07 others') },
  onDelay: seconds(60, [5, 3600], 'engineering default: longer than the start of a jockey pump'),
  offDelay: seconds(15, [0, 600], 'ISA-18.2: pressure 15 s'),
  condition: ({ points, parameters }) => points.hydrantPressure < parameters.limit,
  priority: 2,
  trade: 'fire',
  raisesOrder: true,
  detail: ({ points, parameters }) =>
    both(
      `${figure(points.hydrantPressure, 3)} MPa at the worst hydrant, ${figure(parameters.limit, 3)} MPa are due`,
      `最不利点静压 ${figure(points.hydrantPressure, 3)} MPa，应不低于 ${figure(parameters.limit, 3)} MPa`,
    ),
});

export const firePanelUpkeepFaults: readonly Fault[] = [
  dirtyDetector,
  nuisance,
  leftInTest,
  noFeedback,
  guardAbsent,
  hydrantPressure,
];
