import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideTime, TakenTimes } from './sample-time.ts';

const now = 1_800_000_000_000;

describe('the time of a sample', () => {
  test.each([
    ['is the gateway’s without a source', undefined, now, false, false],
    ['is the source’s at its word', now - 1500.4, now - 1500, false, true],
    ['is the source’s five minutes back', now - 300_000, now - 300_000, false, true],
    ['is the source’s beyond, in doubt: an old value stays old', now - 300_001, now - 300_001, true, true],
    ['is the source’s ten seconds ahead', now + 10_000, now + 10_000, false, true],
    ['is the gateway’s beyond that, and says so', now + 10_001, now, true, false],
    ['is the gateway’s for a clock that was never set', 0, now, true, false],
    ['is the gateway’s for what is no time', Number.NaN, now, true, false],
  ])('%s', (_, source, time, doubted, own) => {
    expect(decideTime(source, now)).toEqual({ time, doubted, own });
  });
});

test('no two values of a point ever share a millisecond, and time moves by what it must only', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 80 }).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(times, (list) => {
      const taken = new TakenTimes();
      let before = -1;
      for (const time of list) {
        const placed = taken.place(time);
        expect(placed).toBe(Math.max(time, before + 1));
        before = placed ?? before;
      }
    }),
  );
});

test('a late value keeps its own time and disturbs nobody', () => {
  const taken = new TakenTimes();
  expect([100, 100, 100, 50, 101, 200].map((time) => taken.place(time))).toEqual([100, 101, 102, 50, 103, 200]);
});

test('values of one millisecond are separated below a newer one, too, and never run into it', () => {
  const place = (times: number[]) => {
    const taken = new TakenTimes();
    return times.map((time) => taken.place(time));
  };
  expect(place([1000, 50, 50, 50, 60, 60, 1000])).toEqual([1000, 50, 51, 52, 60, 61, 1001]);
  expect(place([101, 100, 100, 100])).toEqual([101, 100, 102, 103]);
  const near = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(near, (late) => {
      const placed = place([4, ...late.toSorted((a, b) => a - b)]);
      expect(new Set(placed).size).toBe(placed.length);
    }),
  );
});

test('no value is moved by more than a second, wherever it comes', () => {
  const taken = new TakenTimes();
  const placed = Array.from({ length: 2000 }, () => taken.place(500));
  expect(placed.filter((time) => time !== undefined)).toHaveLength(1001);
  expect(taken.place(501)).toBe(1501);
  expect(taken.place(501)).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 60 }), (list) => {
      const narrow = new TakenTimes();
      const times = list.toSorted((a, b) => a - b).flatMap((time) => narrow.place(time, 7) ?? []);
      expect(new Set(times).size).toBe(times.length);
      expect(Math.max(...times)).toBeLessThanOrEqual(5 + 7);
    }),
  );
});
