import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { type Logger, silentLogger } from '@plantroom/base';
import { downTopic, liveTopic, upFilter, upTopic } from '@plantroom/model/wire';
import { until } from '@plantroom/testing';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startBroker } from './broker.ts';
import type { Broker } from './contract.ts';
import { gatewayOne, PlayedGateway } from './played-gateway.ts';
import { sha256 } from './rights.ts';

const other = { site: 'harbour', gateway: 'gw-2' };
const secrets: Record<string, string> = { 'harbour/gw-1': 'secret-one', 'harbour/gw-2': 'secret-two' };
const records = {
  gatewaySecretHash: async (site: string, gateway: string) => {
    const secret = secrets[`${site}/${gateway}`];
    return secret === undefined ? undefined : sha256(secret);
  },
};

let broker: Broker;
let warned: string[];
beforeEach(async () => {
  warned = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (fields) => void warned.push('code' in fields ? String(fields.code) : ''),
  };
  broker = await startBroker({ host: '127.0.0.1', port: 0, records, logger, maximumPacket: 10_000 });
});
afterEach(() => broker.close());

const tryConnect = (username?: string, password?: string) =>
  connectAsync(
    broker.access.url,
    { protocolVersion: 4, reconnectPeriod: 0, ...(username ? { username } : {}), ...(password ? { password } : {}) },
    false,
  );
const connectOne = () => PlayedGateway.connect(broker.access.url, 'secret-one');
const closed = (gateway: PlayedGateway) => until('the broker ended it', () => !gateway.client.connected);

it.each([
  ['nobody', undefined, undefined],
  ['a name without a secret', 'harbour/gw-1', undefined],
  ['a wrong secret', 'harbour/gw-1', 'secret-two'],
  ['an unknown gateway', 'harbour/gw-3', 'secret-one'],
  ['an empty name', '/', 'secret-one'],
  ['the gateway without its site', 'gw-1', 'secret-one'],
])('lets %s not in', async (_, username, password) => {
  await expect(tryConnect(username, password)).rejects.toThrow(/bad username or password/i);
});

it('lets a gateway publish and hear its own topics, and the service what gateways send', async () => {
  const service = await tryConnect(broker.access.username, broker.access.password);
  await service.subscribeAsync(upFilter, { qos: 1 });
  const heard: string[] = [];
  service.on('message', (topic, payload) => void heard.push(`${topic} ${payload}`));
  const gateway = await connectOne();
  await gateway.send('telemetry', 'frame');
  await service.publishAsync(
    downTopic(gatewayOne, 'acks'),
    JSON.stringify({ epoch: 'e', lane: 'events', ranges: [[1, 2]], rejected: [] }),
    { qos: 1 },
  );
  await until('both have heard', () => heard.length === 1 && gateway.stored('events').length === 2);
  expect(heard).toEqual([`${upTopic(gatewayOne, 'telemetry')} frame`]);
  await Promise.all([gateway.close(), service.endAsync(true)]);
});

it.each([
  ['as another gateway', upTopic(other, 'telemetry')],
  ['to itself from above', downTopic(gatewayOne, 'acks')],
  ['the live feed', liveTopic('harbour')],
  ['a system topic', '$SYS/x'],
])('ends a gateway that publishes %s', async (_, topic) => {
  const gateway = await connectOne();
  const service = await tryConnect(broker.access.username, broker.access.password);
  await service.subscribeAsync([upFilter, liveTopic('harbour')], { qos: 1 });
  const heard: string[] = [];
  service.on('message', (t) => void heard.push(t));
  gateway.client.publish(topic, 'x', { qos: 1 });
  await closed(gateway);
  expect(warned).toEqual(['mqtt-publish-denied']);
  expect(heard).toEqual([]);
  await service.endAsync(true);
});

it('ends a gateway that wants telemetry retained', async () => {
  const gateway = await connectOne();
  gateway.client.publish(upTopic(gatewayOne, 'telemetry'), 'x', { qos: 1, retain: true });
  await closed(gateway);
  expect(warned).toEqual(['mqtt-publish-denied']);
});

it.each([
  ['another gateway', downTopic(other, 'commands')],
  ['all gateways', 'plantroom/1/+/+/down/acks'],
  ['everything', '#'],
  ['the live feed', liveTopic('harbour')],
  ['a shared subscription', `$share/ingest/${downTopic(gatewayOne, 'acks')}`],
])('answers 0x80 to a gateway that wants to hear %s', async (_, filter) => {
  const gateway = await connectOne();
  await expect(gateway.client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
  expect(warned).toEqual(['mqtt-subscribe-denied']);
  expect(gateway.client.connected).toBe(true);
  await gateway.close();
});

it('refuses a shared subscription of the service too, which it would never deliver', async () => {
  const service = await tryConnect(broker.access.username, broker.access.password);
  await expect(service.subscribeAsync(`$share/ingest/${upFilter}`, { qos: 1 })).rejects.toThrow();
  expect(warned).toEqual(['mqtt-subscribe-denied']);
  await service.endAsync(true);
});

it('keeps a connection when another party comes with its client id', async () => {
  const one = await PlayedGateway.connect(broker.access.url, 'secret-one', gatewayOne, { clientId: 'same' });
  const two = await PlayedGateway.connect(broker.access.url, 'secret-two', other, { clientId: 'same' });
  await one.send('telemetry', 'x');
  expect([one.client.connected, two.client.connected]).toEqual([true, true]);
  await Promise.all([one.close(), two.close()]);
});

it('publishes the Will of a gateway whose connection breaks', async () => {
  const service = await tryConnect(broker.access.username, broker.access.password);
  await service.subscribeAsync(upFilter, { qos: 1 });
  const heard: string[] = [];
  service.on('message', (topic, payload) => void heard.push(`${topic} ${payload}`));
  const topic = upTopic(gatewayOne, 'status');
  const will = { topic, payload: Buffer.from('gone'), qos: 1 as const, retain: true };
  const gateway = await PlayedGateway.connect(broker.access.url, 'secret-one', gatewayOne, { will });
  gateway.client.stream.destroy();
  await until('the Will is heard', () => heard.includes(`${topic} gone`));
  await service.endAsync(true);
});

it('does not publish a Will on topics that are not its own', async () => {
  const service = await tryConnect(broker.access.username, broker.access.password);
  await service.subscribeAsync(upFilter, { qos: 1 });
  const heard: string[] = [];
  service.on('message', (topic) => void heard.push(topic));
  const will = { topic: upTopic(other, 'status'), payload: Buffer.from('gone'), qos: 1 as const, retain: true };
  const gateway = await PlayedGateway.connect(broker.access.url, 'secret-one', gatewayOne, { will });
  gateway.client.stream.destroy();
  await until('it is refused', () => warned.includes('mqtt-publish-denied'));
  expect(heard).toEqual([]);
  await service.endAsync(true);
});

it('ends the connections of a gateway whose secret has changed', async () => {
  const gateway = await connectOne();
  broker.disconnect('harbour', 'gw-1');
  await closed(gateway);
});

it('ends a connection that announces too large a packet, before the packet is there', async () => {
  const gateway = await connectOne();
  gateway.client.publish(upTopic(gatewayOne, 'telemetry'), Buffer.alloc(20_000), { qos: 1 });
  await closed(gateway);
  const socket = connectSocket(broker.port, '127.0.0.1');
  socket.on('error', () => {});
  // A CONNECT of 256 MiB in five bytes.
  socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
  await once(socket, 'close');
  expect(warned).toEqual(['mqtt-packet-too-large', 'mqtt-packet-too-large']);
});

it('says which port is taken', async () => {
  const again = startBroker({ host: '127.0.0.1', port: broker.port, records, logger: silentLogger });
  await expect(again).rejects.toMatchObject({ code: 'mqtt-port-in-use' });
});
