import { describe, expect, test } from 'vitest';
import { analogPoint, statePoint } from '../../test/points.ts';
import type { RawReading } from './contract.ts';
import { ProcessImage } from './process-image.ts';

const now = 1_800_000_000_000;
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
      'with a reason when its clock is not believed',
      power(7, { sourceTime: 5 }),
      { time: now, quality: 'good', reason: 'clock' },
    ],
  ])('%s', (_, reading, expected) => {
    expect(image().accept(reading, now)).toMatchObject(expected);
  });

  test('of points that are not ours nothing, counted', () => {
    const of = image();
    expect(of.accept(power(1, { point: 'colour' }), now)).toBeUndefined();
    expect(of.unknown).toBe(1);
  });
});

test('two values in one millisecond are both kept, the second a millisecond on', () => {
  const of = image();
  const at = (value: number) => of.accept(power(value, { sourceTime: now - 10 }), now)?.time;
  expect([at(1), at(2), at(3)]).toEqual([now - 10, now - 9, now - 8]);
  expect(of.moved).toBe(2);
});

test('a value that the device confirms is heard now, at the gateway’s time', () => {
  const of = image();
  of.accept(power(1, { sourceTime: now - 10 }), now);
  expect(of.accept(power(1, { sourceTime: now - 10 }), now + 20_000)).toMatchObject({ time: now + 20_000 });
  expect(of.view(now + 20_000)[0]).toMatchObject({ lastHeard: now + 20_000, lastChanged: now });
});

test('a late value is logged at its own time, and the image keeps the newest', () => {
  const of = image();
  of.accept(power(2, { sourceTime: now }), now);
  expect(of.accept(power(1, { sourceTime: now - 5000 }), now)).toMatchObject({ time: now - 5000, value: 1 });
  expect(of.view(now)[0]?.sample.value).toBe(2);
});

test('a device that goes bad gives one valueless sample a point, and what it says next is good again', () => {
  const of = image();
  of.accept(power(2, { sourceTime: now + 5000 }), now);
  const gone = of.silence('meter', ['power', 'running'], 'no-answer', now + 1000);
  expect(gone).toEqual([
    expect.objectContaining({ point: 'power', value: null, quality: 'bad', reason: 'no-answer', time: now + 5001 }),
    expect.objectContaining({ point: 'running', value: null, quality: 'bad', reason: 'no-answer', time: now + 1000 }),
  ]);
  expect(of.silence('meter', ['power', 'running'], 'no-answer', now + 2000)).toEqual([]);
  expect(of.accept(power(2), now + 9000)).toMatchObject({ value: 2, quality: 'good' });
});

test('stale is computed when it is looked at', () => {
  const of = image();
  of.accept(power(2), now);
  const staleAt = (time: number) => of.view(time)[0]?.stale;
  expect([staleAt(now + 63_000), staleAt(now + 63_001)]).toEqual([false, true]);
});
