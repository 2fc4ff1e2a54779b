import { alarmStateOf } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import type { DetectionEquipment } from '../index.ts';
import { at, command, feed, lift, make, only, points, pump, states } from '../testing/engine-kit.ts';

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

  it('shelves by the time of the gateway, whatever clock the command comes from', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { running: 1, tripped: 1 });
    const raised = only(detection.tick(at(1)));
    const year = 365 * 86_400;
    const shelved = only(detection.command(command(raised, 'shelve', year, at(year + 3600))));
    expect(shelved.shelving).toMatchObject({ since: at(1), until: at(3601) });
    expect(only(detection.command(command(raised, 'unshelve', year)))).toMatchObject({ facts: { shelved: false } });
    expect(only(detection.command(command(raised, 'acknowledge', year))).acknowledgedAt).toBe(at(1));
    // Made in time, and told late: it ends when it was meant to.
    detection.tick(at(1800));
    const late = detection.command(command(raised, 'shelve', 600, at(4200)));
    expect(late.alarms.at(-1)?.shelving?.until).toBe(at(4200));
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

  it.each([
    ['taken out', undefined],
    ['shortened', [{ from: at(100), to: at(200), reason: 'yearly service' }]],
  ])('that is %s by another site file hides nothing any longer, be it read while running or at a start', (_, other) => {
    const [before, after] = [{ ...pump, maintenance }, other ? { ...pump, maintenance: other } : pump];
    const make300 = () => {
      const detection = make([before]);
      feed(detection, 'pump-1', 0, { tripped: 1 });
      detection.tick(at(300));
      expect(detection.open()[0]?.facts.suppressed).toBe(true);
      return detection;
    };
    const reloaded = make300().reconfigure([after], at(301));
    expect(states(reloaded)).toEqual([['pump.tripped', 'unacknowledged']]);
    const restarted = make([after], JSON.parse(JSON.stringify(make300().state())), at(301));
    expect(states(restarted.tick(at(302)))).toEqual([['pump.tripped', 'unacknowledged']]);
  });

  it('that has begun when it is first read hides what is there', () => {
    const detection = make([pump]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    detection.tick(at(150));
    expect(states(detection.reconfigure([{ ...pump, maintenance }], at(151)))).toEqual([
      ['pump.tripped', 'suppressed'],
    ]);
  });

  it('is over when the clock is set past its end', () => {
    const detection = make([{ ...pump, maintenance }]);
    feed(detection, 'pump-1', 0, { tripped: 1 });
    detection.tick(at(150));
    detection.clockStepped(3_600_000);
    expect(states(detection.tick(at(3751)))).toEqual([['pump.tripped', 'unacknowledged']]);
  });

  it('hides nothing after its end that was about to return when its sensor went bad', () => {
    const detection = make([{ ...pump, maintenance }]);
    const vibration = (second: number, value: number | null) =>
      feed(detection, 'pump-1', second, { running: 1, vibration: value });
    for (const second of [0, 100, 200, 500]) vibration(second, second < 200 ? 1 : 20);
    vibration(600, 1);
    vibration(601, null);
    detection.tick(at(999));
    expect(detection.open().map((alarm) => alarm.facts.suppressed)).not.toContain(false);
    expect(states(detection.tick(at(1000)))).toContainEqual(['pump.vibration-dangerous', 'unacknowledged']);
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

  it.each([
    ['the meter', below.slice(0, 1)],
    ['that it hangs on the meter', [meter, { ...pump, id: 'pump-0' }]],
    [
      'the name of the meter',
      [
        { ...meter, id: 'renamed' },
        { ...pump, id: 'pump-0', parent: 'renamed' },
      ],
    ],
  ])('explains nothing any longer when %s is no longer in the site file', (_, after) => {
    const detection = make([meter, ...below.slice(0, 1)]);
    feed(detection, 'feeder', 0, { voltageL1: 0, voltageL2: 1, voltageL3: 0 });
    feed(detection, 'pump-0', 10, { tripped: 1 });
    expect(states(detection.tick(at(20)))).toContainEqual(['pump.tripped', 'suppressed']);
    const { alarms, orders } = detection.reconfigure(after, at(30));
    expect(alarms.map((alarm) => [alarm.fault, alarm.facts.suppressed])).toContainEqual(['pump.tripped', false]);
    expect(orders.map((order) => order.fault)).toEqual(['pump.tripped']);
  });

  it('explains nothing any longer when its alarm is taken out of service', () => {
    const detection = make([meter, ...below.slice(0, 1)]);
    feed(detection, 'feeder', 0, { voltageL1: 0, voltageL2: 1, voltageL3: 0 });
    const root = only(detection.tick(at(5)));
    feed(detection, 'pump-0', 10, { tripped: 1 });
    expect(states(detection.tick(at(20)))).toEqual([['pump.tripped', 'suppressed']]);
    const { alarms, orders } = detection.command(command(root, 'remove-from-service', 30));
    expect(alarms.map((alarm) => [alarm.fault, alarm.facts.suppressed])).toContainEqual(['pump.tripped', false]);
    expect(orders.map((order) => order.fault)).toEqual(['pump.tripped']);
  });

  it.each([
    ['the meter', ['feeder', 'pump-0'], 'feeder'],
    ['the machine', ['pump-0', 'feeder'], 'pump-0'],
  ])('is no circle where a dead connection has both: %s, silent first, stands for both', (_, spoke, first) => {
    const detection = make([meter, ...below.slice(0, 1)].map((each) => ({ ...each, connection: 'bus' })));
    for (const [n, id] of spoke.entries())
      feed(detection, id, n, id === 'feeder' ? { voltageL1: 230 } : { running: 0 });
    const orders = [600, 601, 602, 700].flatMap((second) => detection.tick(at(second)).orders);
    const shown = detection.open().filter((alarm) => !alarm.facts.suppressed);
    expect([shown.map((alarm) => alarm.equipment), orders.map((order) => order.equipment)]).toEqual([[first], [first]]);
    expect(detection.open()).toHaveLength(2);
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
