import type { Alarm } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import type { Detection, DetectionEquipment } from '../index.ts';
import { at, command, feed, lift, make, only, points, pump, states } from '../testing/engine-kit.ts';
import { ids, sample, start } from '../testing/rig.ts';

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

  it.each([5, 45, 59, 120])('takes safety as it arrives, though the source’s clock was set back by %i s', (back) => {
    const panel: DetectionEquipment = {
      ...{ id: 'panel', kind: 'fire-panel', ratings: {}, points: points('loop[1].device[1].state') },
    };
    const trapped = { ...lift, points: points('moving', 'alarmButton') };
    const detection = make([panel, trapped]);
    const tell = (equipment: string, point: string, second: number, off: number, value: number) => {
      const told = { ...sample(equipment, point, at(second - off), value), gatewayTime: at(second) };
      return detection.ingest([told]).alarms.map(({ fault }) => fault);
    };
    tell('panel', 'loop[1].device[1].state', 200, 0, 0);
    expect(tell('panel', 'loop[1].device[1].state', 201, back, 1)).toEqual(['fire-panel.device-fire']);
    for (const [point, value] of [
      ['moving', 0],
      ['alarmButton', 0],
    ] as const)
      tell('lift-1', point, 200, 0, value);
    for (let second = 201; second < 206; second++) {
      tell('lift-1', 'moving', second, back, 0);
      tell('lift-1', 'alarmButton', second, back, 1);
      detection.tick(at(second));
    }
    expect(detection.open().map(({ fault }) => fault)).toContain('elevator.entrapment');
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
    expect(again.orders).toMatchObject([{ id: ids.newOrderId(raised.id, 3), alarm: raised.id, raisedAt: at(71) }]);
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

  it('does not let short closings of a door add up over a reload while the code of its controller is lost', () => {
    const door = { ...lift, points: points('door', 'doorCommand', 'faultCode') };
    const detection = make([door]);
    for (let second = 0; second < 60; second += 10) {
      feed(detection, 'lift-1', second, { door: 3, doorCommand: 2, faultCode: null });
      detection.reconfigure([door], at(second + 5));
      feed(detection, 'lift-1', second + 6, { door: 0, doorCommand: 0 });
    }
    expect(detection.open()).toEqual([]);
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
