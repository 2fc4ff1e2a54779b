import { ManualClock } from '@plantroom/base';
import { expect, test } from 'vitest';
import { LatestValues } from './latest-values.ts';

const start = 1_780_000_000_000;
const sample = { site: 'tower', equipment: 'p1', point: 'speed', gatewayTime: start, quality: 'good' } as const;

function cache(now = start) {
  const clock = new ManualClock(now);
  return { clock, values: new LatestValues((_s, _e, point) => (point === 'gone' ? undefined : 60_000), clock) };
}

test('a newer sample replaces, an older one from the backlog does not', () => {
  const { values } = cache();
  values.merge([{ ...sample, time: start, value: 50 }]);
  expect(values.merge([{ ...sample, time: start - 1, value: 10 }])).toEqual([]);
  expect(values.merge([{ ...sample, time: start + 1, value: 60 }])).toHaveLength(1);
  expect(values.latest({ site: 'tower' }).map((p) => p.value)).toEqual([60]);
});

test('last heard and last changed are two things', async () => {
  const { clock, values } = cache();
  values.merge([{ ...sample, time: start, value: 50 }]);
  await clock.advance(1000);
  values.merge([{ ...sample, time: start + 1000, gatewayTime: start + 1000, value: 50 }]);
  expect(values.latest({})[0]).toMatchObject({ changedAt: start, heardAt: start + 1000 });
  values.merge([{ ...sample, time: start + 2000, value: 51 }]);
  expect(values.latest({})[0]).toMatchObject({ changedAt: start + 2000 });
});

test('a value goes stale by time alone, exactly after its longest silence', async () => {
  const { clock, values } = cache();
  values.merge([{ ...sample, time: start, value: 50 }]);
  await clock.advance(60_000);
  expect(values.latest({})[0]?.stale).toBe(false);
  await clock.advance(1);
  expect(values.latest({})[0]?.stale).toBe(true);
});

test('a clock that was ahead neither keeps a value fresh nor keeps out what comes after it was set right', async () => {
  const { clock, values } = cache();
  const ahead = start + 540_000;
  values.merge([{ ...sample, time: ahead, gatewayTime: ahead, value: 0 }]);
  expect(values.latest({})[0]).toMatchObject({ heardAt: start, stale: false });
  await clock.advance(60_001);
  expect(values.latest({})[0]?.stale).toBe(true);
  const now = clock.now();
  expect(values.merge([{ ...sample, time: now, gatewayTime: now, value: 1 }])).toHaveLength(1);
  expect(values.latest({})[0]).toMatchObject({ value: 1, stale: false });
});

test('history does not take the place of a sample from the future', () => {
  const { values } = cache();
  values.merge([{ ...sample, time: start + 540_000, gatewayTime: start + 540_000, value: 2 }]);
  const old = start - 3_600_000;
  expect(values.merge([{ ...sample, time: old, gatewayTime: old, value: 1 }])).toEqual([]);
});

test('what the store held at the start does not undo what came since', () => {
  const { values } = cache();
  values.merge([{ ...sample, time: start + 5, value: 2 }]);
  values.load([{ ...sample, time: start, value: 1, changedAt: start }]);
  expect(values.latest({})[0]?.value).toBe(2);
});

test('a point that the model no longer has is not shown', () => {
  const { values } = cache();
  expect(values.merge([{ ...sample, point: 'gone', time: start, value: 1 }])).toEqual([]);
  expect(values.latest({})).toEqual([]);
});

test('filters by site and equipment', () => {
  const { values } = cache();
  values.merge([
    { ...sample, time: start, value: 1 },
    { ...sample, equipment: 'p2', time: start, value: 2 },
    { ...sample, site: 'other', time: start, value: 3 },
  ]);
  expect(values.latest({ site: 'tower' }).map((p) => p.value)).toEqual([1, 2]);
  expect(values.latest({ site: 'tower', equipment: 'p2' }).map((p) => p.value)).toEqual([2]);
  expect(values.latest({})).toHaveLength(3);
});
