import { connect as connectSocket, type Socket } from 'node:net';
import { ManualClock, silentLogger } from '@plantroom/base';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../test/until.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { DeviceBroker } from './device-broker.ts';

let broker: DeviceBroker;
let url: string;
let clients: MqttClient[];
let clock: ManualClock;
let warned: object[];

const startBroker = (limits: Partial<BrokerLimits> = {}) =>
  DeviceBroker.start({
    limits,
    host: '127.0.0.1',
    port: 0,
    users: new Map([
      ['free', { password: 'one' }],
      ['bound', { password: 'two', topics: ['sensors/lobby/#'] }],
    ]),
    own: { name: 'gateway', password: 'own' },
    clock,
    logger: { ...silentLogger, warn: (what) => void warned.push(what) },
  });

beforeEach(async () => {
  clients = [];
  clock = new ManualClock();
  warned = [];
  broker = await startBroker();
  url = `mqtt://127.0.0.1:${broker.port}`;
});

afterEach(async () => {
  for (const client of clients) await client.endAsync(true);
  await broker.close();
});

async function signIn(username: string, password: string): Promise<MqttClient> {
  const client = await connectAsync(url, { username, password, reconnectPeriod: 0 });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** Resolves when the other side has ended it; `once` would reject for the error that comes before. */
function closing(connection: MqttClient | Socket): Promise<void> {
  return new Promise((resolve) => (connection as Socket).once('close', () => resolve()));
}

/** The gateway's own connection, and what it hears. */
async function takeIn(...topics: string[]): Promise<string[]> {
  broker.admitDevices(topics);
  const own = await signIn('gateway', 'own');
  const heard: string[] = [];
  own.on('message', (topic, payload, packet) => heard.push(`${topic} ${payload}${packet.retain ? ' retained' : ''}`));
  for (const topic of topics) await own.subscribeAsync(topic, { qos: 1 });
  return heard;
}

test('devices come in once the gateway has subscribed, and nothing is acknowledged that it does not take in', async () => {
  broker.admitDevices(['sensors/#', 'meters/#']);
  const own = await signIn('gateway', 'own');
  await own.subscribeAsync('sensors/#', { qos: 1 });
  await expect(signIn('free', 'one')).rejects.toMatchObject({ code: 3 });
  await own.subscribeAsync('meters/#', { qos: 1 });
  const device = await signIn('free', 'one');
  await device.publishAsync('sensors/a', '1', { qos: 1 });
  await own.endAsync(true);
  await until('the broker has seen it go', async () =>
    signIn('free', 'one').then(
      () => false,
      () => true,
    ),
  );
  const closed = closing(device);
  device.publish('sensors/a', '2', { qos: 1 });
  await closed;
});

test('a device without declared topics reaches what it names, and keeps nothing there', async () => {
  const heard = await takeIn('sensors/#');
  const device = await signIn('free', 'one');
  for (const filter of ['#', '+/a', '$SYS/#', '$share/a/sensors/#'])
    await expect(device.subscribeAsync(filter), filter).rejects.toThrow();
  await device.subscribeAsync('sensors/+');
  await device.publishAsync('sensors/a', '1', { qos: 1, retain: true });
  await until('it is heard', () => heard.length === 1);
  const late = await signIn('free', 'one');
  const got: string[] = [];
  late.on('message', (topic) => got.push(topic));
  await late.subscribeAsync('sensors/#', { qos: 1 });
  await late.publishAsync('sensors/b', '1', { qos: 1 });
  await until('its own is heard', () => got.length > 0);
  expect(got).toEqual(['sensors/b']);
});

test('a user with declared topics stays within them, and what it keeps there is kept', async () => {
  const heard = await takeIn('sensors/#');
  const device = await signIn('bound', 'two');
  await expect(device.subscribeAsync('sensors/#')).rejects.toThrow();
  await device.subscribeAsync('sensors/lobby/#');
  await device.publishAsync('sensors/lobby/state', '1', { qos: 1, retain: true });
  await until('it is heard', () => heard.length === 1);
  const late = await signIn('bound', 'two');
  const got = new Promise((resolve) => late.once('message', (_, __, packet) => resolve(packet.retain)));
  await late.subscribeAsync('sensors/lobby/#', { qos: 1 });
  expect(await got).toBe(true);
  const closed = closing(device);
  device.publish('sensors/roof/state', '1', { qos: 1 });
  await closed;
  expect(heard).toEqual(['sensors/lobby/state 1']);
});

test('one device cannot push another out by its client id', async () => {
  await takeIn('sensors/#');
  const first = await connectAsync(url, { username: 'free', password: 'one', clientId: 'same', reconnectPeriod: 0 });
  const second = await connectAsync(url, { username: 'bound', password: 'two', clientId: 'same', reconnectPeriod: 0 });
  clients.push(first, second);
  await second.publishAsync('sensors/lobby/a', '1', { qos: 1 });
  await first.publishAsync('sensors/b', '1', { qos: 1 });
});

test('a packet beyond 256 kB ends the connection, before and after signing in', async () => {
  const heard = await takeIn('sensors/#');
  const stranger = connectSocket(broker.port, '127.0.0.1');
  stranger.on('error', () => {});
  const gone = closing(stranger);
  // A CONNECT that announces 1 MiB.
  stranger.write(Buffer.from([0x10, 0x80, 0x80, 0x40, 0x00]));
  await gone;
  const device = await signIn('free', 'one');
  const closed = closing(device);
  device.publish('sensors/a', Buffer.alloc(300_000), { qos: 1 });
  await closed;
  expect(heard).toEqual([]);
  const small = await signIn('free', 'one');
  await small.publishAsync('sensors/a', Buffer.alloc(250_000, 'x'), { qos: 1 });
  await until('what fits is heard', () => heard.length === 1);
});

test('a device that reads nothing of what it subscribed to is disconnected, and holds up nobody meanwhile', async () => {
  const heard = await takeIn('sensors/#');
  const frozen = await signIn('free', 'one');
  await frozen.subscribeAsync('bulk/#');
  (frozen.stream as Socket).pause();
  const lost = new Promise<void>((resolve) => (frozen.stream as Socket).once('close', () => resolve()));
  const busy = await signIn('free', 'one');
  const bulk = Buffer.alloc(200_000, 'x');
  for (let n = 0; n < 150; n++) busy.publish('bulk/x', bulk);
  await busy.publishAsync('sensors/a', '1', { qos: 1 });
  await until('others are heard', () => heard.length === 1);
  // What stands in the system's buffers must be read before the end is seen.
  (frozen.stream as Socket).resume();
  await lost;
  await busy.publishAsync('sensors/a', '2', { qos: 1 });
  await until('others are heard on', () => heard.length === 2);
});

/** Another broker in the place of the usual one, with the gateway's own subscription to `sensors/#`. */
async function limited(limits: Partial<BrokerLimits>): Promise<string[]> {
  await broker.close();
  broker = await startBroker(limits);
  url = `mqtt://127.0.0.1:${broker.port}`;
  return takeIn('sensors/#');
}

test('nothing is gathered for a device while it is away, whatever it asks for', async () => {
  const heard = await takeIn('sensors/#');
  const access = { username: 'free', password: 'one', clientId: 'keeps', clean: false, reconnectPeriod: 0 };
  const keeper = await connectAsync(url, access);
  await keeper.subscribeAsync('sensors/a', { qos: 1 });
  await keeper.endAsync(true);
  const busy = await signIn('free', 'one');
  await busy.publishAsync('sensors/a', '1', { qos: 1 });
  await until('the gateway has it', () => heard.length === 1);
  const again = await connectAsync(url, access);
  clients.push(again);
  const got: string[] = [];
  again.on('message', (topic) => got.push(topic));
  await again.subscribeAsync('sensors/b', { qos: 1 });
  await busy.publishAsync('sensors/b', '2', { qos: 1 });
  await until('it hears what comes now', () => got.length > 0);
  expect(got).toEqual(['sensors/b']);
});

test('so many messages and bytes are kept; the next is handed on and not kept, until another is removed', async () => {
  const heard = await limited({ retained: 3, retainedBytes: 1000 });
  const device = await signIn('bound', 'two');
  const keep = (topic: string, payload: string) =>
    device.publishAsync(`sensors/lobby/${topic}`, payload, { qos: 1, retain: true });
  for (const topic of ['a', 'b', 'c', 'd']) await keep(topic, topic);
  await keep('a', 'x'.repeat(1000));
  await keep('b', '');
  await keep('e', 'e');
  await until('all are heard', () => heard.length === 7);
  const late = await signIn('bound', 'two');
  const got: string[] = [];
  late.on('message', (topic) => got.push(topic.slice(-1)));
  await late.subscribeAsync('sensors/lobby/#', { qos: 1 });
  await late.publishAsync('sensors/lobby/end', '', { qos: 1 });
  await until('what is kept has come', () => got.includes('d') && got.includes('e'));
  expect(got.sort()).toEqual(['a', 'c', 'd', 'e']);
});

test('so many devices may be connected, of one user and in all, and one of them may come again', async () => {
  await limited({ devices: 3, devicesOfUser: 2 });
  await signIn('free', 'one');
  const same = { username: 'free', password: 'one', clientId: 'same', reconnectPeriod: 0 };
  clients.push(await connectAsync(url, same));
  await expect(signIn('free', 'one')).rejects.toMatchObject({ code: 3 });
  clients.push(await connectAsync(url, same));
  const bound = await signIn('bound', 'two');
  await expect(signIn('bound', 'two')).rejects.toMatchObject({ code: 3 });
  await signIn('gateway', 'own');
  await bound.endAsync(true);
  await until('there is room again', () =>
    signIn('bound', 'two').then(
      () => true,
      () => false,
    ),
  );
});

test('so many connections of an address may wait to sign in', async () => {
  await limited({ unsigned: 2 });
  const idle = [1, 2, 3].map(() =>
    connectSocket(broker.port, '127.0.0.1')
      .on('error', () => {})
      .resume(),
  );
  await closing(idle[2] as Socket);
  expect(warned).toMatchObject([{ code: 'device-broker-strangers', maximum: 2 }]);
  for (const socket of idle) socket.destroy();
  await until('there is room again', async () => {
    const socket = connectSocket(broker.port, '127.0.0.1').on('error', () => {});
    const refused = await Promise.race([
      closing(socket.resume()).then(() => true),
      signIn('free', 'one').then(() => false),
    ]);
    socket.destroy();
    return !refused;
  });
});

test('a device has so many subscriptions, one that it ends makes room', async () => {
  await limited({ subscriptions: 2 });
  const device = await signIn('free', 'one');
  await device.subscribeAsync('a/1');
  await device.subscribeAsync('a/2');
  await device.subscribeAsync('a/1');
  await expect(device.subscribeAsync('a/3')).rejects.toThrow();
  await device.unsubscribeAsync('a/1');
  await device.subscribeAsync('a/3');
});

test('a device may begin so many messages with QoS 2 without releasing them', async () => {
  await limited({ unreleased: 2 });
  const device = await signIn('free', 'one');
  const lost = closing(device);
  // Written past the library, which would release them.
  const socket = device.stream as Socket;
  const publish = (id: number) => socket.write(Buffer.from([0x34, 8, 0, 3, 0x61, 0x2f, 0x62, 0, id, 0x78]));
  for (const id of [1, 2, 3]) publish(id);
  await lost;
});

test.each([1, 2] as const)('a message of QoS %i is acknowledged once the log has what it led to', async (qos) => {
  const heard = await takeIn('sensors/#');
  const logged = Promise.withResolvers<void>();
  broker.acknowledgeAfter(() => logged.promise);
  const device = await signIn('free', 'one');
  let isAcknowledged = false;
  const sent = device.publishAsync('sensors/a', '1', { qos }).then(() => {
    isAcknowledged = true;
  });
  await until('the gateway has it', () => heard.length === 1);
  // Others go on meanwhile, and what they do takes longer than an acknowledgement.
  const other = await signIn('free', 'one');
  await other.subscribeAsync('sensors/b');
  await other.publishAsync('sensors/b', '1', { qos: 0 });
  await until('the gateway has the other one', () => heard.length === 2);
  expect(isAcknowledged).toBe(false);
  logged.resolve();
  await sent;
  expect(heard).toEqual(['sensors/a 1', 'sensors/b 1']);
});

test('what the log does not take in time is not acknowledged: its device is disconnected, and sends again', async () => {
  const heard = await takeIn('sensors/#');
  broker.acknowledgeAfter(() => new Promise(() => {}));
  const device = await signIn('free', 'one');
  const closed = closing(device);
  let isAcknowledged = false;
  device.publish('sensors/a', '1', { qos: 1 }, (error) => {
    isAcknowledged = !error;
  });
  await until('the gateway has it', () => heard.length === 1);
  await until('the deadline has passed', async () => {
    await clock.advance(10_000);
    return warned.length > 0;
  });
  await closed;
  expect(isAcknowledged).toBe(false);
  expect(warned).toMatchObject([{ code: 'device-broker-held', topic: 'sensors/a' }]);
});
