import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import type { Alarm } from '@plantroom/model';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModbusServer } from '../test/modbus-server.ts';
import { ScriptedCloud } from '../test/scripted-cloud.ts';
import { until } from '../test/until.ts';
import { type Gateway, startGateway } from './app.ts';
import { askGateway } from './control/control-client.ts';

const period = 100;

let directory: string;
let cloud: ScriptedCloud;
let east: ModbusServer;
let west: ModbusServer;
let gateway: Gateway;

/** Two buses: a meter on the east one, a meter and a pump on the west one. */
const plant = () => `
site: { id: harbour-tower, name: { en: Harbour Tower, zh: 海港大厦 }, timezone: Asia/Shanghai }
connections:
  east: { modbus-tcp: { host: 127.0.0.1, port: ${east.port}, timeout: 200 } }
  west: { modbus-tcp: { host: 127.0.0.1, port: ${west.port}, timeout: 200 } }
equipment:
  east-meter: { profile: janitza-umg96rm, on: east, unit: 1, name: East meter, period: ${period} }
  west-meter: { profile: janitza-umg96rm, on: west, unit: 1, name: West meter, period: ${period} }
  sump-pump: { profile: generic-pump-controller, on: west, unit: 2, name: Sump pump, period: ${period} }
`;

const write = (text: string) => writeFileSync(join(directory, 'site.yaml'), text);
const isEnergy = (unit: number) => unit === 1;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-reload-'));
  cloud = await ScriptedCloud.start();
  [east, west] = [await ModbusServer.start(), await ModbusServer.start()];
  for (const server of [east, west]) {
    server.fill(1, 19000, 19121);
    server.fill(2, 0, 200);
    server.setFloat(1, 19050, 50);
  }
  write(plant());
  gateway = await startGateway({
    siteFile: join(directory, 'site.yaml'),
    dataDirectory: join(directory, 'data'),
    cloud: { url: cloud.url, password: 'secret' },
    logger: silentLogger,
    random: () => 0,
  });
  await until('both buses are read', () => count(east) > 3 && count(west) > 3);
  await until('the cloud has heard of it', () => cloud.frames('telemetry').length > 0);
});

afterEach(async () => {
  await gateway.stop();
  await Promise.all([east.stop(), west.stop(), cloud.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

function count(server: ModbusServer): number {
  return server.asked.filter(({ unit }) => isEnergy(unit)).length;
}

async function goOn(server: ModbusServer, polls = 5): Promise<void> {
  const from = count(server);
  await until('the bus is read on', () => count(server) >= from + polls);
}

const alarms = (): Alarm[] =>
  cloud
    .frames('events')
    .flatMap((h) =>
      h.channel === 'events' ? h.frame.events.flatMap((e) => (e.type === 'alarm' ? [e.alarm] : [])) : [],
    );
/** Samples that the log has taken: the devices' values stand still, so none is added once all have been told. */
const logged = async () => {
  await Promise.all([goOn(east, 7), goOn(west, 7)]);
  return (await gateway.report()).samples.logged;
};

test('a name or a threshold touches no connection', async () => {
  write(
    plant()
      .replace('name: East meter', 'name: Meter of the east wing')
      .replace('name: West meter', 'name: West meter, parameters: { energy-meter.voltage-band: { above: 12 } }'),
  );
  const told = await logged();
  expect(await gateway.reload()).toMatchObject({
    opened: [],
    reopened: [],
    closed: [],
    kept: ['east', 'west'],
    uplink: 'kept',
  });
  expect(await logged()).toBe(told);
  expect([east.connections, west.connections, cloud.connections]).toEqual([1, 1, 1]);
});

test('a change on one bus leaves the other alone: no new socket, and nothing asked out of turn', async () => {
  write(plant().replace(`unit: 2, name: Sump pump, period: ${period}`, 'unit: 2, name: Sump pump, period: 1000'));
  const told = await logged();
  const [asked, began] = [count(east), systemClock.monotonic()];
  const change = await gateway.reload();
  expect(change).toMatchObject({ opened: [], reopened: ['west'], closed: [], kept: ['east'], restarted: false });
  await Promise.all([goOn(east, 8), goOn(west)]);
  const polls = Math.ceil((systemClock.monotonic() - began) / period) + 1;
  expect([east.connections, west.connections, cloud.connections]).toEqual([1, 2, 1]);
  expect(count(east) - asked).toBeLessThanOrEqual(polls * requestsOfAPoll());
  expect((await gateway.report()).lanes.telemetry.dropped).toBe(0);
  expect(await logged()).toBe(told);
});

/** Questions in which the meter is read once: those that follow one another without a pause. */
function requestsOfAPoll(): number {
  const [first] = east.asked;
  return east.asked.filter(({ at }) => first !== undefined && at - first.at < period / 2).length;
}

test('an alarm goes on under its id over a reload, and ends as withdrawn with its machine', async () => {
  west.set(2, 4, 1);
  const tripped = () => alarms().filter((a) => a.fault === 'pump.tripped');
  await until('the trip is an alarm', () => tripped().some((a) => a.facts.active));
  write(plant().replace('name: Sump pump', 'name: Pump of the sump'));
  await gateway.reload();
  await goOn(west);
  expect(tripped().map((a) => a.version)).toEqual([1]);

  write(
    plant()
      .replace(/ {2}sump-pump.*\n/, '')
      .replace('east-meter', 'new-meter'),
  );
  expect(await gateway.reload()).toMatchObject({ reopened: ['east', 'west'], kept: [] });
  await until('it is withdrawn', () => tripped().some((a) => a.ending === 'withdrawn'));
  await goOn(east);
  expect(new Set(tripped().map((a) => a.id)).size).toBe(1);
  expect(alarms().filter((a) => a.equipment === 'new-meter')).toEqual([]);
});

test('a device in back-off stays in it while its neighbour on the bus is changed', async () => {
  west.mute.add(2);
  await until('the pump is silent', async () => {
    const report = await gateway.report();
    return report.connections.some((c) => c.silent.includes('sump-pump'));
  });
  const asked = west.asked.filter(({ unit }) => unit === 2).length;
  write(plant().replace(`name: West meter, period: ${period}`, 'name: West meter, period: 150'));
  await gateway.reload();
  await goOn(west, 3);
  expect(west.asked.filter(({ unit }) => unit === 2).length).toBe(asked);
  expect((await gateway.report()).connections.find((c) => c.id === 'west')?.silent).toEqual(['sump-pump']);
});

test('is asked for on the machine itself, by nobody else', async () => {
  const data = join(directory, 'data');
  expect(statSync(join(data, 'control.sock')).mode & 0o777).toBe(0o600);
  expect(await askGateway(data, 'reload')).toMatchObject({ kept: ['east', 'west'] });
  await expect(askGateway(data, 'constructor')).rejects.toMatchObject({ code: 'unknown-command' });
  write(plant().replace('profile: janitza-umg96rm', 'profile: janitza-umg97'));
  await expect(askGateway(data, 'reload')).rejects.toThrow(/there is no device profile/);
  await gateway.stop();
  await expect(askGateway(data, 'reload')).rejects.toMatchObject({ code: 'gateway-not-running' });
});

test('the site file of another gateway is refused, and this one goes on', async () => {
  write(plant().replace('id: harbour-tower', 'id: harbour-tower-2'));
  await expect(gateway.reload()).rejects.toMatchObject({ code: 'reload-identity' });
  await goOn(east);
  expect(east.connections).toBe(1);
});

test('a broker on a port that is taken is refused before anything is touched', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  try {
    writeFileSync(join(directory, 'panel.secret'), 'secret');
    const { port } = taken.address() as AddressInfo;
    write(`${plant()}broker: { port: ${port}, users: { panel: { password: { file: panel.secret } } } }\n`);
    await expect(askGateway(join(directory, 'data'), 'reload')).rejects.toMatchObject({
      code: 'device-broker-port',
      message: expect.stringMatching(/EADDRINUSE.*`broker.port`/),
    });
    await goOn(east);
    expect([east.connections, west.connections]).toEqual([1, 1]);
  } finally {
    taken.close();
  }
});

test('what turns out to be impossible only once it is opened is refused, and the site file as it was runs on', async () => {
  writeFileSync(join(directory, 'panel.secret'), 'secret');
  const broker = (host: string, port: number) =>
    write(
      `${plant()}broker: { host: ${host}, port: ${port}, users: { panel: { password: { file: panel.secret } } } }\n`,
    );
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  broker('127.0.0.1', port);
  expect(await gateway.reload()).toMatchObject({ restarted: true });
  // An address that is not this machine's, on the port that is the broker's already.
  broker('192.0.2.1', port);
  const refused = gateway.reload();
  await expect(refused).rejects.toMatchObject({
    code: 'device-broker-port',
    message: expect.stringMatching(/192\.0\.2\.1/),
  });
  await goOn(east);
  expect(await Promise.race([gateway.failed, Promise.resolve('running')])).toBe('running');
  await expect(connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 })).rejects.toMatchObject({ code: 5 });
});

test('an equipment that is read from another device loses at once what the one before said', async () => {
  east.mute.add(9);
  write(plant().replace('on: east, unit: 1,', 'on: east, unit: 9, timeout: 60000,'));
  const before = await logged();
  await gateway.reload();
  const { logged: after } = (await gateway.report()).samples;
  expect(after - before).toBeGreaterThan(10);
});

test('other limits of the log open everything anew, and say so', async () => {
  write(`${plant()}gateway: { log: { maximum: 4096, free: 256 } }\n`);
  expect(await gateway.reload()).toMatchObject({ kept: ['east', 'west'], restarted: false });
  write(`${plant()}gateway: { log: { maximum: 100 } }\n`);
  expect(await gateway.reload()).toMatchObject({ restarted: true });
  await goOn(east);
  expect(east.connections).toBe(2);
});
