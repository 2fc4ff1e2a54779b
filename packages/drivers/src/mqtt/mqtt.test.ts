import { ManualClock, systemClock } from '@plantroom/base';
import type { DeviceEvent, LocalText } from '@plantroom/model';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { conformsToContract } from '../../test/conformance.ts';
import { TestBroker } from '../../test/mqtt-broker.ts';
import type { DriverContext, FieldSink, Reading } from '../contract.ts';
import { mqttConfig } from './config.ts';
import { prepareMqtt } from './index.ts';

const at = '2026-03-01T08:00:00.000Z';
const message = { temperature: 21.5, humidity: 40, co2: '420', pm25: null, illuminance: 300, battery: 90, time: at };

const report = {
  id: 'fire-panel-000042',
  time: new Date(systemClock.now()).toISOString(),
  category: 'mains-fault',
  state: 'active',
  zone: 8,
  address: 'panel',
  message: 'MAINS FAILURE',
};

async function startBroker(users?: Record<string, string>): Promise<TestBroker> {
  const broker = new TestBroker(users);
  await broker.start();
  onTestFinished(() => broker.stop());
  return broker;
}

class Heard implements FieldSink {
  readonly batches: Reading[][] = [];
  readonly events: DeviceEvent[] = [];
  readonly misfits: (LocalText | undefined)[] = [];
  readonly silences: [string, boolean, string][] = [];
  readings(batch: readonly Reading[]): void {
    this.batches.push([...batch]);
  }
  event(event: DeviceEvent, misfit?: LocalText): void {
    this.events.push(event);
    this.misfits.push(misfit);
  }
  property(): void {}
  silence(...told: [string, boolean, string]): void {
    this.silences.push(told);
  }
}

async function listen(
  broker: TestBroker,
  context: DriverContext = testContext(),
  settings: Record<string, unknown> = {},
) {
  const config = mqttConfig.parse({ url: `mqtt://127.0.0.1:${broker.port}`, timeout: 1000, ...settings });
  const bindings = [bindingOf('lobby', 'environment-sensor-json'), bindingOf('fire-panel', 'generic-fire-panel')];
  const connection = await prepareMqtt(config, 'devices', bindings, context);
  onTestFinished(() => connection.close());
  const heard = new Heard();
  await connection.open();
  await connection.subscribe?.(heard);
  return { connection, heard };
}

/** Publishes until the subscription stands and the message is heard. */
async function publishUntil(broker: TestBroker, topic: string, payload: unknown, done: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      await broker.publish(topic, payload);
      done();
    },
    { timeout: 15_000, interval: 30 },
  );
}

conformsToContract({
  name: 'MQTT',
  deadline: 1500,
  async startPeer() {
    const broker = await startBroker();
    const timer = setInterval(() => void broker.publish('sensors/lobby/state', message), 30);
    onTestFinished(() => clearInterval(timer));
    return {
      equipment: 'lobby',
      good: { point: 'temperature', value: 21.5 },
      bad: { point: 'co2', quality: 'bad', reason: 'decode' },
      get port() {
        return broker.port;
      },
      connections: () => broker.connections,
      start: () => broker.start(),
      stop: () => broker.stop(),
    };
  },
  prepare: (_, context, port) =>
    prepareMqtt(
      mqttConfig.parse({ url: `mqtt://127.0.0.1:${port}`, timeout: 500 }),
      'devices',
      [{ ...bindingOf('lobby', 'environment-sensor-json'), period: 500 }],
      context,
    ),
});

describe('a sensor message', () => {
  it('becomes readings by the declared types, at the declared time', async () => {
    const broker = await startBroker();
    const { heard } = await listen(broker);
    await publishUntil(broker, 'sensors/lobby/state', message, () => expect(heard.batches).not.toHaveLength(0));
    const sourceTime = Date.parse(at);
    const own = { equipment: 'lobby', sourceTime };
    expect(heard.batches[0]).toEqual([
      { ...own, point: 'temperature', value: 21.5, quality: 'good' },
      { ...own, point: 'humidity', value: 40, quality: 'good' },
      { ...own, point: 'co2', value: null, quality: 'bad', reason: 'decode' },
      { ...own, point: 'pm25', value: null, quality: 'bad', reason: 'not-available' },
      { ...own, point: 'illuminance', value: 300, quality: 'good' },
      { ...own, point: 'battery', value: 90, quality: 'good' },
    ]);
  });

  it('that the broker kept is held, not fresh, and no sign of life', async () => {
    const broker = await startBroker();
    await broker.publish('sensors/lobby/state', message, true);
    const { heard } = await listen(broker);
    await vi.waitFor(() => expect(heard.batches).not.toHaveLength(0), 15_000);
    expect(heard.batches[0]?.[0]).toMatchObject({ value: 21.5, quality: 'uncertain', reason: 'held' });
    heard.batches.length = 0;
    await broker.publish('sensors/lobby/state', message);
    await vi.waitFor(() => expect(heard.batches[0]?.[0]).toMatchObject({ value: 21.5, quality: 'good' }), 15_000);
  });

  it('that is no JSON, or has no time, is not taken for good', async () => {
    const broker = await startBroker();
    const { heard } = await listen(broker);
    await publishUntil(broker, 'sensors/lobby/state', 'temperature=21.5', () =>
      expect(heard.batches.at(-1)?.[0]).toMatchObject({ value: null, quality: 'bad', reason: 'decode' }),
    );
    const { time: _, ...untimed } = message;
    await publishUntil(broker, 'sensors/lobby/state', untimed, () =>
      expect(heard.batches.at(-1)?.[0]).toMatchObject({ value: 21.5, quality: 'uncertain', reason: 'clock' }),
    );
    expect(heard.batches.at(-1)?.[0]?.sourceTime).toBeUndefined();
  });

  it('of another device is not ours', async () => {
    const broker = await startBroker();
    const { heard } = await listen(broker);
    await publishUntil(broker, 'sensors/lobby/state', message, () => expect(heard.batches).not.toHaveLength(0));
    const count = heard.batches.length;
    await broker.publish('sensors/kitchen/state', message);
    await broker.publish('sensors/lobby/state', message);
    await vi.waitFor(() => expect(heard.batches.length).toBeGreaterThan(count), 15_000);
    expect(new Set(heard.batches.flat().map((r) => r.equipment))).toEqual(new Set(['lobby']));
  });
});

describe('a panel message', () => {
  it('becomes a device event whose id is the same when it is repeated', async () => {
    const broker = await startBroker();
    const { heard } = await listen(broker);
    await publishUntil(broker, 'fire/fire-panel/events', report, () => expect(heard.events).not.toHaveLength(0));
    await broker.publish('fire/fire-panel/events', report);
    await vi.waitFor(() => expect(heard.events.length).toBeGreaterThan(1), 15_000);
    expect(heard.events[0]).toMatchObject({
      id: expect.stringMatching(/^fire-panel:fire-panel-000042:/),
      equipment: 'fire-panel',
      time: Date.parse(report.time),
      category: 'fault',
      address: 'panel',
      zone: '8',
      message: 'MAINS FAILURE',
    });
    expect(new Set(heard.events.map((e) => e.id)).size).toBe(1);
    await publishUntil(broker, 'fire/fire-panel/events', { ...report, id: 'x-2', state: 'cleared' }, () =>
      expect(heard.events.at(-1)).toMatchObject({
        id: expect.stringMatching(/^fire-panel:x-2:/),
        category: 'restored',
      }),
    );
  });

  it('that does not fit its profile is counted, named in the log and handed on', async () => {
    const broker = await startBroker();
    const warn = vi.fn();
    const context = testContext();
    const { connection, heard } = await listen(broker, { ...context, logger: { ...context.logger, warn } });
    const odd = { ...report, category: 'FIRE' };
    await publishUntil(broker, 'fire/fire-panel/events', odd, () => expect(heard.events).not.toHaveLength(0));
    expect(heard.events[0]).toMatchObject({ category: 'fault', message: expect.stringContaining('MAINS FAILURE') });
    expect(heard.misfits[0]).toEqual({
      en: 'category FIRE is not in the profile',
      zh: '配置文件中没有类别 FIRE',
    });
    expect(connection.tally?.()['reports-misfit']).toBeGreaterThan(0);
    const said = { equipment: 'fire-panel', topic: 'fire/fire-panel/events', detail: heard.misfits[0]?.en };
    expect(warn).toHaveBeenCalledWith(expect.objectContaining(said), expect.any(String));
  });

  it('without an id is told from another by all that it says', async () => {
    const broker = await startBroker();
    const { heard } = await listen(broker);
    const { id: _, ...anonymous } = report;
    await publishUntil(broker, 'fire/fire-panel/events', anonymous, () => expect(heard.events).not.toHaveLength(0));
    await publishUntil(broker, 'fire/fire-panel/events', { ...anonymous, address: '2-17' }, () =>
      expect(heard.events.at(-1)?.address).toBe('2-17'),
    );
    expect(new Set(heard.events.map((e) => e.id)).size).toBe(2);
  });
});

describe('the broker', () => {
  it('may refuse the password', async () => {
    const broker = await startBroker({ gateway: 'right' });
    await expect(listen(broker, testContext(), { user: 'gateway', password: 'wrong' })).rejects.toMatchObject({
      kind: 'no-answer',
    });
    await expect(listen(broker, testContext(), { user: 'gateway', password: 'right' })).resolves.toBeDefined();
  });

  it('may refuse a topic, which silences its device alone and is asked for again', async () => {
    const broker = await startBroker();
    broker.forbidden.add('sensors/lobby/state');
    const clock = new ManualClock();
    const { heard } = await listen(broker, testContext(clock));
    await vi.waitFor(() => expect(heard.silences[0]?.[2]).toMatch(/refuses the topic sensors\/lobby\/state/), 15_000);
    await publishUntil(broker, 'fire/fire-panel/events', report, () => expect(heard.events).not.toHaveLength(0));
    broker.forbidden.clear();
    await clock.advance(60_000);
    await publishUntil(broker, 'sensors/lobby/state', message, () => expect(heard.batches).not.toHaveLength(0));
  });

  it('that keeps a message too large to be read silences its device alone, whose topic is asked for again', async () => {
    const broker = await startBroker();
    await broker.publish('sensors/lobby/state', Buffer.alloc(5 * 1024 * 1024, 'x'), true);
    const clock = new ManualClock();
    const warn = vi.fn();
    const context = testContext(clock);
    const { connection, heard } = await listen(broker, { ...context, logger: { ...context.logger, warn } });
    await vi.waitFor(async () => {
      await clock.advance(1000);
      expect(heard.silences.at(-1)?.[2]).toMatch(/more than 4259840 bytes on sensors\/lobby\/state/);
    }, 15_000);
    const said = expect.objectContaining({ code: 'mqtt-packet-too-large', topic: 'sensors/lobby/state' });
    expect(warn).toHaveBeenCalledWith(said, expect.any(String));
    await publishUntil(broker, 'fire/fire-panel/events', report, () => expect(heard.events).not.toHaveLength(0));
    expect(connection.tally?.()).toMatchObject({ 'packets-too-large': 1 });
    await broker.publish('sensors/lobby/state', '', true);
    await clock.advance(60_000);
    await publishUntil(broker, 'sensors/lobby/state', message, () => expect(heard.batches).not.toHaveLength(0));
  });

  it('is not asked for a secret that is not there', async () => {
    const config = mqttConfig.parse({ url: 'mqtt://127.0.0.1:1', user: 'a', password: { env: 'NOT_THERE' } });
    await expect(prepareMqtt(config, 'devices', [], testContext())).rejects.toMatchObject({ code: 'driver-secret' });
  });
});

it('has no say in the health of a panel whose points are read elsewhere', async () => {
  const broker = await startBroker();
  const { connection, heard } = await listen(broker);
  expect(connection.devices.map((d) => d.equipment)).toEqual(['lobby']);
  await broker.stop();
  await vi.waitFor(() => expect(heard.silences).not.toHaveLength(0), 15_000);
  expect(new Set(heard.silences.map(([equipment]) => equipment))).toEqual(new Set(['lobby']));
});

it('says once that a sensor fell silent, after three missed messages', async () => {
  const broker = await startBroker();
  const clock = new ManualClock();
  const { heard } = await listen(broker, testContext(clock));
  await publishUntil(broker, 'sensors/lobby/state', message, () => expect(heard.batches).not.toHaveLength(0));
  await clock.advance(30_000);
  expect(heard.silences).toEqual([]);
  await clock.advance(3000);
  expect(heard.silences).toEqual([['lobby', true, 'published nothing for 31 s']]);
  await publishUntil(broker, 'sensors/lobby/state', message, () => expect(heard.silences).toHaveLength(2));
  expect(heard.silences[1]).toEqual(['lobby', false, 'publishes again']);
});
