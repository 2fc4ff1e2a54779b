import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { ClockSteps } from './clock-steps.ts';

test('a step is told once, by its size and direction, however long ago the last look was', async () => {
  const clock = new ManualClock(1000);
  const steps = new ClockSteps(clock);
  await clock.advance(3_600_000);
  expect(steps.look()).toBe(0);
  clock.jump(120_000);
  expect([steps.look(), steps.look()]).toEqual([120_000, 0]);
  clock.jump(-7_200_000);
  clock.jump(1000);
  expect([steps.look(), steps.look()]).toEqual([-7_199_000, 0]);
});

test('what is slowly corrected is told when it has gathered to half a second', async () => {
  const clock = new ManualClock();
  const steps = new ClockSteps(clock);
  const told: number[] = [];
  for (let second = 0; second < 20; second++) {
    await clock.advance(1000);
    clock.jump(50);
    told.push(steps.look());
  }
  expect(told.filter((step) => step !== 0)).toEqual([500, 500]);
});
