import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import type { GatewayView, LatestPoint } from '@plantroom/model/api';
import { downTopic, shared, upFilter, upTopic } from '@plantroom/model/wire';
import { type RunningMosquitto, startMosquitto, temporaryDirectory, withoutServices } from '@plantroom/testing';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCloudFile } from './config-file.ts';
import { enrolAtBroker } from './main.ts';
import { address, alarmOf, model, PlayedGateway, startTestCloud, until } from './test-kit.ts';

const folder = temporaryDirectory('plantroom-broker');
const at = (name: string) => join(folder.path, name);
const secret = 'x'.repeat(43);
const other = { site: address.site, gateway: 'gw-2' };
const now = systemClock.now();

let mosquitto: RunningMosquitto;
beforeAll(async () => {
  if (withoutServices) return;
  mosquitto = await startMosquitto();
  for (const name of ['gw-1', 'gw-2']) writeFileSync(at(name), secret);
  writeFileSync(at('admin'), mosquitto.admin.password);
  writeFileSync(at('cloud'), 'a-password-of-the-cloud');
  writeFileSync(at('ca.pem'), mosquitto.ca);
  writeFileSync(at('cloud.yaml'), configuration(mosquitto.secureUrl));
  const gateways = [`${address.site}/${address.gateway}:${at('gw-1')}`, `${other.site}/${other.gateway}:${at('gw-2')}`];
  // As often as one likes.
  for (let n = 0; n < 2; n++) await enrolAtBroker(at('cloud.yaml'), gateways, () => {});
});
afterAll(async () => {
  await mosquitto?.stop();
  folder.remove();
});

const configuration = (url: string) => `broker:
  url: ${url}
  user: cloud
  password: { file: cloud }
  ca: ca.pem
  enrolment: { user: ${mosquitto.admin.username}, password: { file: admin } }
`;
const startCloud = () => startTestCloud(readCloudFile(at('cloud.yaml')));
const tls = (options: IClientOptions = {}): IClientOptions => ({ password: secret, ca: mosquitto.ca, ...options });
const connectGateway = (options: IClientOptions = {}) =>
  PlayedGateway.at(connectAsync, mosquitto.secureUrl, tls(options));

describe.skipIf(withoutServices)('a cloud at a mosquitto with TLS', () => {
  test('stores what gateways send, answers them, and knows who was there before it', async () => {
    const will = {
      topic: upTopic(address, 'status'),
      payload: Buffer.from(status(false)),
      qos: 1 as const,
      retain: true,
    };
    const gateway = await connectGateway({ will });
    await gateway.publish('status', status(true), true);
    const { get, post, call, stop } = await startCloud();
    const gateways = async () => (await get<{ items: GatewayView[] }>('/gateways')).items;
    const isOnline = async () => (await gateways())[0]?.online === true;
    await until(isOnline);
    await gateway.events({ type: 'model', model }, { type: 'alarm', alarm: alarmOf(now) });
    await gateway.telemetry({ index: 0, time: now, gatewayTime: now, value: 98, quality: 'good' });
    await until(async () => (await get<{ items: LatestPoint[] }>('/points/latest')).items[0]?.value === 98);

    const { command } = (await (await post('/alarms/alarm-1/acknowledge', {})).json()) as { command: string };
    await until(() => gateway.commands.some((c) => c.id === command));

    await gateway.close();
    const stream = await call(`/live?site=${address.site}`);
    await mosquitto.pause('SIGKILL');
    // Nobody is shown a present of which something may be missing.
    await stream.text();
    expect((await call(`/live?site=${address.site}`)).status).toBe(503);
    await mosquitto.resume();
    const isLive = async () => {
      const { status, body } = await call(`/live?site=${address.site}`);
      await body?.cancel();
      return status === 200;
    };
    await until(isLive);
    const again = await connectGateway({ will });
    // Retained, so that the cloud hears of it when it is back too.
    await again.publish('status', status(true, 3), true);
    await until(async () => (await gateways())[0]?.quarantined === 3);
    await again.events({ type: 'alarm', alarm: { ...alarmOf(now), version: 2, command } });
    expect(await get('/alarms/alarm-1')).toMatchObject({ version: 2, pending: null });
    await again.cut();
    await until(async () => !(await isOnline()));
    await stop();
  });

  test('starts before its broker', async () => {
    await mosquitto.pause();
    const starting = startCloud();
    await mosquitto.resume();
    const { stop } = await starting;
    await stop();
  });

  test('signs in by its certificate', async () => {
    const { ca, certifiedUrl: url } = mosquitto;
    const { stop } = await startTestCloud({ broker: { url, ca, ...mosquitto.cloud } });
    await stop();
    await expect(startTestCloud({ broker: { url, ca } })).rejects.toMatchObject({ code: 'broker-refused' });
  });

  test('says what is wrong when the broker does not let it in', async () => {
    const { broker, ...rest } = readCloudFile(at('cloud.yaml'));
    if (!broker) throw new Error('no broker');
    const start = (change: object) => startTestCloud({ ...rest, broker: { ...broker, ...change } });
    await expect(start({ password: 'wrong' })).rejects.toMatchObject({
      code: 'broker-refused',
      hint: expect.stringContaining('password'),
    });
    const { ca: _, ...stranger } = broker;
    await expect(startTestCloud({ ...rest, broker: stranger })).rejects.toMatchObject({
      code: 'broker-refused',
      hint: expect.stringContaining('`ca`'),
    });
    const gateway = { username: `${address.site}/${address.gateway}`, password: secret };
    await expect(start(gateway)).rejects.toMatchObject({ code: 'broker-refused' });
  });
});

describe.skipIf(withoutServices)('the rights of a gateway at mosquitto', () => {
  const connectTo = (name: string, options: IClientOptions = {}): Promise<MqttClient> =>
    connectAsync(mosquitto.secureUrl, tls({ username: name, clientId: name, reconnectPeriod: 0, ...options }), false);
  const name = `${address.site}/${address.gateway}`;

  test.each([
    ['of another gateway', downTopic(other, 'commands')],
    ['of all gateways', upFilter],
    ['of the workers', shared(upFilter)],
    ['shared, of its own', `$share/x/${downTopic(address, 'acks')}`],
    ['all there are', '#'],
    ['of the broker', '$SYS/#'],
    ['of the administrator', '$CONTROL/#'],
    ['of the live feed', `plantroom/1/${address.site}/live`],
  ])('do not reach to topics %s', async (_, filter) => {
    const gateway = await connectTo(name);
    await expect(gateway.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    await gateway.endAsync(true);
  });

  test('do not reach to what others publish, nor to their client ids', async () => {
    const service = await connectTo('cloud', { password: 'a-password-of-the-cloud', clientId: 'ear' });
    const heard: string[] = [];
    service.on('message', (topic, payload) => void heard.push(`${topic} ${payload}`));
    await service.subscribeAsync([upFilter, 'plantroom/1/+/live'], { qos: 1 });
    const gateway = await connectTo(name);
    const foreign = [
      upTopic(other, 'telemetry'),
      upTopic(other, 'status'),
      downTopic(address, 'acks'),
      `plantroom/1/${address.site}/live`,
    ];
    for (const topic of foreign) await gateway.publishAsync(topic, 'foreign', { qos: 1 });
    await gateway.publishAsync(upTopic(address, 'telemetry'), 'own', { qos: 1 });
    await until(() => heard.some((h) => h.endsWith('own')));
    expect(heard.filter((h) => h.endsWith('foreign'))).toEqual([]);
    const both = await connectTo(`${other.site}/${other.gateway}`);
    await expect(connectTo(name, { clientId: `${other.site}/${other.gateway}` })).rejects.toThrow(/not authorized/i);
    expect([gateway.connected, both.connected]).toEqual([true, true]);
    for (const client of [service, gateway, both]) await client.endAsync(true);
  });

  test('end a connection that sends a packet beyond all measure', async () => {
    const gateway = await connectTo(name);
    gateway.on('error', () => {});
    gateway.publish(upTopic(address, 'telemetry'), Buffer.alloc(5 * 1024 * 1024), { qos: 1 });
    await until(() => !gateway.connected);
  });

  test('end with the old secret', async () => {
    const gateway = await connectTo(name);
    writeFileSync(at('gw-1'), 'y'.repeat(43));
    await enrolAtBroker(at('cloud.yaml'), [`${name}:${at('gw-1')}`], () => {});
    await until(() => !gateway.connected);
    await expect(connectTo(name)).rejects.toThrow();
    await (await connectTo(name, { password: 'y'.repeat(43) })).endAsync(true);
  });
});

function status(online: boolean, quarantined = 0): string {
  const backlog = { entries: 0, bytes: 0, oldest: 0 };
  const quiet = { backlog, quarantined, connections: [] };
  return JSON.stringify({
    online,
    time: now + quarantined,
    epoch: 'epoch-0001',
    revision: model.revision,
    version: '0',
    ...quiet,
  });
}
