import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideTime, separate, type TakenTimes } from './sample-time.ts';

const now = 1_800_000_000_000;

describe('the time of a sample', () => {
  test.each([
    ['is the gateway’s without a source', undefined, now, false],
    ['is the source’s at its word', now - 1500.4, now - 1500, false],
    ['is the source’s five minutes back', now - 300_000, now - 300_000, false],
    ['is the gateway’s beyond, and says so', now - 300_001, now, true],
    ['is the source’s ten seconds ahead', now + 10_000, now + 10_000, false],
    ['is the gateway’s beyond that, and says so', now + 10_001, now, true],
    ['is the gateway’s for a clock that was never set', 0, now, true],
  ])('%s', (_, source, time, doubted) => {
    expect(decideTime(source, now)).toEqual({ time, doubted });
  });
});

test('no two values of a point ever share a millisecond, and time moves by what it must only', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 80 }).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(times, (list) => {
      let taken: TakenTimes | undefined;
      let before = -1;
      for (const time of list) {
        const placed = separate(time, taken);
        taken = placed.taken;
        expect(placed.time).toBe(Math.max(time, before + 1));
        before = placed.time;
      }
    }),
  );
});

test('a late value keeps its own time and disturbs nobody', () => {
  const taken = { from: 100, to: 102 };
  expect(separate(50, taken)).toEqual({ time: 50, taken });
  expect(separate(101, taken)).toEqual({ time: 103, taken: { from: 100, to: 103 } });
});
