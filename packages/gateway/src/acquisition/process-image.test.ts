import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analogPoint, statePoint } from '../../test/points.ts';
import type { RawReading } from './contract.ts';
import { type Moment, ProcessImage } from './process-image.ts';

const now = 1_800_000_000_000;
/** Wall time, ms; the monotonic clock is `jump` ms apart from it. */
const at = (time: number, jump = 0): Moment => ({ now: time, monotonic: time - now - jump });
const image = () => new ProcessImage([analogPoint('meter', 'power'), statePoint('meter', 'running')]);
const power = (value: number | null, more: Partial<RawReading> = {}): RawReading => ({
  equipment: 'meter',
  point: 'power',
  value,
  quality: 'good',
  ...more,
});

describe('a reading becomes a sample', () => {
  test.each([
    ['as it is', power(7), { value: 7, quality: 'good', time: now }],
    [
      'bad outside the kind’s range, the value kept as evidence',
      power(1e6),
      { value: 1e6, quality: 'bad', reason: 'out-of-range' },
    ],
    ['valueless when it is no number', power(Number.NaN), { value: null, quality: 'bad', reason: 'decode' }],
    ['bad when it is nothing at all', power(null), { value: null, quality: 'bad', reason: 'not-available' }],
    [
      'with the driver’s mark',
      power(7, { quality: 'uncertain', reason: 'held', raw: 64 }),
      { quality: 'uncertain', reason: 'held', raw: 64 },
    ],
    ['valueless when a state is half a code', { ...power(0.5), point: 'running' }, { value: null, reason: 'decode' }],
    [
      'uncertain at the gateway’s time when its clock was never set',
      power(7, { sourceTime: 5 }),
      { time: now, quality: 'uncertain', reason: 'clock' },
    ],
    [
      'uncertain at the gateway’s time when its clock is ahead',
      power(7, { sourceTime: now + 3_600_000 }),
      { time: now, quality: 'uncertain', reason: 'clock' },
    ],
    [
      'uncertain at its own time when it is old',
      power(7, { sourceTime: now - 3_600_000 }),
      { time: now - 3_600_000, quality: 'uncertain', reason: 'clock' },
    ],
    [
      'as bad as it is, whatever its clock says',
      power(null, { sourceTime: 5 }),
      { quality: 'bad', reason: 'not-available' },
    ],
  ])('%s', (_, reading, expected) => {
    expect(image().accept(reading, at(now))).toMatchObject(expected);
  });

  test('of points that are not ours nothing, counted', () => {
    const of = image();
    expect(of.accept(power(1, { point: 'colour' }), at(now))).toBeUndefined();
    expect(of.unknown).toBe(1);
  });
});

test('two values in one millisecond are both kept, the second a millisecond on', () => {
  const of = image();
  const timeOf = (value: number) => of.accept(power(value, { sourceTime: now - 10 }), at(now))?.time;
  expect([timeOf(1), timeOf(2), timeOf(3)]).toEqual([now - 10, now - 9, now - 8]);
  expect(of.moved).toBe(2);
});

test('a value that the device confirms is heard now, at the gateway’s time', () => {
  const of = image();
  of.accept(power(1, { sourceTime: now - 10 }), at(now));
  expect(of.accept(power(1, { sourceTime: now - 10 }), at(now + 20_000))).toMatchObject({ time: now + 20_000 });
  expect(of.view(at(now + 20_000))[0]).toMatchObject({ lastHeard: now + 20_000, lastChanged: now });
});

test('a late value is logged at its own time, and the image keeps the newest', () => {
  const of = image();
  of.accept(power(2, { sourceTime: now }), at(now));
  expect(of.accept(power(1, { sourceTime: now - 5000 }), at(now))).toMatchObject({ time: now - 5000, value: 1 });
  expect(of.view(at(now))[0]?.sample.value).toBe(2);
});

test('a device that goes bad gives one valueless sample a point, and what it says next is good again', () => {
  const of = image();
  of.accept(power(2, { sourceTime: now + 5000 }), at(now));
  const gone = of.silence('meter', ['power', 'running'], 'no-answer', at(now + 1000));
  expect(gone).toEqual([
    expect.objectContaining({ point: 'power', value: null, quality: 'bad', reason: 'no-answer', time: now + 5001 }),
    expect.objectContaining({ point: 'running', value: null, quality: 'bad', reason: 'no-answer', time: now + 1000 }),
  ]);
  expect(of.silence('meter', ['power', 'running'], 'no-answer', at(now + 2000))).toEqual([]);
  expect(of.accept(power(2), at(now + 9000))).toMatchObject({ value: 2, quality: 'good' });
});

test('stale is computed when it is looked at', () => {
  const of = image();
  of.accept(power(2), at(now));
  const staleAt = (time: number) => of.view(at(time))[0]?.stale;
  expect([staleAt(now + 63_000), staleAt(now + 63_001)]).toEqual([false, true]);
});

describe('an old value', () => {
  const hour = 3_600_000;
  const old = (value: number, ago: number) => power(value, { sourceTime: now - ago });

  test('shows as what was last known, stale, when nothing newer is', () => {
    const of = image();
    of.accept(old(1, 2 * hour), at(now));
    of.accept(old(2, hour), at(now));
    of.accept(old(3, 1.5 * hour), at(now));
    expect(of.view(at(now))[0]).toMatchObject({ sample: { value: 2 }, lastHeard: now - hour, stale: true });
  });

  test('neither replaces a newer one nor keeps it fresh', () => {
    const of = image();
    of.accept(power(9), at(now));
    expect(of.accept(old(1, hour), at(now + 60_000))).toMatchObject({ time: now - hour, value: 1 });
    expect(of.view(at(now + 63_001))[0]).toMatchObject({ sample: { value: 9 }, lastHeard: now, stale: true });
  });

  test('that comes again is neither confirmed nor logged again', () => {
    const of = image();
    const again = old(1, 1000);
    of.accept(again, at(now));
    expect(of.accept(again, at(now + hour))).toBeUndefined();
    expect(of.view(at(now + hour))[0]?.stale).toBe(true);
  });
});

describe('a source whose clock is ten minutes slow', () => {
  const slow = (value: number, second: number) => power(value, { sourceTime: now - 600_000 + second * 1000 });

  test('is known after half a minute: its values are of now then, fresh and in doubt', () => {
    const of = image();
    for (let second = 0; second < 30; second += 10)
      expect(of.accept(slow(second, second), at(now + second * 1000))).toMatchObject({
        time: now - 600_000 + second * 1000,
      });
    for (let second = 30; second < 300; second += 10)
      expect(of.accept(slow(second, second), at(now + second * 1000 + (second % 3) * 900))).toMatchObject({
        time: now + second * 1000 + (second % 3) * 900,
        quality: 'uncertain',
        reason: 'clock',
      });
    expect(of.view(at(now + 300_000))[0]).toMatchObject({ sample: { value: 290 }, stale: false });
    // One that was late on its way does not undo it.
    expect(of.accept(slow(300, 300), at(now + 320_000))).toMatchObject({ time: now + 320_000 });
  });

  test('is not what sends kept values faster than they were made, or one again and again', () => {
    const of = image();
    for (let n = 0; n < 200; n++)
      expect(of.accept(slow(n, 2 * n), at(now + n * 1000))?.time ?? now).toBeLessThan(now - 150_000);
    const again = image();
    for (let second = 0; second < 300; second += 10) again.accept(slow(1, 0), at(now + second * 1000));
    expect(again.view(at(now + 300_000))[0]).toMatchObject({ stale: true });
  });
});

test('a source whose time stands still is not kept fresh by saying the same again', () => {
  const of = image();
  for (let second = 0; second < 300; second += 10) of.accept(power(1, { sourceTime: now }), at(now + second * 1000));
  expect(of.moved).toBe(0);
  expect(of.view(at(now + 120_000))[0]).toMatchObject({ stale: false, sample: { time: now + 60_000 } });
  expect(of.view(at(now + 124_000))[0]?.stale).toBe(true);
});

test('a device whose clock is slow shows again as soon as it is back', () => {
  const of = image();
  of.accept(power(1, { sourceTime: now - 120_000 }), at(now));
  of.silence('meter', ['power'], 'no-answer', at(now + 5000));
  of.accept(power(2, { sourceTime: now - 114_000 }), at(now + 6000));
  expect(of.view(at(now + 6000))[0]).toMatchObject({ sample: { value: 2, quality: 'good' }, stale: false });
});

describe('when the gateway’s clock is set ahead by nine minutes and back', () => {
  const step = 540_000;

  test('values go stale in their time', () => {
    const of = image();
    of.accept(power(1), at(now + step, step));
    const staleAfter = (passed: number) => of.view(at(now + passed))[0]?.stale;
    expect([staleAfter(63_000), staleAfter(63_001)]).toEqual([false, true]);
    expect(of.view(at(now + 1000))[0]?.lastHeard).toBe(now);
  });

  test('new values replace those of the time ahead, and so does a silence', () => {
    const of = image();
    of.accept(power(1), at(now + step, step));
    expect(of.accept(power(2), at(now + 1000))).toMatchObject({ time: now + 1000 });
    expect(of.view(at(now + 1000))[0]?.sample.value).toBe(2);
    const timed = image();
    timed.accept(power(1, { sourceTime: now + step }), at(now + step, step));
    timed.accept(power(2, { sourceTime: now + 1000 }), at(now + 1000));
    expect(timed.view(at(now + 1000))[0]?.sample.value).toBe(2);
    timed.accept(power(3), at(now + step + 2000, step));
    expect(timed.silence('meter', ['power'], 'no-answer', at(now + 3000))).toMatchObject([{ time: now + 3000 }]);
    expect(timed.view(at(now + 3000))[0]?.sample.value).toBeNull();
  });
});

describe('other points', () => {
  test('a point that stays keeps its value and its age, one that means something else begins anew', () => {
    const of = image();
    of.accept(power(7), at(now));
    of.accept({ ...power(1), point: 'running' }, at(now));
    of.use([statePoint('meter', 'running'), analogPoint('lift', 'power'), analogPoint('meter', 'power')]);
    const view = of.view(at(now + 5000));
    expect(view.map((v) => [v.sample.point, v.sample.value, v.lastHeard])).toEqual([
      ['running', 1, now],
      ['power', 7, now],
    ]);
    of.use([statePoint('meter', 'power')]);
    expect(of.view(at(now + 5000))).toEqual([]);
    expect(of.wasHeard('meter')).toBe(false);
  });
});

test('values that find no millisecond are counted by point, never an old one made new, and a silence is told all the same', () => {
  const of = image();
  const old = now - 3_600_000;
  for (let i = 0; i < 1500; i++) of.accept(power(i, { sourceTime: old }), at(now));
  expect(of.merged).toBe(499);
  expect(of.settle(at(now))).toEqual([]);
  for (let i = 0; i < 1500; i++) of.accept(power(i), at(now));
  expect(of.silence('meter', ['power'], 'no-answer', at(now))).toMatchObject([{ value: null, time: now + 1001 }]);
  expect(of.tellMerged()).toEqual([{ equipment: 'meter', point: 'power', merged: of.merged }]);
  expect(of.merged).toBe(499 + 499);
  expect(of.isCrowded).toBe(false);
});

test('no source makes a sample that the cloud would refuse for its time: 30 days back to eleven seconds ahead', () => {
  const day = 86_400_000;
  const told = fc.oneof(
    fc.constant(undefined),
    fc.constant(now + 10_000),
    fc.integer({ min: -20_000, max: 20_000 }).map((by) => now + by),
    fc.integer({ min: -40, max: 40 }).map((days) => now + days * day),
    fc.constantFrom(Number.NaN, Number.MAX_VALUE, -1),
  );
  const burst = fc.record({
    told,
    count: fc.constantFrom(1, 3, 1200),
    later: fc.integer({ min: 0, max: 5 }),
    isSilent: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 12 }), (bursts) => {
      const of = image();
      let clock = now;
      for (const { told: sourceTime, count, later, isSilent } of bursts) {
        clock += later;
        const readings = Array.from({ length: count }, (_, i) =>
          power(i, sourceTime === undefined ? {} : { sourceTime }),
        );
        const samples = readings.flatMap((reading) => of.accept(reading, at(clock)) ?? []);
        if (isSilent) samples.push(...of.silence('meter', ['power'], 'no-answer', at(clock)));
        for (const { time } of [...samples, ...of.settle(at(clock))]) {
          expect(Number.isInteger(time)).toBe(true);
          expect(time).toBeGreaterThanOrEqual(clock - 30 * day);
          expect(time).toBeLessThanOrEqual(clock + 11_000 + bursts.length);
        }
      }
    }),
    { numRuns: 30 },
  );
});
