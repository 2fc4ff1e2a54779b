import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ManualClock, silentLogger, systemClock } from '@plantroom/base';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { eventsLeftIn } from '../test/log-left-behind.ts';
import { ModbusServer } from '../test/modbus-server.ts';
import { until } from '../test/until.ts';
import { type Gateway, startGateway } from './app.ts';

/** An alarm passes from the driver's receipt to the committed log in this many ms at most. */
const atMost = 1000;
const unit = 9;

let directory: string;
let panel: ModbusServer;
let port: number;
let gateway: Gateway | undefined;
let client: MqttClient | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-fire-'));
  panel = await ModbusServer.start();
  panel.fill(unit, 0, 600);
  for (let register = 100; register <= 600; register++) panel.set(unit, register, 1);
  port = await freePort();
  writeFileSync(join(directory, 'panel.secret'), 'secret');
  writeFileSync(
    join(directory, 'site.yaml'),
    `site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
broker: { port: ${port}, users: { panel: { password: { file: panel.secret } } } }
connections: { field: { mqtt: embedded }, bus: { modbus-tcp: { host: 127.0.0.1, port: ${panel.port} } } }
equipment: { fire-panel: { profile: generic-fire-panel, on: bus, unit: ${unit}, name: Fire panel, events: { on: field } } }
`,
  );
});

afterEach(async () => {
  await client?.endAsync(true);
  await gateway?.stop();
  gateway = undefined;
  await panel.stop();
  rmSync(directory, { recursive: true, force: true });
});

const access = { username: 'panel', password: 'secret' };
const data = () => join(directory, 'data');

const reported = () =>
  eventsLeftIn(data()).flatMap((e) => (e.type === 'device-event' ? [`${e.event.category} ${e.event.message}`] : []));
const alarms = () =>
  eventsLeftIn(data()).flatMap((e) => (e.type === 'alarm' ? [`${e.alarm.fault} ${e.alarm.subject}`] : []));

function report(message: string, category = 'fire'): string {
  return JSON.stringify({ id: message, time: new Date().toISOString(), category, address: '1-7', zone: '1', message });
}

/** The gateway on a clock that stands still: whatever waits for a timer, a batch or a tick waits for ever. */
async function start(): Promise<ManualClock> {
  const clock = new ManualClock(systemClock.now());
  gateway = await startGateway({
    siteFile: join(directory, 'site.yaml'),
    dataDirectory: data(),
    logger: silentLogger,
    clock,
    isSynchronised: () => true,
    random: () => 0,
  });
  return clock;
}

async function signIn(): Promise<MqttClient> {
  const url = `mqtt://127.0.0.1:${port}`;
  await until('the gateway takes reports', async () =>
    connectAsync(url, { ...access, reconnectPeriod: 0 }).then(
      (connected) => {
        client = connected;
        return true;
      },
      () => false,
    ),
  );
  if (!client) throw new TypeError('no client');
  return client;
}

test('a report over MQTT is in the log without waiting for any timer, and not acknowledged before', async () => {
  await start();
  const device = await signIn();
  const took: number[] = [];
  for (let n = 1; n <= 20; n++) {
    const began = systemClock.monotonic();
    await device.publishAsync('fire/fire-panel/events', report(`FIRE ${n}`), { qos: 1 });
    took.push(systemClock.monotonic() - began);
    expect(reported()).toHaveLength(n);
  }
  // The same words with the same number and time are not worth less: nothing is filtered on the way.
  const again = report('FIRE AGAIN');
  for (let n = 0; n < 2; n++) await device.publishAsync('fire/fire-panel/events', again, { qos: 1 });
  expect(reported().slice(20)).toEqual(['fire FIRE AGAIN', 'fire FIRE AGAIN']);
  expect(Math.max(...took)).toBeLessThan(atMost);
  // Faster than what gathers into one commit, so it waits for none.
  expect(Math.min(...took)).toBeLessThan(200);
  console.log(`fire report, MQTT to committed: worst of ${took.length} ${Math.max(...took).toFixed(1)} ms`);
});

test('a polled panel’s fire is in the log with the poll that brings it, without waiting for any timer', async () => {
  const clock = await start();
  const polls = () => panel.asked.filter((asked) => asked.unit === unit).length;
  await until('the panel has been read', () => polls() > 0);
  await clock.advance(1000);
  await until('and again', () => polls() > 3);
  panel.set(unit, 107, 0b11);
  panel.set(unit, 0, 0b10);
  expect(alarms()).toEqual([]);
  // One poll period, from `period` of the profile; no time passes after it.
  await clock.advance(1000);
  await until('the fire is in the log', () => alarms().length > 0);
  const began = panel.asked.at(-1)?.at ?? 0;
  const took = systemClock.monotonic() - began;
  expect(alarms()).toEqual(['fire-panel.device-fire 1-8']);
  expect(took).toBeLessThan(atMost);
  console.log(`fire of a polled panel, last answer to committed: ${took.toFixed(1)} ms`);
});

test('what the gateway has acknowledged to a panel is in the log when the gateway is killed', async () => {
  const acknowledged: string[] = [];
  let sent = 0;
  for (let kill = 1; kill <= 2; kill++) {
    const main = join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, [main, '--site', join(directory, 'site.yaml'), '--data', data()], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('"ready":true')) break;
    child.stdout.resume();
    const device = await signIn();
    const before = acknowledged.length;
    const enough = Promise.withResolvers<void>();
    const next = () => {
      const message = `FIRE ${++sent}`;
      device.publish('fire/fire-panel/events', report(message), { qos: 1 }, (error) => {
        if (error) return;
        acknowledged.push(`fire ${message}`);
        if (acknowledged.length >= before + 40 * kill) enough.resolve();
        next();
      });
    };
    // Several at once, so that some are on their way through each step when it is killed.
    for (let n = 0; n < 5; n++) next();
    await enough.promise;
    child.kill('SIGKILL');
    await ended;
    const logged = new Set(reported());
    expect(acknowledged.filter((message) => !logged.has(message))).toEqual([]);
    await device.endAsync(true);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(120);
});
