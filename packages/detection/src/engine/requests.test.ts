import { expect, it } from 'vitest';
import type { Detection, DetectionResult } from '../index.ts';
import { at, command, feed, make, only, points, pump } from '../testing/engine-kit.ts';
import { ids, start } from '../testing/rig.ts';

/** One that may be silent for months. */
const quietPump = {
  ...pump,
  points: points('running', 'tripped').map(({ point }) => ({ point, cadence: { period: 1000, maximumSilence: 1e10 } })),
};
const trips = ({ orders }: DetectionResult) => orders.filter(({ fault }) => fault === 'pump.tripped');

/** The pump trips and is put right; gives what was asked for. */
function trip(detection: Detection, second: number) {
  feed(detection, 'pump-1', second, { running: 1, tripped: 1 });
  const orders = trips(detection.tick(at(second + 1)));
  feed(detection, 'pump-1', second + 30, { running: 1, tripped: 0 });
  detection.tick(at(second + 35));
  return orders;
}

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

it('makes no order, however often it comes again, when its fault asks for none', () => {
  const detection = make([pump]);
  const orders = [0, 1, 2, 3].map((round) => {
    const second = round * 86_400;
    feed(detection, 'pump-1', second, { running: 1, vibration: 5 });
    const raised = detection.tick(at(second + 60));
    feed(detection, 'pump-1', second + 100, { vibration: 1 });
    detection.tick(at(second + 160));
    const vibration = raised.alarms.find((alarm) => alarm.fault === 'pump.vibration-high');
    if (vibration) detection.command(command(vibration, 'acknowledge', second + 170));
    return raised.orders.filter((order) => order.fault === 'pump.vibration-high').length;
  });
  expect(orders).toEqual([0, 0, 0, 0]);
});

it('asks for its job again each time it comes again before anybody has seen it, weeks later or after a restart', () => {
  const before = make([quietPump]);
  const [first] = trip(before, 0);
  const day = 86_400;
  // What was decided but not yet kept when the process died is decided again, under the same id.
  const saved = before.state();
  const [lost] = trip(make([quietPump], saved, at(60)), 20 * day);
  const after = make([quietPump], saved, at(60));
  const [second] = trip(after, 20 * day);
  expect(second).toEqual(lost);
  expect(second).toMatchObject({ alarm: first?.alarm, raisedAt: at(20 * day + 1) });
  expect(second?.id).not.toBe(first?.id);
  const [third] = trip(make([quietPump], after.state(), at(20 * day + 60)), 21 * day);
  expect(new Set([first, second, third].map((order) => order?.id)).size).toBe(3);
});

it('asks three times an hour at most while it comes and goes, and for what then stands when the hour is over', () => {
  const detection = make([quietPump]);
  const orders = Array.from({ length: 25 }, (_, n) => trip(detection, n * 120));
  expect(orders.flat().map(({ raisedAt }) => (raisedAt - start) / 1000)).toEqual([1, 121, 241]);
  feed(detection, 'pump-1', 3100, { tripped: 1 });
  expect(trips(detection.tick(at(3600)))).toEqual([]);
  const restarted = make([quietPump], detection.state(), at(3600));
  expect(trips(restarted.tick(at(3601)))).toMatchObject([{ raisedAt: at(3101) }]);
  expect(trips(restarted.tick(at(9000)))).toEqual([]);
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
