import { ManualClock } from '@plantroom/base';
import type { Sample } from '@plantroom/model';
import { type PackedSamples, packSamples } from '@plantroom/model/wire';
import { expect, test } from 'vitest';
import { analogPoint, statePoint } from '../../test/points.ts';
import { Reporter, type TelemetryLog } from './reporter.ts';

const deadband = { absolute: 0.5 };
const sample = (equipment: string, value: number): Sample => ({
  equipment,
  point: 'power',
  time: 5,
  gatewayTime: 5,
  value,
  quality: 'good',
});

test('with other points, what was gathered is logged first, and only what means something else is told anew', async () => {
  const frames: PackedSamples[] = [];
  const log: TelemetryLog = { append: async (entries) => void frames.push(...entries.map((e) => e.samples)) };
  const points = [
    { ...analogPoint('main', 'power'), index: 0, deadband },
    { ...analogPoint('lift', 'power'), index: 1, deadband },
  ];
  const reporter = new Reporter({ points, log, clock: new ManualClock(), onFailure: () => {} });
  reporter.samples([sample('main', 1), sample('lift', 1)]);
  reporter.use([
    { ...statePoint('lift', 'power'), index: 0, deadband },
    { ...analogPoint('main', 'power'), index: 1, deadband },
  ]);
  reporter.samples([sample('main', 1.1), sample('lift', 1)]);
  await reporter.stop();
  const [main, lift] = [sample('main', 1), sample('lift', 1)];
  expect(frames).toEqual([
    packSamples([
      { ...main, index: 0 },
      { ...lift, index: 1 },
    ]),
    packSamples([{ ...lift, index: 0 }]),
  ]);
});
