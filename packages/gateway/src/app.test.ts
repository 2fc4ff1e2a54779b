import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import type { Alarm, ModelRevision, WorkOrderRequest } from '@plantroom/model';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModbusServer } from '../test/modbus-server.ts';
import { ScriptedCloud } from '../test/scripted-cloud.ts';
import { until } from '../test/until.ts';
import { type Gateway, type GatewayOptions, startGateway } from './app.ts';

let directory: string;
let cloud: ScriptedCloud;
let meters: ModbusServer;
let gateway: Gateway | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-gateway-'));
  cloud = await ScriptedCloud.start();
  meters = await ModbusServer.start();
  meters.fill(1, 19000, 19121);
  meters.setFloat(1, 19000, 230);
  meters.setFloat(1, 19026, 12_000);
  meters.setFloat(1, 19050, 50);
  meters.setFloat(1, 19068, 5_000_000);
});

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  await meters.stop();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
});

const fastMeter = `
connections:
  meter-bus: { modbus-tcp: { host: 127.0.0.1, port: PORT, timeout: 200 } }
equipment:
  main-meter: { profile: janitza-umg96rm, on: meter-bus, unit: 1, name: { en: Main meter, zh: 总表 }, at: B1, period: 100 }
`;

async function start(plant = fastMeter, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const siteFile = join(directory, 'site.yaml');
  const site = 'site: { id: harbour-tower, name: { en: Harbour Tower, zh: 海港大厦 }, timezone: Asia/Shanghai }';
  writeFileSync(siteFile, `${site}\n${plant.replaceAll('PORT', String(meters.port))}`);
  gateway = await startGateway({
    siteFile,
    dataDirectory: join(directory, 'data'),
    cloud: { url: cloud.url, password: 'secret' },
    logger: silentLogger,
    random: () => 0,
    ...options,
  });
  return gateway;
}

function events<T extends 'alarm' | 'work-order' | 'device-event' | 'intervals' | 'model' | 'command-outcome'>(
  type: T,
) {
  return cloud
    .frames('events')
    .flatMap((h) => (h.channel === 'events' ? h.frame.events.filter((e) => e.type === type) : []));
}
const alarms = (): Alarm[] => events('alarm').flatMap((e) => (e.type === 'alarm' ? [e.alarm] : []));
const orders = (): WorkOrderRequest[] =>
  events('work-order').flatMap((e) => (e.type === 'work-order' ? [e.order] : []));
const models = (): ModelRevision[] => events('model').flatMap((e) => (e.type === 'model' ? [e.model] : []));
const model = (): ModelRevision | undefined => models()[0];

function valuesOf(point: string): (number | null)[] {
  const index = model()?.points.findIndex((p) => p.point === point);
  return cloud
    .frames('telemetry')
    .flatMap((h) => (h.channel === 'telemetry' ? h.frame.samples : []))
    .filter((s) => s.index === index)
    .map((s) => s.value);
}

const balanced = async (): Promise<boolean> => {
  const { telemetry } = (await gateway?.report())?.lanes ?? {};
  return telemetry !== undefined && telemetry.produced > 0 && telemetry.produced === telemetry.stored;
};

test('a register becomes a sample in the cloud, and its change becomes the next', async () => {
  await start();
  await until('the power is in the cloud', () => valuesOf('power').includes(12));
  meters.setFloat(1, 19026, 15_500);
  await until('the new power is in the cloud', () => valuesOf('power').includes(15.5));
  // Report by exception: polled ten times a second, told when it changed.
  expect(valuesOf('power')).toEqual([12, 15.5]);
  expect(valuesOf('frequency')).toEqual([50]);
  await until('all is acknowledged', balanced);
  expect(model()?.equipment[0]).toMatchObject({
    id: 'main-meter',
    kind: 'energy-meter',
    place: { en: 'B1', zh: 'B1' },
  });
});

test('a meter that falls silent is valueless in the cloud, and comes back by itself', async () => {
  const plant = fastMeter.replace('period: 100', 'period: 100');
  await start(plant);
  await until('the power is in the cloud', () => valuesOf('power').includes(12));
  meters.mute.add(1);
  await until('the silence is in the cloud', () => valuesOf('power').includes(null));
  const report = await gateway?.report();
  expect(report?.connections[0]?.silent).toEqual(['main-meter']);
  meters.mute.clear();
  await until('the power is back', () => valuesOf('power').at(-1) === 12);
  await until('the status says so', async () => (await gateway?.report())?.connections[0]?.silent.length === 0);
});

const fireSite = `
broker: { port: 0, users: { panel: { password: { file: panel.secret } } } }
connections:
  fire-bus: { modbus-tcp: { host: 127.0.0.1, port: PORT } }
  fire-events: { mqtt: embedded }
equipment:
  fire-panel:
    { profile: generic-fire-panel, on: fire-bus, unit: 9, name: Fire panel, period: 100, events: { on: fire-events } }
`;

test('a fire is an alarm with its order within a second, acknowledged by a command and not raised again', async () => {
  writeFileSync(join(directory, 'panel.secret'), 'fire');
  meters.fill(9, 0, 10);
  for (let loop = 0; loop < 4; loop++) meters.fill(9, 100 + 100 * loop, 100 + 100 * loop + 49);
  for (let loop = 0; loop < 4; loop++) for (let d = 0; d < 50; d++) meters.set(9, 100 + 100 * loop + d, 1);
  await start(fireSite);
  await until('the panel is in the cloud', () => valuesOf('fire').includes(0));
  const began = systemClock.monotonic();
  meters.set(9, 0, 0b10);
  meters.set(9, 112, 0b11);
  await until('the fire is an alarm', () => alarms().some((a) => a.priority === 1 && a.facts.active));
  expect(systemClock.monotonic() - began).toBeLessThan(1000);
  const alarm = alarms().find((a) => a.priority === 1);
  const command = { id: 'c-1', alarm: alarm?.id, action: 'acknowledge', actor: 'operator', time: 1, comment: '' };
  cloud.send('commands', command);
  await until('the click is echoed', () => alarms().some((a) => a.command === 'c-1' && a.facts.acknowledged));

  const before = alarms().map((a) => `${a.id} ${a.version}`);
  await gateway?.stop();
  await start(fireSite);
  await until('the panel is read again', () => valuesOf('fire').filter((v) => v === 1).length > 1);
  cloud.send('commands', command);
  meters.set(9, 2, 3);
  await until('what came later is in the cloud', () => valuesOf('faultCount').includes(3));
  expect(alarms().map((a) => `${a.id} ${a.version}`)).toEqual(expect.arrayContaining(before));
  expect(
    new Set(
      alarms()
        .filter((a) => a.priority === 1)
        .map((a) => a.id),
    ).size,
  ).toBe(new Set(before.map((b) => b.split(' ')[0])).size);
  expect(orders().filter((o) => o.alarm === alarm?.id).length).toBeLessThanOrEqual(1);
});

test('a report of the panel that does not fit its profile is kept as a fault, and an alarm until somebody has looked', async () => {
  writeFileSync(join(directory, 'panel.secret'), 'fire');
  meters.fill(9, 0, 10);
  await start(fireSite.replace('port: 0', `port: ${meters.port + 1}`));
  let panel: MqttClient | undefined;
  await until('the gateway takes in what devices publish', async () => {
    const access = { username: 'panel', password: 'fire', reconnectPeriod: 0 };
    panel = await connectAsync(`mqtt://127.0.0.1:${meters.port + 1}`, access).catch(() => undefined);
    return panel !== undefined;
  });
  await panel?.publishAsync('fire/fire-panel/events', JSON.stringify({ category: 'FIRE', message: 'loop 1' }), {
    qos: 1,
  });
  await panel?.endAsync();
  const told = () => alarms().findLast((a) => a.fault === 'fire-panel.report-not-understood');
  await until('the alarm stays when the moment is over', () => told()?.facts.latched === true);
  expect(told()?.detail.en).toContain('category FIRE is not in the profile');
  expect(orders().filter((o) => o.alarm === told()?.id)).toHaveLength(1);
  expect(events('device-event')).toMatchObject([{ event: { category: 'fault', equipment: 'fire-panel' } }]);
  const fields = (await gateway?.report())?.field;
  expect(fields?.map((f) => f.tally)).toContainEqual(expect.objectContaining({ 'reports-misfit': 1 }));
});

test('what is read while the cloud is away arrives once it is back, over a restart, each sample once', async () => {
  const port = cloud.port;
  await start();
  await until('the power is in the cloud', () => valuesOf('power').includes(12));
  const heard = cloud.heard;
  await cloud.stop();
  meters.setFloat(1, 19026, 20_000);
  await until('it is in the log', async () => ((await gateway?.report())?.lanes.telemetry.buffered ?? 0) > 0);
  await gateway?.stop();
  cloud = await ScriptedCloud.start(port);
  cloud.heard.push(...heard);
  await start();
  await until('the power of the outage is in the cloud', () => valuesOf('power').includes(20));
  await until('all is acknowledged', balanced);
  const sequences = cloud.frames('telemetry').map((h) => h.header.sequence);
  expect([...new Set(sequences)].sort((a, b) => a - b)).toEqual(
    sequences.map((_, i) => i + 1).slice(0, new Set(sequences).size),
  );
});

test('a reload is refused as a whole when the file is wrong, and else takes the new plant with the same log', async () => {
  const { reload } = await start();
  await until('the power is in the cloud', () => valuesOf('power').includes(12));
  const siteFile = join(directory, 'site.yaml');
  const text = readFileSync(siteFile, 'utf8');
  writeFileSync(siteFile, text.replace('janitza-umg96rm', 'janitza-umg97'));
  await expect(reload()).rejects.toThrow(/site\.yaml:6: there is no device profile/);
  meters.setFloat(1, 19026, 13_000);
  await until('it goes on as before', () => valuesOf('power').includes(13));

  writeFileSync(siteFile, text.replace('at: B1', 'at: B2'));
  await reload();
  await until('the new revision is in the cloud', () => models().length === 2);
  expect(models()[1]?.equipment[0]?.place.en).toBe('B2');
  meters.setFloat(1, 19026, 14_000);
  await until('the new power is in the cloud', () => valuesOf('power').includes(14));
  const sequences = cloud.frames('telemetry').map((h) => h.header.sequence);
  expect(sequences).toEqual(sequences.map((_, i) => i + 1));
});

test('a history file is imported once, with live metering after it', async () => {
  const end = Math.floor(systemClock.now() / 900_000) * 900_000;
  const rows = Array.from({ length: 97 }, (_, i) => {
    const time = new Date(end - (96 - i) * 900_000).toISOString();
    return `${time},main-meter,energyImport,${4900 + i}`;
  });
  const history = join(directory, 'history.csv');
  writeFileSync(history, ['time,equipment,point,value', ...rows, ''].join('\n'));
  await (await start(fastMeter, { history })).history;
  const intervals = () => events('intervals').flatMap((e) => (e.type === 'intervals' ? e.intervals : []));
  await until('the intervals are in the cloud', () => intervals().length >= 96);
  expect(new Set(intervals().map((i) => i.start)).size).toBe(intervals().length);
  expect(intervals().reduce((sum, i) => sum + (i.kWh ?? 0), 0)).toBeCloseTo(96, 3);
  await gateway?.stop();
  const before = intervals().length;
  await (await start(fastMeter, { history })).history;
  await until('the power is in the cloud again', () => valuesOf('power').length > 1);
  expect(intervals().length).toBe(before);
});

test('devices publish to the gateway’s own broker, which lets nobody else in', async () => {
  writeFileSync(join(directory, 'sensor.secret'), 'damp');
  await start(
    `broker: { port: BROKER, users: { sensors: { password: { file: sensor.secret } } } }
connections: { sensors: { mqtt: embedded } }
equipment: { lobby: { profile: environment-sensor-json, on: sensors, name: Lobby } }`.replace(
      'BROKER',
      String(meters.port + 1),
    ),
  );
  const url = `mqtt://127.0.0.1:${meters.port + 1}`;
  await expect(connectAsync(url, { reconnectPeriod: 0 })).rejects.toThrow(/[Nn]ot authorized/);
  const device = await connectAsync(url, { username: 'sensors', password: 'damp' });
  const [grant] = await device.subscribeAsync('$share/a/sensors/#', { qos: 1 }).catch(() => [{ qos: 128 }]);
  expect(grant?.qos).toBe(128);
  const message = { time: new Date(systemClock.now()).toISOString(), temperature: 21.5, humidity: 40 };
  await until('the temperature is in the cloud', async () => {
    await device.publishAsync('sensors/lobby/state', JSON.stringify(message));
    return valuesOf('temperature').includes(21.5);
  });
  await device.endAsync();
});

test('health, status and metrics are served on loopback', async () => {
  const { statusPort } = await start(fastMeter, { statusPort: 0 });
  await until('all is acknowledged', balanced);
  const page = async (path: string) => (await fetch(`http://127.0.0.1:${statusPort}${path}`)).text();
  expect(JSON.parse(await page('/health'))).toMatchObject({ status: 'ok', cloud: 'connected' });
  expect(JSON.parse(await page('/status'))).toMatchObject({
    site: 'harbour-tower',
    connections: [{ state: 'connected' }],
    field: [{ trouble: [], units: [{ silent: 0, answered: expect.any(Number), latency: expect.any(Number) }] }],
  });
  expect(await page('/metrics')).toMatch(/plantroom_outbox_items\{lane="telemetry",fate="stored"\} [1-9]/);
});

test('a password in the address of the cloud is in no log and on no page', async () => {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => void lines.push(`${JSON.stringify(fields)} ${message}`);
  const logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => logger };
  const url = cloud.url.replace('//', '//ada:hunter2@');
  const running = await start(fastMeter, { cloud: { url, password: 'wrong' }, logger, statusPort: 0 });
  await until('the cloud refuses', () => cloud.refused > 0 && lines.some((line) => line.includes('cloud-unreachable')));
  for (const page of ['status', 'metrics', 'health'])
    lines.push(await (await fetch(`http://127.0.0.1:${running.statusPort}/${page}`)).text());
  expect(lines.some((line) => line.includes('Connecting to the cloud'))).toBe(true);
  expect(lines.filter((line) => line.includes('hunter2'))).toEqual([]);
});
