import { silentLogger, systemClock } from '@plantroom/base';
import { type RunningDatabase, startVictoriaMetrics, withoutServices } from '@plantroom/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { frameName, frameOf, sampleAt } from './conformance-kit.ts';
import { InfluxConnection } from './influx-connection.ts';
import { InfluxWriter } from './influx-writer.ts';

// VictoriaMetrics stores the same line twice and answers 204 to garbage: it can only show that all of a volume arrives.
let server: RunningDatabase;
beforeAll(async () => {
  if (withoutServices) return;
  server = await startVictoriaMetrics();
});
afterAll(() => server?.stop());

it.skipIf(withoutServices)('brings every line of a large write to /api/v2/write', async () => {
  const connection = new InfluxConnection({ url: server.url });
  const writer = new InfluxWriter({
    name: 'VictoriaMetrics',
    clock: systemClock,
    logger: silentLogger,
    post: (lines) => connection.post('/api/v2/write?bucket=plant&precision=ns', lines, 'text/plain'),
  });
  const [frames, rows] = [60, 1000];
  const start = Date.UTC(2026, 0, 1);
  const all = Array.from({ length: frames }, (_, f) =>
    frameOf(
      frameName(f),
      Array.from({ length: rows }, (_, n) => sampleAt(start + f * 1000 + n, f + n / 100, { equipment: `pump-${f}` })),
    ),
  );
  for (let at = 0; at < frames; at += 16) expect(await writer.write(all.slice(at, at + 16))).toEqual([]);
  connection.close();
  await fetch(`${server.url}/internal/force_flush`);
  const exported = await fetch(`${server.url}/api/v1/export?match[]={__name__="pump_value"}`);
  const series = (await exported.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { values: number[] });
  expect(series).toHaveLength(frames);
  expect(series.reduce((sum, s) => sum + s.values.length, 0)).toBe(frames * rows);
});
