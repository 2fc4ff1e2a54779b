import type { AlarmJournal, AlarmView, GatewayView, WorkOrderView } from '@plantroom/model/api';
import { allowedActions } from '@plantroom/operations';
import { site } from './building.ts';

const minute = 60_000;
const hour = 60 * minute;

interface Story {
  readonly number: string;
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly priority: 1 | 2 | 3 | 4;
  readonly trade: WorkOrderView['trade'];
  readonly age: number;
  readonly isAcknowledged: boolean;
  readonly title: { en: string; zh: string };
  readonly detail: { en: string; zh: string };
  readonly state: WorkOrderView['state'];
  readonly respond: number;
  readonly resolve: number;
}

const stories: readonly Story[] = [
  {
    number: 'WO-1042',
    equipment: 'elevator-5',
    fault: 'elevator.door-will-not-close',
    subject: '',
    priority: 2,
    trade: 'elevator',
    age: 98 * minute,
    isAcknowledged: false,
    title: { en: 'Door will not close', zh: '门无法关闭' },
    detail: { en: 'Door will not close, 4 attempts at 6F', zh: '门无法关闭,在6层尝试4次' },
    state: 'raised',
    respond: 2 * hour,
    resolve: 48 * hour,
  },
  {
    number: 'WO-1038',
    equipment: 'booster-2',
    fault: 'pump.head-below-curve',
    subject: '',
    priority: 3,
    trade: 'mechanical',
    age: 25 * hour,
    isAcknowledged: true,
    title: { en: 'Head below curve', zh: '扬程低于曲线' },
    detail: { en: 'Head 8 % below its curve for 24 h', zh: '扬程低于曲线 8 %,已持续 24 小时' },
    state: 'in-progress',
    respond: 4 * hour,
    resolve: 48 * hour,
  },
  {
    number: 'WO-1041',
    equipment: 'fire-panel',
    fault: 'fire-panel.device-disabled',
    subject: '3-32',
    priority: 3,
    trade: 'fire',
    age: 1.6 * hour,
    isAcknowledged: true,
    title: { en: 'Detector disabled', zh: '探测器被屏蔽' },
    detail: { en: 'Detector 3-32 disabled for 9 h without permit', zh: '探测器 3-32 无许可屏蔽已 9 小时' },
    state: 'accepted',
    respond: 4 * hour,
    resolve: 48 * hour,
  },
];

const texts = {
  cause: {
    en: 'Something keeps the door from closing, or the closing force is too low.',
    zh: '门口有障碍物,或关门力不足。',
  },
  consequence: {
    en: 'The car stays where it is; people wait longer, somebody may be inside.',
    zh: '轿厢停留不动,候梯时间变长,轿厢内可能有人。',
  },
  steps: [
    { en: 'Ask over the intercom whether somebody is in the car.', zh: '通过对讲确认轿厢内是否有人。' },
    { en: 'Look for something in the door track and take it out.', zh: '检查门槽内是否有异物并清除。' },
    { en: 'Watch three full door cycles at this floor.', zh: '在该层观察三次完整的开关门。' },
    {
      en: 'If it stays, take the lift out of service and call the contractor.',
      zh: '若仍无法关闭,停用电梯并联系维保单位。',
    },
  ],
};

function alarmOf(story: Story, now: number): AlarmView {
  const raisedAt = now - story.age;
  return {
    id: `al-${story.number.toLowerCase()}`,
    site: site.id,
    gateway: 'gw-1',
    equipment: story.equipment,
    fault: story.fault,
    subject: story.subject,
    source: 'gateway',
    priority: story.priority,
    facts: {
      active: true,
      acknowledged: story.isAcknowledged,
      latched: false,
      shelved: false,
      suppressed: false,
      outOfService: false,
    },
    raisedAt,
    clearedAt: null,
    acknowledgedAt: story.isAcknowledged ? raisedAt + 4 * minute : null,
    acknowledgedBy: story.isAcknowledged ? 'demo' : null,
    endedAt: null,
    ending: null,
    detail: story.detail,
    evidence: [{ point: story.equipment === 'elevator-5' ? 'doorReopenCount' : 'power', value: 4, time: raisedAt }],
    version: story.isAcknowledged ? 2 : 1,
    command: null,
    state: story.isAcknowledged ? 'acknowledged' : 'unacknowledged',
    safety: false,
    title: story.title,
    ...texts,
    order: { id: `wo-${story.number.toLowerCase()}`, number: story.number },
    pending: null,
  };
}

function clockOf(raisedAt: number, allowed: number, now: number, metAt: number | null): WorkOrderView['respond'] {
  const used = ((metAt ?? now) - raisedAt) / allowed;
  const state = used > 1 ? 'breached' : metAt !== null ? 'met' : used >= 0.75 ? 'at-risk' : 'on-track';
  return { dueAt: raisedAt + allowed, state, used, metAt };
}

function orderOf(story: Story, now: number): WorkOrderView {
  const raisedAt = now - story.age;
  const answeredAt = story.state === 'raised' ? null : raisedAt + 30 * minute;
  const entry = (time: number, action: string, to: WorkOrderView['state'], from: WorkOrderView['state'] | null) => ({
    time,
    actor: action === 'raise' ? 'plantroom' : 'demo',
    action,
    from,
    to,
    comment: '',
  });
  return {
    id: `wo-${story.number.toLowerCase()}`,
    number: story.number,
    site: site.id,
    equipment: story.equipment,
    fault: story.fault,
    subject: story.subject,
    alarm: `al-${story.number.toLowerCase()}`,
    priority: story.priority,
    trade: story.trade,
    state: story.state,
    version: 1,
    title: story.title,
    ...texts,
    steps: texts.steps.map((text) => ({ text, doneAt: null, doneBy: null })),
    assignee: answeredAt === null ? null : 'demo',
    raisedAt,
    respond: clockOf(raisedAt, story.respond, now, answeredAt),
    resolve: clockOf(raisedAt, story.resolve, now, null),
    actions: allowedActions(story.state),
    occurrences: 1,
    history: [
      entry(raisedAt, 'raise', 'raised', null),
      ...(answeredAt === null ? [] : [entry(answeredAt, 'accept', 'accepted', 'raised')]),
    ],
  };
}

export interface Records {
  alarms: AlarmView[];
  orders: WorkOrderView[];
  readonly journals: ReadonlyMap<string, AlarmJournal['items']>;
  journal(alarm: AlarmView, transition: Omit<AlarmJournal['items'][number], 'reasons' | 'version'>): void;
}

/** Three faults in three states, as old at any moment as the drawing of the site page has them. */
type Journal = AlarmJournal['items'];

/** The alarm was raised after its delay, and perhaps seen. */
function journalOf(alarm: AlarmView): Journal {
  const raise = {
    ...({ version: 1, time: alarm.raisedAt, input: 'raise', from: 'normal', to: 'unacknowledged' } as const),
    ...{ reasons: [{ stage: 'delay', reason: 'on-delay-over' }], actor: null, comment: '' },
  };
  if (alarm.acknowledgedAt === null) return [raise];
  const seen = {
    version: 2,
    time: alarm.acknowledgedAt,
    input: 'acknowledge',
    from: raise.to,
    to: 'acknowledged',
  } as const;
  return [raise, { ...seen, reasons: [], actor: alarm.acknowledgedBy, comment: 'on the way' }];
}

/** The door alarm's neighbours in a small flood: one that it explains, one that came after it, one on the shelf. */
export function neighboursOf([first]: readonly AlarmView[], now: number): AlarmView[] {
  if (!first) return [];
  const like = (id: string, change: Partial<AlarmView>): AlarmView => ({
    ...first,
    id,
    order: null,
    priority: 3,
    ...change,
  });
  const text = (en: string, zh: string) => ({ en, zh });
  return [
    like('al-run-time', {
      ...{ fault: 'elevator.run-time-exceeded', detail: text('A run takes longer than 45 s', '单次运行超过 45 秒') },
      ...{ facts: { ...first.facts, suppressed: true }, state: 'suppressed' },
      suppression: { alarm: first.id, reason: 'explained-by elevator.door-will-not-close' },
    }),
    like('al-tank', {
      ...{ equipment: 'roof-tank', fault: 'water-tank.low-level', firstOut: first.id, chattering: true },
      detail: text('Level at 18 %, limit 20 %', '液位 18 %，限值 20 %'),
    }),
    like('al-shelved', {
      ...{ equipment: 'booster-1', fault: 'pump.vibration-high', detail: text('Vibration 4.6 mm/s', '振动 4.6 mm/s') },
      ...{ facts: { ...first.facts, shelved: true }, state: 'shelved', version: 2 },
      shelving: { since: now - hour, until: now + 7 * hour, oneShot: false, by: 'demo', reason: 'bearing is ordered' },
    }),
  ];
}

export function createRecords(now: number): Records {
  const alarms = stories.map((story) => alarmOf(story, now));
  const journals = new Map(alarms.map((alarm) => [alarm.id, journalOf(alarm)]));
  return {
    alarms,
    orders: stories.map((story) => orderOf(story, now)),
    journals,
    journal: ({ id, version }, transition) => {
      const reasons = [{ stage: 'command', reason: transition.input }];
      journals.set(id, [...(journals.get(id) ?? []), { ...transition, version, reasons }]);
    },
  };
}

export function gatewayAt(now: number): GatewayView {
  return {
    site: site.id,
    id: 'gw-1',
    online: true,
    heardAt: now - 1_200,
    epoch: '6f1c09d2',
    revision: '9b2f41c07d1e',
    version: '0.1.0',
    backlog: { entries: 3, bytes: 4_210, oldest: 900 },
    quarantined: 0,
    log: { thinned: 0, lost: 0, fullIn: null, trouble: null },
    clock: {
      ...{ state: 'synchronised', source: 'system', doubtfulFor: 0, systemOffset: 0 },
      ...{ cloudOffset: { by: 12, within: 3 }, lastJump: null },
    },
    conflict: null,
    corrections: [],
    lag: 184,
    samples: 18_204_331,
    connections: [
      { id: 'lift-server', type: 'opc-ua', state: 'connected', silent: [], detail: '' },
      { id: 'pump-bus', type: 'modbus-tcp', state: 'connected', silent: [], detail: '' },
      { id: 'meter-bus-a', type: 'modbus-tcp', state: 'connected', silent: [], detail: '' },
      {
        id: 'devices',
        type: 'mqtt',
        state: 'connected',
        silent: ['carpark-b1'],
        detail: 'nothing from carpark-b1 for 9 h',
      },
    ],
  };
}
