import { ManualClock } from '@plantroom/base';
import { expect, test } from 'vitest';
import { Space } from './space.ts';

const minute = 60_000;

function watch(free: number) {
  const clock = new ManualClock();
  const space = new Space({ capacity: { maximumBytes: 1e6, freeFloor: 1e5 }, clock, measure: () => free });
  return { clock, space };
}

test('says when the log is full at the rate of the last minutes, not at that of the whole time', async () => {
  const { clock, space } = watch(1e9);
  let used = 0;
  for (let n = 0; n < 60; n++) {
    used += n < 40 ? 10_000 : 1000;
    space.look(used);
    await clock.advance(minute);
  }
  // 420,000 bytes in use, 1,000 more a minute.
  expect((space.outlook(used).fullIn ?? 0) / minute).toBeCloseTo(580_000 / 1000, -2);
});

test('has no end while the log does not grow', async () => {
  const { clock, space } = watch(1e9);
  space.look(5000);
  await clock.advance(minute);
  expect(space.outlook(5000)).toEqual({ maximum: 1e6, free: 1e9, fullIn: null });
  expect(space.outlook(4000).fullIn).toBeNull();
});

test('takes the floor of the disk for full when that comes first', async () => {
  const { clock, space } = watch(1e5 + 600);
  space.look(0);
  await clock.advance(minute);
  expect(space.outlook(300).fullIn).toBe(2 * minute);
});
