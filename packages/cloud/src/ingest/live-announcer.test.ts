import { ManualClock } from '@plantroom/base';
import { expect, it } from 'vitest';
import { frameName, frameOf, sampleAt } from '../time-series/conformance-kit.ts';
import { LiveAnnouncer } from './live-announcer.ts';
import type { LiveMessage } from './live-message.ts';

it('tells at once after a quiet moment, then the last value of what has come together', async () => {
  const clock = new ManualClock(1_780_000_000_000);
  const told: LiveMessage[] = [];
  const announcer = new LiveAnnouncer(clock, (message) => told.push(message));
  const commit = (value: number) => {
    const sample = sampleAt(clock.now() - 1000 + value, value);
    announcer.add({ site: 'harbour', gateway: 'gw-1' }, frameOf(frameName(value), [sample]).samples);
    announcer.tell();
  };
  const values = () => told.flatMap((m) => (m.type === 'samples' ? m.items.map((i) => i.value) : []));
  commit(1);
  expect(values()).toEqual([1]);
  for (const value of [2, 3, 4]) commit(value);
  await clock.advance(99);
  expect(values()).toEqual([1]);
  await clock.advance(1);
  expect(values()).toEqual([1, 4]);
  commit(5);
  announcer.stop();
  expect(values()).toEqual([1, 4, 5]);
  await clock.advance(1000);
  expect(told).toHaveLength(3);
});
