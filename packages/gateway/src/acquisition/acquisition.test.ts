import { ManualClock, silentLogger } from '@plantroom/base';
import type { Sample } from '@plantroom/model';
import { expect, test } from 'vitest';
import { analogPoint } from '../../test/points.ts';
import { ScriptedConnection } from '../../test/scripted-connection.ts';
import { Acquisition } from './acquisition.ts';

const start = 1_800_000_000_000;

/** Buses with the periods of their devices; the one that is `down` cannot be opened. */
function plant(buses: Record<string, number>[], down?: number) {
  const clock = new ManualClock(start);
  const samples: string[] = [];
  const connections = buses.map((devices, i) => {
    const list = Object.entries(devices).map(([equipment, period]) => ({ equipment, period, points: ['power'] }));
    const bus = new ScriptedConnection(`bus-${i + 1}`, list, () => clock.monotonic());
    bus.reachable = i !== down;
    return bus;
  });
  const say = ({ equipment, time, value, reason }: Sample) =>
    `${(time - start) / 1000} ${equipment} ${value ?? reason}`;
  const acquisition = new Acquisition({
    connections: connections.map((connection) => ({ type: 'modbus-tcp', connection })),
    points: buses.flatMap((devices) => Object.keys(devices)).map((equipment) => analogPoint(equipment, 'power')),
    sink: {
      samples: (batch) => void samples.push(...batch.map(say)),
      event: () => {},
      property: () => {},
      connectionsChanged: () => {},
    },
    clock,
    random: () => 1,
    logger: silentLogger,
  });
  acquisition.start();
  const asked = () => connections.map((c) => c.asked.splice(0).join(', '));
  const heard = () => samples.splice(0);
  return { clock, acquisition, connections, asked, heard };
}

test('devices take turns on their bus by their periods', async () => {
  const { clock, asked, acquisition } = plant([{ a: 1000, b: 2000 }]);
  await clock.advance(2000);
  expect(asked()).toEqual(['0 open, 0 poll a, 0 poll b, 1 poll a, 2 poll a, 2 poll b']);
  await acquisition.stop();
  await clock.advance(5000);
  expect(asked()).toEqual(['2 close']);
});

test('a silent device is left alone for longer and longer, its bus goes on, and its return is told', async () => {
  const { clock, connections, asked, heard, acquisition } = plant([{ a: 10_000, b: 10_000 }]);
  await clock.advance(1000);
  for (const c of connections) c.answer = (equipment) => (equipment === 'a' ? 'no-answer' : 2);
  heard();
  asked();
  await clock.advance(60_000);
  expect(
    asked()[0]
      ?.split(', ')
      .filter((a) => a.includes('poll a')),
  ).toEqual(['10 poll a', '12 poll a', '16 poll a', '24 poll a', '40 poll a']);
  // Bad at the second failure, once; the other device as ever.
  expect(heard()).toEqual(['10 b 2', '12 a no-answer', '20 b 2', '30 b 2', '40 b 2', '50 b 2', '60 b 2']);
  const detail = expect.stringMatching(/^a: .*scripted no-answer/);
  expect(acquisition.report()[0]).toMatchObject({ state: 'connected', silent: ['a'], detail });
  for (const c of connections) c.answer = () => 3;
  await clock.advance(20_000);
  expect(heard()).toContain('72 a 3');
  expect(acquisition.report()[0]).toMatchObject({ silent: [], detail: '' });
  await acquisition.stop();
});

test('a device that refuses all that it is asked is told with the code of its refusal, until it gives a value', async () => {
  const { clock, connections, acquisition } = plant([{ a: 1000, b: 1000 }]);
  const [bus] = connections;
  if (!bus) throw new Error('There is no bus.');
  const poll = bus.poll.bind(bus);
  let refuses = true;
  bus.poll = async (equipment) => {
    if (equipment !== 'a' || !refuses) return poll(equipment);
    return [{ equipment, point: 'power', value: null, quality: 'bad', reason: 'device-exception', raw: 2 }];
  };
  await clock.advance(2000);
  expect(acquisition.report()[0]).toMatchObject({ state: 'connected', silent: [] });
  expect(acquisition.report()[0]?.detail).toMatch(/^a: refuses every point .*\(code 2\); check its profile/);
  refuses = false;
  await clock.advance(2000);
  expect(acquisition.report()[0]?.detail).toBe('');
  await acquisition.stop();
});

test('back-off grows from 2 s to 5 min, and shows with its reason and the next try', async () => {
  const { clock, connections, acquisition } = plant([{ a: 1000, b: 1000 }]);
  for (const c of connections) c.answer = (equipment) => (equipment === 'a' ? 'no-answer' : 2);
  const steps: number[] = [];
  let before = 0;
  while (steps.length < 10) {
    await clock.advance(1000);
    const [trouble, other] = acquisition.fieldReport()[0]?.trouble ?? [];
    expect(other).toBeUndefined();
    expect(trouble).toMatchObject({ equipment: 'a', kind: 'no-answer', detail: expect.stringMatching(/./) });
    if (trouble?.failures === before) continue;
    before = trouble?.failures ?? 0;
    steps.push(Math.ceil((trouble?.retryIn ?? 0) / 1000));
  }
  // Looked at once a second, up to a second after the failure.
  const wanted = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
  for (const [i, step] of steps.entries()) expect(Math.abs(step - (wanted[i] ?? 0))).toBeLessThanOrEqual(1);
  for (const c of connections) c.answer = () => 3;
  await clock.advance(300_000);
  expect(acquisition.fieldReport()[0]?.trouble).toEqual([]);
  await acquisition.stop();
});

test('a lost packet is not a dead device', async () => {
  const { clock, connections, heard, acquisition } = plant([{ a: 5000 }]);
  await clock.advance(1000);
  let polls = 0;
  for (const c of connections) c.answer = () => (++polls === 1 ? 'no-answer' : 7);
  heard();
  await clock.advance(7000);
  expect(heard()).toEqual(['7 a 7']);
  await acquisition.stop();
});

test('one device’s garbage costs the others a reconnection and no time', async () => {
  const { clock, connections, asked, acquisition } = plant([{ a: 1000, b: 1000 }]);
  for (const c of connections) c.answer = (equipment) => (equipment === 'a' && clock.monotonic() > 0 ? 'garbage' : 1);
  await clock.advance(3000);
  expect(asked()).toEqual([
    '0 open, 0 poll a, 0 poll b, 1 poll a, 1 close, 1 open, 1 poll b, 2 poll b, 3 poll a, 3 close, 3 open, 3 poll b',
  ]);
  expect(acquisition.report()[0]).toMatchObject({ state: 'connected', silent: ['a'] });
  await acquisition.stop();
});

test('a link that brings nothing but garbage is opened ever more rarely', async () => {
  const { clock, connections, asked, acquisition } = plant([{ a: 1000, b: 1000 }]);
  for (const c of connections) c.answer = () => 'garbage';
  await clock.advance(30_000);
  const opened = asked()[0]
    ?.split(', ')
    .filter((a) => a.includes('open'));
  expect(opened).toEqual(['0 open', '2 open', '6 open', '14 open', '30 open']);
  await acquisition.stop();
});

test('a link that cannot be opened after garbage silences its devices at once', async () => {
  const { clock, connections, acquisition } = plant([{ a: 1000, b: 60_000 }]);
  const [bus] = connections;
  await clock.advance(500);
  if (bus) {
    bus.answer = () => 'garbage';
    bus.reachable = false;
  }
  await clock.advance(4000);
  expect(acquisition.report()[0]).toMatchObject({ state: 'failed', silent: ['a', 'b'] });
  await acquisition.stop();
});

test('a bus that cannot be reached silences its devices, backs off, and never stops another bus', async () => {
  const { clock, connections, heard, acquisition, asked } = plant([{ a: 60_000 }, { b: 20_000 }], 0);
  const [first] = connections;
  await clock.advance(40_000);
  expect(heard()).toEqual(['0 a no-answer', '0 b 1', '20 b 1', '40 b 1']);
  expect(
    asked()[0]
      ?.split(', ')
      .filter((a) => a.includes('open')),
  ).toEqual(['0 open', '2 open', '6 open', '14 open', '30 open']);
  expect(acquisition.report()[0]).toMatchObject({ state: 'failed', silent: ['a'], detail: 'connection refused' });
  if (first) first.reachable = true;
  await clock.advance(30_000);
  expect(acquisition.report()[0]).toMatchObject({ state: 'connected' });
  await clock.advance(120_000);
  expect(heard()).toContain('62 a 1');
  await acquisition.stop();
});

const event = { id: 'e1', equipment: 'panel', time: 1, gatewayTime: 1, category: 'fire', message: 'fire' } as const;

test('a device that reports an event is read at once', async () => {
  const { clock, connections, asked, acquisition } = plant([{ panel: 60_000 }]);
  await clock.advance(1500);
  connections[0]?.sink?.event({ ...event, address: '', zone: '' });
  await clock.advance(10);
  expect(asked()).toEqual(['0 open, 0 poll panel, 1.5 poll panel']);
  await acquisition.stop();
});

test('a device that reports events and does not answer keeps its back-off', async () => {
  const { clock, connections, asked, acquisition } = plant([{ panel: 1000, meter: 1000 }]);
  const [bus] = connections;
  if (bus) bus.answer = (equipment) => (equipment === 'panel' ? 'no-answer' : 2);
  for (let i = 0; i < 120; i++) {
    await clock.advance(250);
    bus?.sink?.event({ ...event, address: '', zone: '' });
  }
  const polls = asked()[0]?.split(', ') ?? [];
  expect(polls.filter((p) => p.includes('panel'))).toEqual([
    '0 poll panel',
    '2 poll panel',
    '6 poll panel',
    '14 poll panel',
    '30 poll panel',
  ]);
  expect(polls.filter((p) => p.includes('meter'))).toHaveLength(31);
  await acquisition.stop();
});

test('what a device pushes is taken as it comes, and its silence is told once', async () => {
  const { clock, connections, heard, acquisition } = plant([{ a: 600_000 }]);
  await clock.advance(1000);
  heard();
  const sink = connections[0]?.sink;
  sink?.readings([{ equipment: 'a', point: 'power', value: 5, quality: 'good' }]);
  await clock.advance(1000);
  sink?.silence('a', true, 'nothing for a minute');
  sink?.silence('a', true, 'nothing for a minute');
  await clock.advance(1000);
  sink?.readings([{ equipment: 'a', point: 'power', value: 5, quality: 'good' }]);
  expect(heard()).toEqual(['1 a 5', '2 a no-answer', '3 a 5']);
  expect(acquisition.report()[0]?.silent).toEqual([]);
  await acquisition.stop();
});

test('a point that gives one moment to thousands of values stays within a second, and disturbs no other', async () => {
  const { clock, acquisition, connections, heard } = plant([{ a: 60_000, b: 60_000 }]);
  await clock.advance(100);
  heard();
  const readings = (sourceTime?: number) => [
    ...Array.from({ length: 5000 }, (_, i) => ({
      ...{ equipment: 'a', point: 'power', value: 10 + (i % 7), quality: 'good' as const },
      ...(sourceTime === undefined ? {} : { sourceTime }),
    })),
    { equipment: 'a', point: 'power', value: 99, quality: 'good' as const },
    { equipment: 'b', point: 'power', value: 3, quality: 'good' as const },
  ];
  const timesOf = (lines: string[], of: string) => lines.filter((l) => l.includes(of)).map((l) => Number.parseFloat(l));
  const { moved, merged } = acquisition.image;
  connections[0]?.sink?.readings(readings());
  const first = heard();
  expect(timesOf(first, ' b ')).toEqual([0.1]);
  expect(Math.max(...timesOf(first, ' a '))).toBeLessThanOrEqual(1.1);
  await clock.advance(1000);
  expect(heard()).toEqual(['1.101 a 99']);
  expect(first.length + 1 + acquisition.image.merged - merged).toBe(5002);
  expect(acquisition.image.moved - moved).toBeGreaterThan(900);
  // By the source's clock they are of one moment before: it is believed for a second of them, then the gateway's.
  connections[0]?.sink?.readings(readings(start - 5000));
  const told = heard();
  expect(Math.max(...timesOf(told, ' a '))).toBeLessThanOrEqual(2.101);
  expect(timesOf(told, ' a ').filter((t) => t < 0)).toHaveLength(1001);
  await clock.advance(2000);
  expect(heard().at(-1)).toMatch(/ a 99$/);
  await acquisition.stop();
});

test('what another connection has replaced is heard no more, though it hangs on', async () => {
  const { clock, acquisition, connections, heard } = plant([{ a: 60_000 }]);
  await clock.advance(100);
  const [old] = connections;
  if (!old) throw new Error('there is no connection');
  const late = Promise.withResolvers<void>();
  old.close = () => late.promise;
  const { poll } = old;
  old.poll = (equipment) => late.promise.then(() => poll.call(old, equipment));
  await clock.advance(60_000);
  heard();
  const other = new ScriptedConnection('bus-1', old.devices, () => clock.monotonic());
  other.answer = () => 30;
  const next = [{ type: 'modbus-tcp', connection: other }];
  void acquisition.leave(next);
  acquisition.use(next, [analogPoint('a', 'power')], new Map());
  await clock.advance(100);
  old.sink?.readings([{ equipment: 'a', point: 'power', value: 10, quality: 'good' }]);
  old.sink?.silence('a', true, 'it has gone');
  late.resolve();
  await clock.advance(100);
  expect(heard()).toEqual(['60.1 a 30']);
  await acquisition.stop();
});

test('what is read from another device from now on is bad until that one speaks, whose clock may be slow', async () => {
  const { clock, acquisition, connections, heard } = plant([{ a: 60_000 }]);
  await clock.advance(100);
  expect(acquisition.view()[0]?.sample).toMatchObject({ value: expect.any(Number), quality: 'good' });
  const [old] = connections;
  const other = new ScriptedConnection('bus-1', old?.devices ?? [], () => clock.monotonic());
  other.answer = () => 'no-answer';
  const next = [{ type: 'modbus-tcp', connection: other }];
  await acquisition.leave(next);
  heard();
  acquisition.use(next, [analogPoint('a', 'power')], new Map(), ['a']);
  expect(heard()).toEqual(['0.1 a no-answer']);
  expect(acquisition.view()[0]).toMatchObject({ lastHeard: null, sample: { value: null, quality: 'bad' } });
  await clock.advance(10_000);
  expect(heard()).toEqual([]);
  other.sink?.readings([{ equipment: 'a', point: 'power', value: 10, quality: 'good', sourceTime: start - 5000 }]);
  expect(acquisition.view()[0]?.sample).toMatchObject({ value: 10, quality: 'good', time: start - 5000 });
  await acquisition.stop();
});
