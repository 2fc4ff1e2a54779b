import { alarmStateOf } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../index.ts';
import { at, feed, make, pump, states } from '../testing/engine-kit.ts';

/** Its start takes two minutes; no flow is told after 30 s. */
const slow = { ...pump, ratings: { ...pump.ratings, startUpTime: 120 } };
const noFlow = ['pump.no-flow', 'suppressed'] as const;

/** Stands until 10 s, then runs without flow. */
function startDry(detection: Detection, until: number) {
  feed(detection, 'pump-1', 0, { running: 0, flow: 0 });
  const told = [];
  for (let second = 10; second <= until; second++)
    told.push(...feed(detection, 'pump-1', second, { running: 1, flow: 0 }).alarms);
  return told.map((alarm) => [alarm.fault, alarmStateOf(alarm.facts), alarm.suppression?.reason]);
}

describe('the start of a machine that declares its time', () => {
  it('holds back what it can explain, says for how long, and tells it once it is over', () => {
    const detection = make([slow]);
    expect(startDry(detection, 129)).toEqual([[...noFlow, 'start-up: 90 s left']]);
    const over = feed(detection, 'pump-1', 130, { running: 1, flow: 0 });
    expect(states(over)).toEqual([['pump.no-flow', 'unacknowledged']]);
    expect(over.orders).toHaveLength(1);
    expect(over.journal[0]?.reasons).toContainEqual({ stage: 'start-up', reason: 'not-starting' });
  });

  it('is over by time alone, and nothing was told where it ended well', () => {
    const detection = make([slow]);
    startDry(detection, 60);
    expect(states(detection.tick(at(129)))).toEqual([]);
    expect(states(detection.tick(at(131)))).toEqual([['pump.no-flow', 'unacknowledged']]);
    const well = make([slow]);
    startDry(well, 60);
    for (let second = 61; second < 200; second++) feed(well, 'pump-1', second, { running: 1, flow: 144 });
    expect(well.open().filter(({ facts }) => !facts.suppressed)).toEqual([]);
  });

  it('hides nothing that endangers the machine, nothing without a time, and nothing of one that ran before', () => {
    const tripping = make([slow]);
    feed(tripping, 'pump-1', 0, { running: 0, tripped: 0 });
    feed(tripping, 'pump-1', 10, { running: 1, tripped: 1 });
    expect(states(tripping.tick(at(15)))).toEqual([['pump.tripped', 'unacknowledged']]);
    expect(startDry(make([pump]), 60)).toEqual([['pump.no-flow', 'unacknowledged', undefined]]);
    const found = make([slow]);
    for (let second = 0; second <= 30; second++) feed(found, 'pump-1', second, { running: 1, flow: 0 });
    expect(found.open().map(({ facts }) => facts.suppressed)).toEqual([false]);
  });

  it('goes on after a restart', () => {
    const before = make([slow]);
    startDry(before, 50);
    const after = make([slow], JSON.parse(JSON.stringify(before.state())), at(60));
    expect(states(feed(after, 'pump-1', 61, { running: 1, flow: 0 }))).toEqual([]);
    expect(states(feed(after, 'pump-1', 131, { running: 1, flow: 0 }))).toEqual([['pump.no-flow', 'unacknowledged']]);
  });

  it('moves along with a step of the wall clock', () => {
    const detection = make([slow]);
    startDry(detection, 50);
    detection.clockStepped(3_600_000);
    expect(states(feed(detection, 'pump-1', 3600 + 100, { running: 1, flow: 0 }))).toEqual([]);
    expect(states(feed(detection, 'pump-1', 3600 + 131, { running: 1, flow: 0 }))).toEqual([
      ['pump.no-flow', 'unacknowledged'],
    ]);
  });
});
