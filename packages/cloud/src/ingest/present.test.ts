import { expect, test } from 'vitest';
import { frameName, frameOf } from '../time-series/conformance-kit.ts';
import { Present } from './present.ts';

const now = 1_780_000_000_000;
const sample = (time: number) =>
  ({ site: 's', equipment: 'p', point: 'speed', time, gatewayTime: time, value: 1, quality: 'good' }) as const;
const frame = (...times: number[]) => frameOf(frameName(1), times.map(sample)).samples;

test('only what is newer than all before is the present', () => {
  const present = new Present();
  expect(present.advance([frame(now, now - 5)], now)).toHaveLength(1);
  expect(present.advance([frame(now - 1)], now)).toEqual([]);
  expect(present.advance([frame(now + 1)], now)).toHaveLength(1);
});

test('a sample from the future does not keep out the present, only history', () => {
  const present = new Present();
  present.advance([frame(now + 540_000)], now);
  expect(present.advance([frame(now - 3_600_000)], now)).toEqual([]);
  expect(present.advance([frame(now)], now)).toHaveLength(1);
  expect(present.advance([frame(now - 1)], now)).toEqual([]);
});
