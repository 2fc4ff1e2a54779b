import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../../test/builders.ts';
import { conformsToContract } from '../../../test/conformance.ts';
import { TestBroker } from '../../../test/mqtt-broker.ts';
import { bdSeq, type GivenMetric, sparkplugPayload } from '../../../test/sparkplug-encoder.ts';
import type { FieldSink, Reading } from '../../contract.ts';
import { sparkplugProfile } from '../../profiles/schema.ts';
import { mqttConfig } from '../config.ts';
import { prepareMqtt } from '../index.ts';
import { EdgeNode, type MessageType } from './edge-node.ts';
import { decodePayload, rawOf } from './payload.ts';

const profile = sparkplugProfile.parse({
  name: 'spb-room',
  title: { en: 'Room', zh: '房间' },
  kind: 'environment-sensor',
  source: 'a test',
  mark: 'own',
  period: 500,
  protocol: 'sparkplug',
  points: {
    temperature: { metric: 'Air/Temperature' },
    humidity: { metric: 'Air/Humidity' },
    co2: { metric: 'Air/CO2' },
  },
});
const room = { group: 'tower', node: 'edge-1', device: 'room-1' };
const binding = () => bindingOf('lobby', profile, room);

const metrics = (alias: boolean, temperature = 21.5): GivenMetric[] => {
  const of = (name: string, at: number, rest: Omit<GivenMetric, 'name' | 'alias'>) => ({
    name,
    ...(alias ? { alias: at } : {}),
    ...rest,
  });
  return [
    of('Air/Temperature', 1, { type: 'Double', value: temperature }),
    of('Air/Humidity', 2, { type: 'Float', value: 40 }),
    of('Air/CO2', 3, { type: 'Int32', value: null }),
  ];
};

describe('a payload of another encoder', () => {
  it.each([
    ['Int8', -5, -5],
    ['Int16', -1000, -1000],
    ['Int32', -70_000, -70_000],
    ['UInt8', 200, 200],
    ['UInt16', 60_000, 60_000],
    ['UInt32', 4_000_000_000, 4_000_000_000],
    ['Float', 0.5, 0.5],
    ['Double', Math.PI, Math.PI],
    ['Boolean', true, true],
    ['String', 'on', 'on'],
    ['Text', '开', '开'],
  ] as const)('gives %s %s', (type, value, expected) => {
    const read = decodePayload(sparkplugPayload(7, [{ name: 'm', type, value }], 1_700_000_000_000));
    expect(read).toMatchObject({ seq: 7, time: 1_700_000_000_000 });
    const [metric] = read?.metrics ?? [];
    expect(metric && rawOf(metric)).toBe(expected);
  });

  it('gives 64 bits as they are', () => {
    const long = { low: -1, high: 0x7fffffff, unsigned: false };
    const read = decodePayload(sparkplugPayload(0, [{ name: 'm', type: 'UInt64', value: long }]));
    expect(read?.metrics[0] && rawOf(read.metrics[0])).toBe(0x7fffffffffffffffn);
    const negative = decodePayload(sparkplugPayload(0, [{ name: 'm', type: 'Int64', value: { low: -2, high: -1 } }]));
    expect(negative?.metrics[0] && rawOf(negative.metrics[0])).toBe(-2n);
  });

  it('gives alias, quality, null and history', () => {
    const given = { name: 'm', alias: 9, type: 'Int32', value: 1, quality: 500, isHistorical: true };
    expect(decodePayload(sparkplugPayload(0, [given]))?.metrics[0]).toMatchObject({
      alias: 9n,
      quality: 500,
      historical: true,
      isNull: false,
    });
  });

  it('is never a value without a type where the type decides', () => {
    expect(rawOf({ datatype: undefined, value: { field: 'int', content: 0xffffffff } })).toBeUndefined();
    expect(rawOf({ datatype: 3, value: { field: 'int', content: 0xffffffff } })).toBe(-1);
    expect(rawOf({ datatype: 7, value: { field: 'int', content: 0xffffffff } })).toBe(0xffffffff);
  });

  it('cut anywhere, or of any bytes, is read as what it still says or not at all, and never throws', () => {
    const whole = sparkplugPayload(3, [...metrics(true), bdSeq(1)]);
    for (let length = 0; length < whole.length; length++) decodePayload(whole.subarray(0, length));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodePayload(bytes)));
    const flipped = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(flipped, ([at, by]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ by;
        decodePayload(bytes);
      }),
    );
  });
});

describe('an edge node', () => {
  const born = () => {
    const node = new EdgeNode();
    node.take('NBIRTH', undefined, sparkplugPayload(0, [bdSeq(4)]), false);
    node.take('DBIRTH', 'room-1', sparkplugPayload(1, metrics(true)), false);
    return node;
  };
  const data = (seq: number, value = 22) => sparkplugPayload(seq, [{ alias: 1, type: 'Double', value }]);
  const heard = (node: EdgeNode, seq: number, retained = false) =>
    node.take('DDATA', 'room-1', data(seq), retained).map((n) => n.what);

  it('names what its births named, and confirms the rest by its unbroken numbers', () => {
    const node = born();
    const [values] = node.take('DDATA', 'room-1', data(2), false);
    expect(values).toMatchObject({ what: 'values', device: 'room-1', metrics: [{ name: 'Air/Temperature', raw: 22 }] });
    expect(heard(node, 3)).toEqual(['values', 'confirmed']);
  });

  it('counts from 255 on to 0', () => {
    const node = born();
    for (let seq = 2; seq < 256; seq++) expect(heard(node, seq)).toEqual(['values', 'confirmed']);
    expect(heard(node, 0)).toEqual(['values', 'confirmed']);
  });

  it('that misses a message is not trusted with an alias any more: a birth may have given it to another metric', () => {
    const node = born();
    expect(heard(node, 5)).toEqual(['missed', 'values', 'unreadable']);
    expect(heard(node, 6)).toEqual(['values', 'confirmed', 'unreadable']);
    node.take('NBIRTH', undefined, sparkplugPayload(0, [bdSeq(5)]), false);
    const swapped = metrics(true).map((m) => ({ ...m, alias: m.alias === 1 ? 2 : 1 }));
    node.take('DBIRTH', 'room-1', sparkplugPayload(1, swapped.slice(0, 2)), false);
    const [values] = node.take('DDATA', 'room-1', sparkplugPayload(2, [{ alias: 1, type: 'Float', value: 44 }]), false);
    expect(values).toMatchObject({ metrics: [{ name: 'Air/Humidity', raw: 44 }] });
  });

  it('passes over a message that comes again, and does not lose count', () => {
    const node = born();
    const bytes = data(2);
    const take = () => node.take('DDATA', 'room-1', Buffer.from(bytes), false).map((n) => n.what);
    expect(take()).toContain('confirmed');
    expect(take()).toEqual([]);
    expect(heard(node, 3)).toEqual(['values', 'confirmed']);
  });

  it('is not trusted when the number of the newest message comes with another: an unheard birth may lie between', () => {
    const node = born();
    heard(node, 2);
    const other = node.take('DDATA', 'room-1', data(2, 46), false);
    expect(other.map((n) => n.what)).toEqual(['missed', 'values', 'unreadable']);
    expect(other[1]).toMatchObject({ metrics: [] });
    expect(born().take('DDATA', 'room-2', sparkplugPayload(1, metrics(true)), false)[0]).toEqual({ what: 'missed' });
  });

  it('is not trusted after any other number, as it may have been born again unheard', () => {
    const node = born();
    for (let seq = 2; seq < 100; seq++) heard(node, seq);
    expect(heard(node, 2)).toEqual(['missed', 'values', 'unreadable']);
  });

  it('is not known by a birth that the broker kept, nor a device by the alias of another or of its own past', () => {
    const node = new EdgeNode();
    node.take('NBIRTH', undefined, sparkplugPayload(0, [bdSeq(4)]), true);
    node.take('DBIRTH', 'room-1', sparkplugPayload(1, metrics(true)), true);
    expect(heard(node, 2)).toContain('unreadable');
    const other = born();
    const told = other.take('DDATA', 'room-2', data(2), false);
    expect(told.map((n) => n.what)).toEqual(['values', 'confirmed', 'unreadable']);
    other.take('DDEATH', 'room-1', sparkplugPayload(3, []), false);
    expect(heard(other, 4)).toContain('unreadable');
  });

  it('dies by its own death alone, and speaks again only after a birth', () => {
    const node = born();
    expect(node.take('NDEATH', undefined, sparkplugPayload(0, [bdSeq(3)]), false)).toEqual([]);
    expect(heard(node, 2)).toEqual(['values', 'confirmed']);
    expect(node.take('NDEATH', undefined, sparkplugPayload(0, [bdSeq(4)]), false)).toMatchObject([
      { what: 'dead', everything: true },
    ]);
    expect(heard(node, 3)).toContain('unreadable');
  });

  it('never names a value otherwise than the birth that is in force, whatever is lost or repeated but the death', () => {
    // Deaths come with QoS 1, all else with QoS 0. Two lives with their aliases exchanged: a value of 1..99 is a temperature, one of 101..199 a humidity.
    const life = (swap: boolean, bd: number) => {
      const [t, h] = swap ? [2, 1] : [1, 2];
      const messages = [
        ['NBIRTH', undefined, sparkplugPayload(0, [bdSeq(bd)])],
        [
          'DBIRTH',
          'room-1',
          sparkplugPayload(1, [
            { name: 'Air/Temperature', alias: t, type: 'Double', value: 1 },
            { name: 'Air/Humidity', alias: h, type: 'Double', value: 101 },
          ]),
        ],
      ] as [MessageType, string | undefined, Buffer][];
      for (let seq = 2; seq < 12; seq++) {
        const isTemperature = seq % 2 === 0;
        const value = isTemperature ? seq : 100 + seq;
        const alias = isTemperature ? t : h;
        messages.push(['DDATA', 'room-1', sparkplugPayload(seq, [{ alias, type: 'Double', value }])]);
      }
      return messages;
    };
    const death = ['NDEATH', undefined, sparkplugPayload(0, [bdSeq(0)])] as const;
    const all = [...life(false, 0), death, ...life(true, 1)];
    const deathAt = all.indexOf(death);
    const subset = fc.subarray(
      all.map((_, i) => i),
      { minLength: 0 },
    );
    const repeated = fc.array(fc.nat(all.length - 1), { maxLength: 5 });
    fc.assert(
      fc.property(subset, repeated, (kept, again) => {
        const node = new EdgeNode();
        const order = [...new Set([...kept, deathAt])]
          .sort((a, b) => a - b)
          .flatMap((i) => (again.includes(i) ? [i, i] : [i]));
        for (const [type, device, bytes] of order.flatMap((i) => (all[i] ? [all[i]] : []))) {
          for (const news of node.take(type, device, bytes, false)) {
            if (news.what !== 'values') continue;
            for (const { name, raw } of news.metrics)
              expect([name, Number(raw) > 100]).toEqual([name, name === 'Air/Humidity']);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

class Heard implements FieldSink {
  readonly all: Reading[] = [];
  readonly silences: [string, boolean, string][] = [];
  readings(batch: readonly Reading[]): void {
    this.all.push(...batch);
  }
  event(): void {}
  property(): void {}
  silence(...told: [string, boolean, string]): void {
    this.silences.push(told);
  }
  newest(point: string): Reading | undefined {
    return this.all.findLast((r) => r.point === point);
  }
}

async function startBroker(): Promise<TestBroker> {
  const broker = new TestBroker();
  await broker.start();
  onTestFinished(() => broker.stop());
  return broker;
}

const topic = (type: string) => `spBv1.0/tower/${type}/edge-1${type.startsWith('D') ? '/room-1' : ''}`;

conformsToContract({
  name: 'Sparkplug B',
  deadline: 1500,
  async startPeer() {
    const broker = await startBroker();
    // Born again and again: whenever somebody comes to listen there is a birth soon.
    const birth = async () => {
      await broker.publish(topic('NBIRTH'), sparkplugPayload(0, [bdSeq(0)]));
      await broker.publish(topic('DBIRTH'), sparkplugPayload(1, metrics(true)));
    };
    const timer = setInterval(() => void birth(), 30);
    onTestFinished(() => clearInterval(timer));
    return {
      equipment: 'lobby',
      good: { point: 'temperature', value: 21.5 },
      bad: { point: 'co2', quality: 'bad', reason: 'not-available' },
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
      'nodes',
      [{ ...binding(), period: 500 }],
      context,
    ),
});

describe('a device of an edge node', () => {
  const listen = async () => {
    const broker = await startBroker();
    const config = mqttConfig.parse({ url: `mqtt://127.0.0.1:${broker.port}`, timeout: 1000 });
    const connection = await prepareMqtt(config, 'nodes', [binding()], testContext());
    onTestFinished(() => connection.close());
    const heard = new Heard();
    await connection.open();
    await connection.subscribe?.(heard);
    await vi.waitFor(async () => {
      await broker.publish(topic('NBIRTH'), sparkplugPayload(0, [bdSeq(0)]));
      await broker.publish(topic('DBIRTH'), sparkplugPayload(1, metrics(true)));
      expect(heard.newest('temperature')?.value).toBe(21.5);
    }, 5000);
    return { broker, heard };
  };

  it('tells changes by alias; what it does not tell goes on to hold, at the time it was told', async () => {
    const { broker, heard } = await listen();
    const told = heard.newest('humidity')?.sourceTime;
    heard.all.length = 0;
    await vi.waitFor(async () => {
      await broker.publish(topic('NBIRTH'), sparkplugPayload(0, [bdSeq(0)]));
      await broker.publish(topic('DBIRTH'), sparkplugPayload(1, metrics(true), told));
      await broker.publish(topic('DDATA'), sparkplugPayload(2, [{ alias: 1, type: 'Double', value: 23 }]));
      expect(heard.newest('temperature')).toMatchObject({ value: 23, quality: 'good' });
    }, 5000);
    expect(heard.newest('humidity')).toMatchObject({ value: 40, quality: 'good', sourceTime: told });
  });

  it('whose message is missing leaves what it told in doubt from now on, or its confirmations would hide the doubt', async () => {
    const { broker, heard } = await listen();
    await vi.waitFor(() => expect(heard.newest('humidity')?.sourceTime).toBeDefined(), 5000);
    await broker.publish(topic('DDATA'), sparkplugPayload(9, [{ alias: 1, type: 'Double', value: 24 }]));
    await vi.waitFor(
      () => expect(heard.newest('humidity')).toMatchObject({ quality: 'uncertain', reason: 'held' }),
      5000,
    );
    expect(heard.newest('humidity')?.sourceTime).toBeUndefined();
    expect(heard.newest('temperature')).toMatchObject({ value: 21.5, quality: 'uncertain' });
    await broker.publish(topic('NBIRTH'), sparkplugPayload(0, [bdSeq(1)]));
    await broker.publish(topic('DBIRTH'), sparkplugPayload(1, metrics(true, 25)));
    await vi.waitFor(() => expect(heard.newest('temperature')).toMatchObject({ value: 25, quality: 'good' }), 5000);
  });

  it('gives an old value as old, and what is stale as stale', async () => {
    const { broker, heard } = await listen();
    const old = Date.now() - 3_600_000;
    await broker.publish(
      topic('DDATA'),
      sparkplugPayload(2, [
        { alias: 1, type: 'Double', value: 5, timestamp: old, isHistorical: true },
        { alias: 2, type: 'Float', value: 41, quality: 500 },
      ]),
    );
    await vi.waitFor(
      () => expect(heard.newest('humidity')).toMatchObject({ quality: 'uncertain', reason: 'stale' }),
      5000,
    );
    expect(heard.all.find((r) => r.value === 5)).toMatchObject({ sourceTime: old });
    // What holds is given again twice a period at most.
    let seq = 3;
    await vi.waitFor(async () => {
      await broker.publish(topic('NDATA'), sparkplugPayload(seq++, []));
      expect(heard.newest('temperature')).toMatchObject({ value: 21.5 });
    }, 5000);
  });

  it('falls silent with its death and with that of its node', async () => {
    const { broker, heard } = await listen();
    await broker.publish(topic('DDEATH'), sparkplugPayload(2, []));
    await vi.waitFor(
      () => expect(heard.silences.at(-1)).toEqual(['lobby', true, expect.stringMatching(/DDEATH/)]),
      5000,
    );
    await broker.publish(topic('DBIRTH'), sparkplugPayload(3, metrics(true)));
    await vi.waitFor(() => expect(heard.silences.at(-1)).toEqual(['lobby', false, 'publishes again']), 5000);
    await broker.publish(topic('NDEATH'), sparkplugPayload(0, [bdSeq(0)]));
    await vi.waitFor(
      () => expect(heard.silences.at(-1)).toEqual(['lobby', true, expect.stringMatching(/NDEATH/)]),
      5000,
    );
  });
});
