import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { freePort, type RunningProcess, startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { expect, it } from 'vitest';
import { openSqliteRecords } from '../records/sqlite-records.ts';
import { openDuckdbStore } from '../time-series/duckdb-store.ts';
import { eventsFrame, gatewayOne, modelOf, PlayedGateway, sample, telemetryFrame } from './played-gateway.ts';

const main = join(import.meta.dirname, '..', 'main.ts');
const frames = 300;
const samplesInFrame = 40;
const windowSize = 16;
const secret = 'a-secret-of-more-than-32-characters';

/** Samples whose values follow from the frame's sequence; some frames lie on both sides of a month's end. */
function frameOf(sequence: number, base: number): Buffer {
  const samples = Array.from({ length: samplesInFrame }, (_, n) =>
    sample(base + sequence * 1000 + n, sequence * 1000 + n, n % 2),
  );
  return telemetryFrame({ sequence }, samples);
}

/** Sends what has no acknowledgement yet, a window at a time, until all is done or the cloud is gone. */
async function sendRest(gateway: PlayedGateway, stored: Set<number>, base: number, enough: number): Promise<void> {
  const inFlight = new Set<number>();
  while (stored.size < enough && gateway.client.connected) {
    for (const n of gateway.stored('telemetry')) {
      stored.add(n);
      inFlight.delete(n);
    }
    for (let n = 1; n <= frames && inFlight.size < windowSize; n++) {
      if (stored.has(n) || inFlight.has(n)) continue;
      inFlight.add(n);
      gateway.send('telemetry', frameOf(n, base)).catch(() => {});
    }
    await systemClock.sleep(2);
  }
}

it('has each sample once, after kill -9 in mid-stream, again and again', async () => {
  using directory = temporaryDirectory();
  const mqttPort = await freePort();
  const secretFile = join(directory.path, 'gw-1.secret');
  const data = join(directory.path, 'data');
  await writeFile(secretFile, secret);
  const args = [main, '--data', data, '--mqtt-port', String(mqttPort), '--enrol', `harbour/gw-1:${secretFile}`];
  const startCloud = async (): Promise<RunningProcess> => {
    const child = startProcess(process.execPath, args);
    await until('the cloud is ready', () => child.stdout().includes('"ready":true'), { timeout: 30_000 });
    return child;
  };
  const month = new Date(systemClock.now());
  const base = Date.UTC(month.getUTCFullYear(), month.getUTCMonth()) - 150_000;
  const stored = new Set<number>();
  for (const enough of [60, 140, 220, frames]) {
    const child = await startCloud();
    const gateway = await PlayedGateway.connect(`mqtt://127.0.0.1:${mqttPort}`, secret);
    if (stored.size === 0) {
      await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'model', model: modelOf(gatewayOne) }]));
      await until('the model is stored', () => gateway.stored('events').length === 1);
    }
    await sendRest(gateway, stored, base, enough);
    child.kill('SIGKILL');
    await child.ended;
    for (const n of gateway.stored('telemetry')) stored.add(n);
    await gateway.close();
  }
  const store = await openDuckdbStore(join(data, 'time-series'));
  const records = await openSqliteRecords(join(data, 'records.sqlite'));
  const read = (point: string) =>
    store.raw({ ...{ site: 'harbour', equipment: 'pump-1', point }, from: 0, to: 4e12 }, 1e9);
  const rows = [...(await read('flow')), ...(await read('head'))];
  const expected = Array.from({ length: frames }, (_, f) =>
    Array.from({ length: samplesInFrame }, (_, n) => (f + 1) * 1000 + n),
  ).flat();
  expect(rows.map((r) => Number(r.value)).sort((a, b) => a - b)).toEqual(expected);
  expect(await records.gateways()).toMatchObject([{ samples: frames * samplesInFrame }]);
  await Promise.all([store.close(), records.close()]);
}, 120_000);
