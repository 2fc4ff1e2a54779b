import type { Alarm } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../index.ts';
import { at, command, feed, lift, make, only, pump } from '../testing/engine-kit.ts';

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
