import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

test('a limit of one busy process holds while others have none', () => {
  const rate = new Rate(100);
  const at = (now: number, limit?: number) => {
    rate.limit(limit, now);
    rate.use(rate.available(now));
  };
  for (let now = 0; now < 10_000; now += 100) at(now, now % 500 === 0 ? 2 : undefined);
  expect(rate.available(11_000)).toBe(2);
  at(11_000, 5);
  expect(rate.available(12_000)).toBe(2);
  at(14_000);
  expect(rate.available(15_000)).toBe(100);
});
