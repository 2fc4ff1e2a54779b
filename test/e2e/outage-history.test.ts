import type { Consumption, IntervalView } from '@plantroom/model/api';
import { until } from '@plantroom/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { site } from './support/api.ts';
import { type RunningLine, sleep, startLine } from './support/line.ts';

const quarterHour = 900_000;
const day = 86_400_000;
const days = 60;

interface Register {
  /** ISO 8601. */
  readonly time: string;
  readonly equipment: string;
  readonly point: string;
  readonly value: number;
}

let line: RunningLine;
let from = 0;
let to = 0;

beforeAll(async () => {
  const started = Date.now();
  line = await startLine({ history: true });
  to = Math.floor(started / quarterHour) * quarterHour;
  from = to - days * day;
}, 200_000);
afterAll(() => line?.stop(), 60_000);

/** Days of the main meter that the cloud can show. */
async function arrived(): Promise<number> {
  const query = `site=${site}&equipment=main-meter&by=day&from=${from}&to=${to}`;
  const { items } = await line.api.get<Consumption>(`energy/consumption?${query}`);
  return items.reduce((sum, item) => sum + item.completeness * (item.end - item.start), 0) / day;
}

function intervalsOf(meter: string): Promise<IntervalView[]> {
  return line.api.list(`energy/intervals?site=${site}&equipment=${meter}&from=${from}&to=${to}`);
}

test('a cloud that is killed while the history comes in ends with each quarter of an hour, once and right', async () => {
  const part = async () => {
    const held = await arrived();
    return held > 3 && held;
  };
  expect(await until('some of it is there', part, { timeout: 60_000, every: 50 })).toBeLessThan(days - 5);
  line.cloud.kill('SIGKILL');
  await line.cloud.ended;
  await sleep(5000);
  await line.startCloud();
  await until('all of it is there', async () => (await arrived()) > days - 0.05, { timeout: 120_000, every: 1000 });
  await sleep(3000);
  const query = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&step=900`;
  const { items } = await line.control<{ items: Register[] }>('GET', `/history?${query}`);
  const registers = Map.groupBy(
    items.filter((item) => item.point === 'energyImport'),
    (item) => item.equipment,
  );
  expect(registers.size).toBe(12);
  for (const [meter, readings] of registers) {
    const intervals = await intervalsOf(meter);
    expect(new Set(intervals.map((i) => i.start)).size, `${meter} has a start twice`).toBe(intervals.length);
    expect(intervals.length, meter).toBeGreaterThanOrEqual(days * 96 - 2);
    const stored = intervals.reduce((sum, i) => sum + (i.kWh ?? 0), 0);
    const first = readings.find((r) => Date.parse(r.time) === intervals[0]?.start);
    const produced = (readings.at(-1)?.value ?? 0) - (first?.value ?? 0);
    // Registers have steps of up to 2 kWh, at either end.
    expect(Math.abs(stored - produced), `${meter}: ${stored} kWh stored, ${produced} kWh produced`).toBeLessThan(5);
  }
}, 300_000);
