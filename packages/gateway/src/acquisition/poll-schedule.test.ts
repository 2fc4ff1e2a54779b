import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PollSchedule } from './poll-schedule.ts';

/** Polls for `length` ms on a bus where each read takes `cost` ms; gives the times at which each device was read. */
function run(devices: { equipment: string; period: number }[], cost: number, length: number) {
  const schedule = new PollSchedule(devices, 0);
  const reads = new Map<string, number[]>(devices.map((d) => [d.equipment, []]));
  for (let now = 0; now < length; ) {
    const next = schedule.next();
    if (!next) break;
    now = Math.max(now, next.due);
    if (now >= length) break;
    reads.get(next.equipment)?.push(now);
    now += cost;
    schedule.polled(next.equipment, now);
  }
  return { reads, skipped: schedule.skipped };
}

test('a bus with time to spare keeps every device on its grid, without drift', () => {
  const { reads, skipped } = run(
    [
      { equipment: 'a', period: 1000 },
      { equipment: 'b', period: 2000 },
    ],
    30,
    60_000,
  );
  expect(skipped).toBe(0);
  expect(reads.get('a')?.length).toBe(60);
  expect(reads.get('b')?.length).toBe(30);
  for (const time of reads.get('a')?.slice(1) ?? []) expect(time % 1000).toBeLessThanOrEqual(30);
});

test('a bus that is too slow skips cycles, counts them, and starves nobody', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 100, max: 5000 }), { minLength: 1, maxLength: 8 }), (periods) => {
      const devices = periods.map((period, i) => ({ equipment: String(i), period }));
      const { reads, skipped } = run(devices, 700, 200_000);
      const wanted = devices.reduce((sum, d) => sum + 200_000 / d.period, 0);
      const done = [...reads.values()].reduce((sum, r) => sum + r.length, 0);
      // What was neither read nor counted as skipped is at most what each device still waits for in one round.
      const round = 700 * devices.length;
      const open = periods.reduce((sum, period) => sum + round / period + 2, 0);
      expect(Math.abs(wanted - done - skipped)).toBeLessThanOrEqual(open);
      for (const times of reads.values()) {
        const gaps = times.slice(1).map((t, i) => t - (times[i] ?? 0));
        expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(Math.max(...periods) + 2 * round + 700);
      }
    }),
  );
});

test('who is postponed waits, who is hurried comes when the bus is free', () => {
  const schedule = new PollSchedule(
    [
      { equipment: 'a', period: 1000 },
      { equipment: 'b', period: 1000 },
    ],
    0,
  );
  schedule.postpone('a', 5000);
  schedule.polled('b', 10);
  expect(schedule.next()).toEqual({ equipment: 'b', due: 1000 });
  schedule.hurry('a', 20);
  expect(schedule.next()).toEqual({ equipment: 'a', due: 20 });
});
