import type { Alarm } from '@plantroom/model';
import { alarmStateOf } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import {
  type CommandAction,
  createDetection,
  type Detection,
  type DetectionEquipment,
  type DetectionResult,
  type DetectionState,
} from '../index.ts';
import { ids, sample, start } from '../testing/rig.ts';

const cadence = { period: 1000, maximumSilence: 600_000 };
const points = (...names: string[]) => names.map((point) => ({ point, cadence }));
const ratings = { ratedPower: 75, ratedFlow: 144 };
const pump: DetectionEquipment = {
  id: 'pump-1',
  kind: 'pump',
  ratings,
  points: points('running', 'flow', 'power', 'tripped', 'vibration', 'starts'),
};
const lift: DetectionEquipment = {
  id: 'lift-1',
  kind: 'elevator',
  ratings: {},
  points: points('moving', 'load', 'doorZone', 'faultCode'),
};

const at = (second: number) => start + second * 1000;
const make = (equipment: readonly DetectionEquipment[], initial?: DetectionState, startedAt = start) =>
  createDetection({ ...ids, startedAt, equipment, ...(initial && { initial }) });
const feed = (detection: Detection, equipment: string, second: number, values: Record<string, number | null>) =>
  detection.ingest(Object.entries(values).map(([point, value]) => sample(equipment, point, at(second), value)));
const states = (result: DetectionResult) => result.alarms.map((alarm) => [alarm.fault, alarmStateOf(alarm.facts)]);
const only = (result: DetectionResult): Alarm => {
  const [alarm] = result.alarms;
  if (!alarm || result.alarms.length > 1) throw new Error(`expected one alarm, got ${result.alarms.length}`);
  return alarm;
};
let commandNumber = 0;
const command = (alarm: Alarm, action: CommandAction, second: number, until?: number) => ({
  id: `c-${++commandNumber}`,
  alarm: alarm.id,
  action,
  actor: 'operator',
  time: at(second),
  comment: '',
  until,
});

describe('time', () => {
  it('gives the same answer with a tick a second, one tick at the end, or samples only', () => {
    const outcomes = [1, 1000, Number.POSITIVE_INFINITY].map((every) => {
      const detection = make([pump]);
      const seen: Alarm[] = [];
      for (let second = 0; second <= 120; second += 1) {
        if (second % 20 === 0) {
          const dry = second >= 40 && second < 100;
          seen.push(
            ...feed(detection, 'pump-1', second, { running: 1, flow: dry ? 0 : 140, power: dry ? 30 : 70 }).alarms,
          );
        }
        if (second % every === 0) seen.push(...detection.tick(at(second)).alarms);
      }
      seen.push(...detection.tick(at(121)).alarms);
      return seen.map((alarm) => [alarm.fault, alarm.version, alarm.raisedAt, alarm.clearedAt]);
    });
    expect(outcomes[0]).not.toEqual([]);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });

  it('keeps its delays for a source whose clock is slow, and raises when they are over by what it says', () => {
    const slow = 120;
    const told = (detection: Detection, second: number, flow: number) =>
      detection.ingest(
        Object.entries({ running: 1, flow, power: flow === 0 ? 30 : 70 }).map(([point, value]) => ({
          ...sample('pump-1', point, at(second - slow), value),
          gatewayTime: at(second),
        })),
      ).alarms;
    const play = (dry: (second: number) => boolean, until: number) => {
      const detection = make([pump]);
      const seen: [string, number][] = [];
      for (let second = 0; second <= until; second += 1) {
        const alarms = [...told(detection, second, dry(second) ? 0 : 140), ...detection.tick(at(second)).alarms];
        for (const { fault, raisedAt } of alarms) seen.push([fault, (raisedAt - start) / 1000 + slow]);
      }
      return seen;
    };
    // A moment without flow is over before the delay is, and before anybody is called.
    expect(play((second) => second === 40, 300)).toEqual([]);
    const [first] = play((second) => second >= 40, 300);
    expect(first?.[0]).toBe('pump.dry-run');
    expect(first?.[1]).toBe(50);
  });

  it('does not take a step of the wall clock for time in which a sensor stood still, nor forgets it at a restart', () => {
    const room: DetectionEquipment = {
      id: 'room',
      kind: 'environment-sensor',
      ratings: {},
      points: points('temperature', 'humidity'),
    };
    const values = { temperature: 21, humidity: 40 };
    const day = 86_400;
    let detection = make([room]);
    feed(detection, 'room', 0, values);
    detection.clockStepped(day * 1000);
    const alarms = [];
    for (let second = day; second < day + 7200; second += 60)
      alarms.push(...feed(detection, 'room', second, values).alarms);
    expect(alarms).toEqual([]);
    detection = make([room], JSON.parse(JSON.stringify(detection.state())));
    expect(states(feed(detection, 'room', day + 7201, values))).toEqual([
      ['environment-sensor.frozen', 'unacknowledged'],
    ]);
  });

  it('judges the samples of one moment as one image, in whatever order they stand', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { running: 0, flow: 0, power: 0 });
    // Read one by one, running without flow and power would begin a dry run here.
    feed(detection, 'pump-1', 5, { running: 1, power: 70, flow: 140 });
    expect(detection.tick(at(60)).alarms).toEqual([]);
    expect(detection.state().instances['pump-1|pump.dry-run|']?.pending).toBeUndefined();
  });

  it('does not count the time in which nobody listened towards a delay', () => {
    const dry = { running: 1, flow: 0, power: 30 };
    const before = make([pump]);
    feed(before, 'pump-1', 0, { running: 1, flow: 140, power: 70 });
    feed(before, 'pump-1', 5, dry);
    before.tick(at(6));
    const restarted = () => make([pump], JSON.parse(JSON.stringify(before.state())), at(66));

    const recovered = restarted();
    expect(states(recovered.tick(at(66)))).toEqual([]);
    expect(states(feed(recovered, 'pump-1', 67, { running: 1, flow: 140, power: 70 }))).toEqual([]);
    expect(states(recovered.tick(at(90)))).toEqual([]);

    const still = restarted();
    expect(states(feed(still, 'pump-1', 67, { flow: 0 }))).toEqual([]);
    expect(states(still.tick(at(68)))).toEqual([]);
    expect(states(feed(still, 'pump-1', 69, dry))).toEqual([]);
    const raised = still.tick(at(120)).alarms.find((alarm) => alarm.fault === 'pump.dry-run');
    // As long after it was heard again as the delay had left.
    const whole = make([pump]);
    feed(whole, 'pump-1', 0, { running: 1, flow: 140, power: 70 });
    feed(whole, 'pump-1', 5, dry);
    const undisturbed = whole.tick(at(120)).alarms.find((alarm) => alarm.fault === 'pump.dry-run');
    expect(raised?.raisedAt).toBe((undisturbed?.raisedAt ?? 0) + 63_000);
  });

  it('takes a value that was kept on the way for what was then, not for a clock that was set back', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 3600, { running: 1, flow: 140, power: 70, tripped: 0 });
    const old = { ...sample('pump-1', 'tripped', at(0), 1), gatewayTime: at(3601) };
    detection.ingest([old]);
    detection.tick(at(3700));
    expect(detection.open().map((alarm) => alarm.fault)).not.toContain('pump.tripped');
    detection.ingest([{ ...old, time: at(3701), gatewayTime: at(3701) }]);
    detection.tick(at(3800));
    expect(detection.open().map((alarm) => alarm.fault)).toContain('pump.tripped');
  });

  it('ignores a sample that is older than what it has, but follows a clock that was set back', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 100, { vibration: 9, running: 1 });
    detection.ingest([{ ...sample('pump-1', 'vibration', at(90), 1), gatewayTime: at(101) }]);
    expect(detection.state().image['pump-1']?.vibration?.[0]).toBe(9);
    detection.ingest([{ ...sample('pump-1', 'vibration', at(10), 1), gatewayTime: at(102) }]);
    expect(detection.state().image['pump-1']?.vibration?.[0]).toBe(1);
  });
});

describe('an alarm', () => {
  it('goes on as the same one while it is not over, and as a new one after', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const raised = only(detection.tick(at(1)));
    expect(raised).toMatchObject({
      fault: 'pump.tripped',
      version: 1,
      command: null,
      source: 'gateway',
      endedAt: null,
    });
    expect(raised.evidence).toEqual([{ point: 'tripped', value: 1, time: at(0) }]);
    feed(detection, 'pump-1', 10, { tripped: 0 });
    const cleared = only(detection.tick(at(15)));
    expect(cleared).toMatchObject({ id: raised.id, version: 2, clearedAt: at(15), endedAt: null });
    feed(detection, 'pump-1', 70, { tripped: 1 });
    const again = detection.tick(at(71));
    expect(only(again)).toMatchObject({ id: raised.id, version: 3, clearedAt: null });
    expect(again.orders).toEqual([]);
    const ack = command(raised, 'acknowledge', 72);
    expect(only(detection.command(ack))).toMatchObject({
      version: 4,
      command: ack.id,
      acknowledgedBy: 'operator',
      acknowledgedAt: at(72),
    });
    feed(detection, 'pump-1', 80, { tripped: 0 });
    expect(only(detection.tick(at(85)))).toMatchObject({
      version: 5,
      command: null,
      endedAt: at(85),
      ending: 'returned',
    });
    expect(detection.open()).toEqual([]);
    feed(detection, 'pump-1', 140, { tripped: 1 });
    expect(only(detection.tick(at(141))).id).not.toBe(raised.id);
  });

  it('asks for its order once, with an id made from its own', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const result = detection.tick(at(1));
    expect(result.orders).toEqual([
      {
        id: ids.newOrderId(only(result).id),
        alarm: only(result).id,
        equipment: 'pump-1',
        fault: 'pump.tripped',
        subject: '',
        priority: 2,
        trade: 'electrical',
        raisedAt: at(1),
        title: { en: 'Tripped', zh: '保护跳闸' },
      },
    ]);
  });

  it('of low priority asks for an order at the third time in seven days', () => {
    const detection = make([pump]);
    const orders = [0, 1, 2].map((round) => {
      const second = round * 86_400;
      feed(detection, 'pump-1', second, { running: 1, vibration: 5 });
      const raised = detection.tick(at(second + 60));
      feed(detection, 'pump-1', second + 100, { vibration: 1 });
      detection.tick(at(second + 160));
      const vibration = raised.alarms.find((alarm) => alarm.fault === 'pump.vibration-high');
      if (vibration) detection.command(command(vibration, 'acknowledge', second + 170));
      return raised.orders.filter((order) => order.fault === 'pump.vibration-high').length;
    });
    expect(orders).toEqual([0, 0, 1]);
  });

  it('that latches stays until somebody resets it', () => {
    const detection = make([lift]);
    const raised = only(feed(detection, 'lift-1', 0, { faultCode: 5 }));
    expect(states(feed(detection, 'lift-1', 10, { faultCode: 0 }))).toEqual([[raised.fault, 'latched-unacknowledged']]);
    expect(states(detection.command(command(raised, 'acknowledge', 20)))).toEqual([
      [raised.fault, 'latched-acknowledged'],
    ]);
    expect(only(detection.command(command(raised, 'reset', 30)))).toMatchObject({
      ending: 'returned',
      endedAt: at(30),
    });
  });

  it('is withdrawn when its point goes, and others stay as they are', () => {
    const detection = make([pump, lift]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    feed(detection, 'lift-1', 0, { faultCode: 5 });
    detection.tick(at(2));
    const result = detection.reconfigure([{ ...pump, points: points('running') }, lift], at(10));
    expect(only(result)).toMatchObject({ fault: 'pump.tripped', ending: 'withdrawn', endedAt: at(10), version: 2 });
    expect(detection.open().map((alarm) => alarm.fault)).toEqual(['elevator.unintended-movement']);
  });

  it('is not raised for the silence of a machine that has only just come into the site file', () => {
    const detection = make([pump]);
    detection.tick(at(86_400));
    detection.reconfigure([pump, lift], at(86_400));
    const silent = detection.tick(at(86_401)).alarms.filter((alarm) => alarm.equipment === lift.id);
    expect(silent).toEqual([]);
  });

  it('is withdrawn after a restart with another site file', () => {
    const before = make([pump]);
    feed(before, 'pump-1', 0, { tripped: 1 });
    before.tick(at(2));
    const after = make([lift], before.state(), at(100));
    expect(only(after.tick(at(101)))).toMatchObject({ fault: 'pump.tripped', ending: 'withdrawn' });
    expect(after.tick(at(102)).alarms).toEqual([]);
  });
});

describe('a command', () => {
  it('that has no effect is answered and echoed', () => {
    const detection = make([lift]);
    const raised = only(feed(detection, 'lift-1', 0, { faultCode: 5 }));
    const shelve = command(raised, 'shelve', 5);
    const result = detection.command(shelve);
    expect(only(result)).toMatchObject({ version: 2, command: shelve.id, facts: raised.facts });
    expect(result.outcomes).toEqual([
      {
        command: shelve.id,
        applied: false,
        reason: 'alarms of fire and lift safety can be neither shelved nor taken out of service',
      },
    ]);
  });

  it('on an alarm that nobody knows is answered', () => {
    const result = make([lift]).command({
      id: 'c',
      alarm: 'gone',
      action: 'reset',
      actor: 'a',
      time: start,
      comment: '',
    });
    expect(result).toMatchObject({ alarms: [], outcomes: [{ command: 'c', applied: false }] });
  });

  it('that comes twice changes nothing the second time, even across a restart', () => {
    const before = make([lift]);
    const raised = only(feed(before, 'lift-1', 0, { faultCode: 5 }));
    const ack = command(raised, 'acknowledge', 5);
    before.command(ack);
    const after = make([lift], JSON.parse(JSON.stringify(before.state())));
    expect(after.command(ack)).toMatchObject({ alarms: [], outcomes: [{ command: ack.id, applied: true }] });
  });
});

describe('shelving', () => {
  it('ends by itself, and an alarm that was over meanwhile ends with it', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const raised = only(detection.tick(at(1)));
    expect(states(detection.command(command(raised, 'shelve', 10, at(600))))).toEqual([['pump.tripped', 'shelved']]);
    feed(detection, 'pump-1', 20, { tripped: 0 });
    expect(states(detection.tick(at(30)))).toEqual([['pump.tripped', 'shelved']]);
    expect(only(detection.tick(at(600)))).toMatchObject({ ending: 'returned', endedAt: at(600) });
  });

  it('of one shot ends as soon as the alarm returns to normal; it says who, why and until when', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const raised = only(detection.tick(at(1)));
    const shelve = { ...command(raised, 'shelve', 10, at(600)), oneShot: true, comment: 'spare part ordered' };
    expect(only(detection.command(shelve)).shelving).toEqual({
      ...{ since: at(10), until: at(600), oneShot: true, by: 'operator', reason: 'spare part ordered' },
    });
    feed(detection, 'pump-1', 100, { tripped: 0 });
    const { alarms, journal } = detection.tick(at(105));
    expect(alarms.map((alarm) => [alarm.clearedAt, alarm.endedAt, alarm.shelving])).toMatchObject([
      [at(105), null, { oneShot: true }],
      [at(105), at(105), undefined],
    ]);
    expect(journal.at(-1)?.reasons).toEqual([{ stage: 'shelve', reason: 'one-shot: it returned to normal' }]);
  });

  it('goes on over a restart, and ends at its time', () => {
    const before = make([pump]);
    feed(before, 'pump-1', 0, { tripped: 1 });
    const raised = only(before.tick(at(1)));
    before.command(command(raised, 'shelve', 10, at(600)));
    const after = make([pump], JSON.parse(JSON.stringify(before.state())), at(20));
    feed(after, 'pump-1', 21, { tripped: 1 });
    expect(after.tick(at(599)).alarms).toEqual([]);
    expect(states(after.tick(at(600)))).toEqual([['pump.tripped', 'unacknowledged']]);
  });

  it('lasts at most a day', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const raised = only(detection.tick(at(1)));
    detection.command(command(raised, 'shelve', 10, at(9_999_999)));
    const day = detection.tick(at(86_410)).alarms.filter((alarm) => alarm.fault === 'pump.tripped');
    expect(day.some((alarm) => !alarm.facts.shelved)).toBe(true);
  });
});

describe('suppression', () => {
  it('keeps one alarm and one order for one cause', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { running: 1, flow: 0, power: 30 });
    const results = [10, 30, 60].map((second) => detection.tick(at(second)));
    expect(results.map(states)).toEqual([[['pump.dry-run', 'unacknowledged']], [['pump.no-flow', 'suppressed']], []]);
    expect(results.flatMap((result) => result.orders.map((order) => order.fault))).toEqual(['pump.dry-run']);
    expect(results[1]?.journal[0]?.reasons).toContainEqual({ stage: 'explain', reason: 'explained-by pump.dry-run' });
  });

  it('ends with the parent: what is left then is shown and gets its order', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { running: 1, flow: 0, power: 30 });
    detection.tick(at(40));
    feed(detection, 'pump-1', 50, { power: 70 });
    const result = detection.tick(at(60));
    expect(states(result)).toContainEqual(['pump.no-flow', 'unacknowledged']);
    expect(result.orders.map((order) => order.fault)).toEqual(['pump.no-flow']);
  });

  it('ends without a second ticket when both conditions end together, the explained one by a longer delay', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { running: 1, flow: 0, power: 30 });
    detection.tick(at(60));
    feed(detection, 'pump-1', 70, { flow: 140, power: 70 });
    const results = [80, 85, 100].map((second) => detection.tick(at(second)));
    expect(results.flatMap((result) => result.orders)).toEqual([]);
    expect(results.flatMap(states)).not.toContainEqual(['pump.no-flow', 'unacknowledged']);
    expect(detection.open().map((alarm) => alarm.fault)).toEqual(['pump.dry-run']);
  });

  it('tells the explained one after all when it comes back before its delay is over', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { running: 1, flow: 0, power: 30 });
    detection.tick(at(60));
    feed(detection, 'pump-1', 70, { flow: 140, power: 70 });
    detection.tick(at(81));
    const back = feed(detection, 'pump-1', 83, { flow: 0 });
    expect(states(back)).toContainEqual(['pump.no-flow', 'unacknowledged']);
  });

  it('hides what is open when the device falls silent, and never a safety alarm', () => {
    const detection = make([pump, lift]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    feed(detection, 'lift-1', 0, { faultCode: 5 });
    detection.tick(at(2));
    detection.tick(at(1000));
    const open = new Map(detection.open().map((alarm) => [alarm.fault, alarmStateOf(alarm.facts)]));
    expect(open.get('pump.tripped')).toBe('suppressed');
    expect(open.get('elevator.unintended-movement')).toBe('unacknowledged');
    feed(detection, 'pump-1', 1010, { tripped: 1 });
    expect(states(detection.tick(at(1020)))).toContainEqual(['pump.tripped', 'unacknowledged']);
  });

  it('gathers the devices of a dead connection under the first', () => {
    const bus = Array.from({ length: 5 }, (_, index) => ({ ...pump, id: `pump-${index}`, connection: 'pump-bus' }));
    const detection = make(bus);
    for (const each of bus) feed(detection, each.id, 0, { running: 0 });
    const result = detection.tick(at(700));
    const seen = new Map(result.alarms.map((alarm) => [alarm.equipment, alarm.facts.suppressed]));
    expect([...seen.values()].filter((suppressed) => !suppressed)).toHaveLength(1);
    expect(seen.size).toBe(5);
    expect(result.orders).toHaveLength(1);
  });

  it('shows a single silent device of a connection that lives', () => {
    const bus = [0, 1].map((index) => ({ ...pump, id: `pump-${index}`, connection: 'pump-bus' }));
    const detection = make(bus);
    for (let second = 0; second <= 700; second += 10) feed(detection, 'pump-1', second, { running: 0 });
    expect(detection.open().map((alarm) => [alarm.equipment, alarm.facts.suppressed])).toEqual([['pump-0', false]]);
  });
});

describe('out of service', () => {
  it('hides every occurrence until somebody returns it to service, and says who and why', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const raised = only(detection.tick(at(1)));
    const removed = only(detection.command({ ...command(raised, 'remove-from-service', 10), comment: 'impeller out' }));
    expect(removed.removal).toEqual({ since: at(10), by: 'operator', reason: 'impeller out' });
    feed(detection, 'pump-1', 100, { tripped: 0 });
    feed(detection, 'pump-1', 200, { tripped: 1 });
    const hidden = detection.tick(at(300));
    expect(hidden.alarms.map((alarm) => alarmStateOf(alarm.facts))).toEqual(['out-of-service']);
    expect(hidden.orders).toEqual([]);
    const back = detection.command(command(raised, 'return-to-service', 400));
    expect(only(back)).toMatchObject({ facts: { active: true, acknowledged: false, outOfService: false } });
    expect(only(back).removal).toBeUndefined();
  });
});

describe('chatter', () => {
  const flap = (detection: Detection, second: number, value: number) => {
    const first = feed(detection, 'pump-1', second, { tripped: value }).alarms;
    return [...first, ...detection.tick(at(second + 5)).alarms];
  };

  it('becomes one alarm that is held until it has been quiet for a minute, and says so', () => {
    const detection = make([pump]);
    const seen = [0, 10, 20].flatMap((second, index) => flap(detection, second, index === 1 ? 0 : 1));
    expect(seen.map((alarm) => [alarm.facts.active, alarm.chattering ?? false])).toEqual([
      [true, false],
      [false, false],
      [true, true],
    ]);
    // From then on a return shorter than a minute is none.
    for (let second = 30; second < 200; second += 20)
      expect([...flap(detection, second, 0), ...flap(detection, second + 10, 1)]).toEqual([]);
    feed(detection, 'pump-1', 220, { tripped: 0 });
    expect(detection.tick(at(279)).alarms).toEqual([]);
    const { alarms, journal } = detection.tick(at(280));
    expect(alarms).toMatchObject([{ facts: { active: false }, chattering: undefined }]);
    expect(journal[0]?.reasons).toContainEqual({ stage: 'chatter', reason: 'chatter: quiet for a minute' });
  });

  it('is never seen in an alarm of safety, which is never held back', () => {
    const detection = make([lift]);
    const seen = [0, 10, 20, 30, 40].flatMap((second, index) => {
      const first = feed(detection, 'lift-1', second, { faultCode: index % 2 === 0 ? 5 : 0 }).alarms;
      return [...first, ...detection.tick(at(second + 9)).alarms];
    });
    const moved = seen.filter(({ fault }) => fault === 'elevator.unintended-movement');
    expect(moved.map((alarm) => [alarm.facts.active, alarm.chattering])).toEqual(
      [true, false, true, false, true].map((active) => [active, undefined]),
    );
  });
});

describe('re-alarm', () => {
  it('asks for attention again when an alarm that was acknowledged still stands', () => {
    const parameters = { 'pump.tripped': { reAlarm: 300 } };
    const detection = make([{ ...pump, parameters }]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    const raised = only(detection.tick(at(1)));
    detection.command(command(raised, 'acknowledge', 10));
    expect(detection.tick(at(309)).alarms).toEqual([]);
    const again = only(detection.tick(at(310)));
    expect(again).toMatchObject({ id: raised.id, facts: { active: true, acknowledged: false }, acknowledgedBy: null });
    expect(detection.tick(at(5000)).alarms.filter((alarm) => alarm.fault === 'pump.tripped')).toHaveLength(1);
  });

  it('does not ask while the alarm is shelved, and not at all where the site says never', () => {
    const parameters = { 'pump.tripped': { reAlarm: 0 } };
    for (const each of [pump, { ...pump, parameters }]) {
      const detection = make([each]);
      feed(detection, 'pump-1', 0, { tripped: 1 });
      const raised = only(detection.tick(at(1)));
      detection.command(command(raised, 'acknowledge', 10));
      if (each === pump) detection.command(command(raised, 'shelve', 11, at(80_000)));
      for (let second = 20; second < 20_000; second += 300) feed(detection, 'pump-1', second, { tripped: 1 });
      expect(detection.tick(at(20_000)).alarms).toEqual([]);
      expect(detection.open()[0]?.facts.acknowledged).toBe(true);
    }
  });
});

describe('planned maintenance', () => {
  const maintenance = [{ from: at(100), to: at(1000), reason: 'yearly service' }];

  it('suppresses what is there and what comes, with its reason, and tells what is left when it ends', () => {
    const detection = make([{ ...pump, maintenance }]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    expect(states(detection.tick(at(1)))).toEqual([['pump.tripped', 'unacknowledged']]);
    expect(only(detection.tick(at(100)))).toMatchObject({
      facts: { suppressed: true },
      suppression: { alarm: null, reason: 'maintenance: yearly service' },
    });
    feed(detection, 'pump-1', 200, { running: 1, vibration: 9 });
    feed(detection, 'pump-1', 500, { vibration: 9 });
    expect(detection.open().map((alarm) => [alarm.fault, alarm.facts.suppressed])).toContainEqual([
      'pump.vibration-dangerous',
      true,
    ]);
    const after = detection.tick(at(1000));
    expect(states(after)).toContainEqual(['pump.vibration-dangerous', 'unacknowledged']);
    expect(after.orders.map((order) => order.fault)).toContain('pump.vibration-dangerous');
  });

  it('that ends while the process is down hides nothing after it', () => {
    const before = make([{ ...pump, maintenance }]);
    feed(before, 'pump-1', 0, { tripped: 1 });
    before.tick(at(150));
    expect(before.open()[0]?.facts.suppressed).toBe(true);
    const after = make([{ ...pump, maintenance }], JSON.parse(JSON.stringify(before.state())), at(1100));
    expect(states(after.tick(at(1101)))).toEqual([['pump.tripped', 'unacknowledged']]);
  });

  it('is not asked for by safety', () => {
    const detection = make([{ ...lift, maintenance }]);
    feed(detection, 'lift-1', 500, { faultCode: 5 });
    expect(detection.open().map((alarm) => [alarm.fault, alarm.facts.suppressed])).toContainEqual([
      'elevator.unintended-movement',
      false,
    ]);
  });
});

describe('a supply that is lost', () => {
  const meter: DetectionEquipment = {
    ...{ id: 'feeder', kind: 'energy-meter', ratings: {} },
    points: points('voltageL1', 'voltageL2', 'voltageL3'),
  };
  const below = [0, 1, 2].map((n) => ({ ...pump, id: `pump-${n}`, parent: n === 2 ? 'pump-1-meter' : 'feeder' }));
  const between: DetectionEquipment = { ...meter, id: 'pump-1-meter', parent: 'feeder' };

  it('explains what goes wrong below it, through other meters, but not beside it', () => {
    const beside = { ...pump, id: 'beside' };
    const detection = make([meter, between, ...below, beside]);
    for (const each of [...below, beside]) feed(detection, each.id, 0, { tripped: 1 });
    detection.tick(at(2));
    feed(detection, 'feeder', 2, { voltageL1: 0, voltageL2: 1, voltageL3: 0 });
    const { alarms } = detection.tick(at(5));
    const root = alarms.find((alarm) => alarm.fault === 'energy-meter.supply-lost');
    const open = detection.open().filter((alarm) => alarm.fault === 'pump.tripped');
    expect(open.map((alarm) => [alarm.equipment, alarm.suppression?.alarm])).toEqual([
      ['pump-0', root?.id],
      ['pump-1', root?.id],
      ['pump-2', root?.id],
      ['beside', undefined],
    ]);
    feed(detection, 'feeder', 20, { voltageL1: 231, voltageL2: 230, voltageL3: 229 });
    for (const each of below) feed(detection, each.id, 60, { tripped: 1 });
    const back = detection.tick(at(81)).alarms.filter((alarm) => alarm.fault === 'pump.tripped');
    expect(back.map((alarm) => alarm.facts.suppressed)).toEqual([false, false, false]);
  });

  it('explains the silence of what is below a meter that is silent itself', () => {
    const detection = make([meter, ...below.slice(0, 2)]);
    for (const each of [meter, ...below.slice(0, 2)])
      feed(detection, each.id, 0, each === meter ? { voltageL1: 230 } : { running: 0 });
    detection.tick(at(700));
    expect(detection.open().map((alarm) => [alarm.equipment, alarm.facts.suppressed])).toEqual([
      ['feeder', false],
      ['pump-0', true],
      ['pump-1', true],
    ]);
  });
});

it('names in a flood the alarm that came first, in those that made it one and in all that follow', () => {
  const pumps = Array.from({ length: 14 }, (_, index) => ({ ...pump, id: `pump-${index}` }));
  const detection = make(pumps);
  for (const each of pumps) feed(detection, each.id, 0, { running: 0, starts: 0 });
  let last = new Map<string, Alarm>();
  for (const [index, each] of pumps.entries())
    for (const alarm of feed(detection, each.id, 10 + index, { starts: 20 }).alarms) last.set(alarm.id, alarm);
  const [first] = last.keys();
  expect([...last.values()].map((alarm) => alarm.firstOut)).toEqual(Array.from({ length: 14 }, () => first));
  const state = JSON.parse(JSON.stringify(detection.state()));
  const after = make(pumps, state, at(30));
  last = new Map();
  const next = feed(after, 'pump-0', 40, { tripped: 1 });
  expect(next.alarms).toEqual([]);
  expect(after.tick(at(41)).alarms.at(-1)).toMatchObject({ fault: 'pump.tripped', firstOut: first });
});

it('holds back orders of low priority in a flood and asks for what is left after it', () => {
  const pumps = Array.from({ length: 14 }, (_, index) => ({ ...pump, id: `pump-${index}` }));
  const detection = make(pumps);
  for (const each of pumps) feed(detection, each.id, 0, { running: 0, starts: 0 });
  const orders = pumps.flatMap((each) => feed(detection, each.id, 10, { starts: 20 }).orders);
  expect(orders).toHaveLength(11);
  for (const each of pumps) feed(detection, each.id, 500, { starts: 20 });
  expect(detection.tick(at(611)).orders).toHaveLength(3);
});

it('counts silence from its own start, not through the time it was down', () => {
  const before = make([pump]);
  feed(before, 'pump-1', 0, { running: 0 });
  const after = make([pump], before.state(), at(10_000));
  expect(after.tick(at(10_001)).alarms).toEqual([]);
  expect(after.tick(at(10_700)).alarms.map((alarm) => alarm.fault)).toEqual(['pump.silent']);
});

it('takes a fact from outside, follows its words and lets it go', () => {
  const meter: DetectionEquipment = { id: 'm', kind: 'energy-meter', ratings: {}, points: points('energyImport') };
  const detection = make([meter]);
  const fact = {
    equipment: 'm',
    fault: 'energy-meter.night-load',
    subject: '',
    time: at(5),
    active: true,
    detail: { en: 'one', zh: '一' },
  };
  expect(only(detection.fact(fact))).toMatchObject({ detail: { en: 'one' }, version: 1, raisedAt: at(5) });
  expect(detection.fact(fact).alarms).toEqual([]);
  expect(only(detection.fact({ ...fact, time: at(6), detail: { en: 'two', zh: '二' } }))).toMatchObject({
    detail: { en: 'two' },
    version: 2,
  });
  const last = detection.fact({ ...fact, time: at(7), active: false, detail: { en: 'three', zh: '三' } }).alarms.at(-1);
  expect(last).toMatchObject({ clearedAt: at(7), detail: { en: 'three' }, version: 4 });
  expect(detection.fact({ ...fact, fault: 'energy-meter.silent' }).alarms).toEqual([]);
});
