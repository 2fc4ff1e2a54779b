import { expect, it } from 'vitest';
import { type DetectionEquipment, faultOfRule } from '../index.ts';
import { at, feed, make, points, pump } from '../testing/engine-kit.ts';

const hot = 'elevator.machine-room-over-temperature';
const lift = (limit: number): DetectionEquipment => ({
  ...{ id: 'lift-1', kind: 'elevator', ratings: {}, points: points('machineRoomTemperature') },
  parameters: { [hot]: { limit } },
});
const faults = (detection: ReturnType<typeof make>) => detection.open().map(({ fault }) => fault);

it('judges a value that stands still by the limit of the new site file', () => {
  const detection = make([lift(45)]);
  feed(detection, 'lift-1', 0, { machineRoomTemperature: 43 });
  detection.tick(at(200));
  expect(faults(detection)).toEqual([]);
  detection.reconfigure([lift(40)], at(201));
  detection.tick(at(550));
  expect(faults(detection)).toEqual([hot]);
  feed(detection, 'lift-1', 551, { machineRoomTemperature: 43 });
  detection.reconfigure([lift(50)], at(552));
  const ended = detection.tick(at(1000)).alarms.find(({ fault }) => fault === hot);
  expect(ended?.facts.active).toBe(false);
});

it('judges a value that stands still by a rule that is new', () => {
  const words = { en: 'by hand', zh: '手动' };
  const rule = faultOfRule({
    ...{ id: 'by-hand', kind: 'pump', when: 'mode == 2', parameters: {}, onDelay: 5, offDelay: 5, priority: 2 },
    ...{ trade: 'mechanical', raisesOrder: true, latching: false, title: words, cause: words },
    ...{ consequence: words, steps: [words] },
  });
  const machine = { ...pump, points: points('mode', 'running') };
  const detection = make([machine]);
  feed(detection, 'pump-1', 0, { mode: 2, running: 1 });
  detection.reconfigure([{ ...machine, rules: 'fault' in rule ? [rule.fault] : [] }], at(20));
  detection.tick(at(30));
  expect(faults(detection)).toEqual(['rule.by-hand']);
});
