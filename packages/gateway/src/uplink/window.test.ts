import type { Lane } from '@plantroom/model/wire';
import { expect, test } from 'vitest';
import type { UplinkEntry } from './contract.ts';
import { SendWindow } from './window.ts';

function entry(sequence: number, lane: Lane = 'telemetry'): UplinkEntry {
  return { epoch: 'e', lane, sequence, row: sequence, revision: 'r', bytes: new Uint8Array() };
}

function windowWith(...sent: readonly [sequence: number, at: number, lane?: Lane][]) {
  const window = new SendWindow({ size: 16, resendAfter: 10_000 });
  for (const [sequence, at, lane] of sent) window.add(entry(sequence, lane), 'live', at);
  const overdue = (now: number) => window.takeOverdue(now).map((e) => e.sequence);
  return { window, overdue };
}

test('what stays without an answer is sent again after 10 s, then 20, then 30', () => {
  const { overdue } = windowWith([1, 0]);
  const times = Array.from({ length: 100 }, (_, n) => (n + 1) * 1000).filter((now) => overdue(now).length > 0);
  expect(times).toEqual([10_000, 30_000, 60_000, 90_000]);
});

test('what later frames have overtaken by 2 s is sent again at once, and once', () => {
  const { window, overdue } = windowWith([1, 0], [2, 1000], [3, 2500]);
  window.removeRange('e', 'telemetry', 2, 2);
  expect(overdue(2600)).toEqual([]);
  window.removeRange('e', 'telemetry', 3, 3);
  expect(overdue(2700)).toEqual([1]);
  window.add(entry(4), 'live', 9000);
  window.removeRange('e', 'telemetry', 4, 4);
  expect(overdue(9100)).toEqual([]);
  expect(overdue(10_000)).toEqual([1]);
});

test('a frame of the other lane, or one that was sent again itself, overtakes nothing', () => {
  const { window, overdue } = windowWith([1, 3000], [1, 0, 'events'], [2, 0]);
  window.remove(entry(1));
  expect(overdue(3100)).toEqual([2]);
  const again = windowWith([1, 0], [2, 9000]);
  expect(again.overdue(10_000)).toEqual([1]);
  again.window.remove(entry(1));
  expect(again.overdue(10_100)).toEqual([]);
});
