import type { GatewayView } from '@plantroom/model/api';
import { until } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningLine, sleep, startLine } from './support/line.ts';
import { type Comparison, compare, producedBy, sensorPoints, sensors } from './support/produced.ts';

/** How long the cloud is dead, in ms. */
const outage = 60_000;
const calm = 15_000;

let line: RunningLine;
/** What is compared: from before the outage to after it. */
let from = 0;
let to = 0;
/** When the cloud was killed and when it was there again. */
let dead = 0;
let alive = 0;

beforeAll(async () => {
  line = await startLine();
}, 200_000);
afterAll(() => line?.stop(), 60_000);

function alarmOf(equipment: string, fault: string) {
  return until(
    `${fault} has an order`,
    async () =>
      (await line.api.alarms()).find((a) => a.equipment === equipment && a.fault === fault && a.order !== null),
    { timeout: 60_000, every: 500 },
  );
}

async function counts(): Promise<{ alarms: string[]; orders: string[] }> {
  const alarms = (await line.api.alarms()).map((a) => `${a.equipment}|${a.fault}|${a.subject}|${a.raisedAt}`);
  const orders = (await line.api.orders()).map((o) => `${o.equipment}|${o.fault}|${o.subject}|${o.raisedAt}`);
  return { alarms, orders };
}

const duplicates = (names: readonly string[]) => names.filter((name, i) => names.indexOf(name) !== i);

describe('the cloud is killed for 60 s while the building lives on', () => {
  beforeAll(async () => {
    // One ticket from before, one that is raised while nobody can take it.
    await line.control('POST', '/faults', { fault: 'pump-dry-run', target: 'booster-2' });
    await alarmOf('booster-2', 'pump.dry-run');
    from = Date.now();
    await sleep(calm);
    line.cloud.kill('SIGKILL');
    await line.cloud.ended;
    dead = Date.now();
    await line.control('POST', '/faults', { fault: 'pump-dry-run', target: 'booster-3' });
    await sleep(outage - (Date.now() - dead));
    await line.startCloud();
    alive = Date.now();
    await sleep(calm);
    to = Date.now() - 5000;
    await until(
      'the backlog is empty',
      async () => {
        const [gateway] = await line.api.list<GatewayView>('gateways');
        return gateway?.online === true && (gateway.backlog?.entries ?? 99) <= 5;
      },
      { timeout: 60_000, every: 500 },
    );
  }, 300_000);

  test('no sample is lost, none is doubled, none is invented', async () => {
    const results: Comparison[] = [];
    for (const sensor of sensors) {
      const produced = await producedBy(line, sensor, from, to);
      // Ten seconds between two messages of a sensor.
      expect(produced.length, sensor).toBeGreaterThanOrEqual(Math.floor((to - from) / 10_000) - 1);
      for (const point of sensorPoints) {
        const stored = await line.api.raw(sensor, point, from - 330_000, to);
        results.push(compare(sensor, point, produced, stored, from));
      }
    }
    expect(results.flatMap((r) => r.lost)).toEqual([]);
    expect(results.flatMap((r) => r.invented)).toEqual([]);
    expect(results.flatMap((r) => r.doubled)).toEqual([]);
    expect(results.reduce((sum, r) => sum + r.compared, 0)).toBeGreaterThan(400);
  });

  test('values of the outage itself are there, of every protocol', async () => {
    const watched = {
      'elevator-1': ['driveTemperature', 'machineRoomTemperature', 'floor', 'height'],
      'main-meter': ['power', 'voltageL1'],
      'booster-1': ['power', 'head'],
    };
    for (const [equipment, points] of Object.entries(watched)) {
      const stored = await Promise.all(points.map((point) => line.api.raw(equipment, point, dead, alive)));
      for (const samples of stored) expect(new Set(samples.map((s) => s.time)).size, equipment).toBe(samples.length);
      expect(stored.flat().length, equipment).toBeGreaterThan(0);
    }
    // One room can be too calm for a minute to leave its deadband, all of them together cannot.
    const rooms = sensors.flatMap((sensor) => sensorPoints.map((point) => line.api.raw(sensor, point, dead, alive)));
    expect((await Promise.all(rooms)).flat().length, 'sensors').toBeGreaterThan(0);
  });

  test('each fault has one alarm and one ticket, also the one that was raised meanwhile', async () => {
    await alarmOf('booster-3', 'pump.dry-run');
    const { alarms, orders } = await counts();
    expect(duplicates(alarms)).toEqual([]);
    expect(duplicates(orders)).toEqual([]);
    for (const pump of ['booster-2', 'booster-3']) {
      expect(
        alarms.filter((a) => a.startsWith(`${pump}|pump.dry-run|`)),
        pump,
      ).toHaveLength(1);
      expect(
        orders.filter((o) => o.startsWith(`${pump}|pump.dry-run|`)),
        pump,
      ).toHaveLength(1);
    }
  });
});
