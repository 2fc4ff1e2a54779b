import { ManualClock } from '@plantroom/base';
import type { DetectionEquipment } from '@plantroom/detection';
import { expect, test } from 'vitest';
import type { LearnedFinding } from './contract.ts';
import { LearningStage } from './learning.ts';

const hour = 3_600_000;
const cadence = { period: 60_000, maximumSilence: 60_000 };
const equipment: DetectionEquipment[] = [
  { id: 'room', kind: 'environment-sensor', ratings: {}, points: [{ point: 'temperature', cadence }] },
];

/** A stage with a log that keeps what it is given. */
function stage(saved: unknown, fail = false) {
  const clock = new ManualClock(Date.UTC(2026, 2, 2));
  const kept: Readonly<Record<string, unknown>>[] = [];
  const findings: LearnedFinding[] = [];
  const failures: unknown[] = [];
  const learning = new LearningStage({
    equipment,
    saved,
    clock,
    log: {
      append: async (_, { state }) => {
        if (fail) throw new Error('disk full');
        kept.push(state);
      },
    },
    onFinding: (finding) => findings.push(finding),
    onFailure: (thrown) => failures.push(thrown),
  });
  const read = (value: number) => {
    const time = clock.now();
    learning.samples([{ equipment: 'room', point: 'temperature', time, gatewayTime: time, value, quality: 'good' }]);
  };
  return { clock, learning, kept, findings, failures, read };
}

test('what is learned is kept each hour and at the stop, and taken up again', async () => {
  const { clock, learning, kept, findings, read } = stage(undefined);
  learning.start();
  for (let at = 0; at < 12; at++) {
    read(21 + (at % 3));
    await clock.advance(hour / 12);
  }
  expect(findings.length).toBeGreaterThanOrEqual(11);
  expect(findings.every(({ active, fault }) => !active && fault === 'environment-sensor.unusual')).toBe(true);
  expect(kept).toHaveLength(1);
  await learning.stop();
  expect(kept).toHaveLength(2);
  const again = stage(kept[1]?.learned);
  await again.learning.stop();
  expect(again.kept[0]).toEqual(kept[1]);
});

test('a state that cannot be read is learned anew; a log that fails is told', async () => {
  const { learning, kept } = stage({ version: 0 });
  await learning.stop();
  expect(kept).toHaveLength(1);
  const failing = stage(undefined, true);
  await failing.learning.stop();
  expect(failing.failures).toEqual([new Error('disk full')]);
});

test('another site file keeps what was learned of machines that stay', async () => {
  const { clock, learning, kept, read } = stage(undefined);
  learning.start();
  for (let at = 0; at < 20; at++) {
    read(20 + at / 10);
    await clock.advance(hour / 12);
  }
  learning.use([...equipment, { id: 'other', kind: 'water-tank', ratings: {}, points: [{ point: 'level', cadence }] }]);
  await learning.stop();
  const before = JSON.stringify(kept.at(-2));
  expect(before).toContain('"room"');
  expect(JSON.stringify(kept.at(-1))).toContain('"other"');
  expect(JSON.stringify(kept.at(-1))).toMatch(/"room".*"count":20/);
});
