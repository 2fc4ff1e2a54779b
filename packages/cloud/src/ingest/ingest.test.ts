import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Logger, PlantroomError, silentLogger, systemClock } from '@plantroom/base';
import { decodeColumns, liveTopic } from '@plantroom/model/wire';
import { packColumns } from '@plantroom/model/wire/frames';
import { temporaryDirectory, until } from '@plantroom/testing';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Records } from '../records/contract.ts';
import { openSqliteRecords } from '../records/sqlite-records.ts';
import { alarmOf } from '../test-kit.ts';
import type { TimeSeriesStore } from '../time-series/contract.ts';
import { openDuckdbStore } from '../time-series/duckdb-store.ts';
import { startBroker } from './broker.ts';
import type { Broker, Ingest } from './contract.ts';
import { startIngest } from './ingest.ts';
import { type LiveMessage, parseLiveMessage } from './live-message.ts';
import {
  eventsFrame,
  gatewayOne,
  modelOf,
  orderAt,
  PlayedGateway,
  sample,
  statusOf,
  telemetryFrame,
} from './played-gateway.ts';
import { type Presence, startPresence } from './presence.ts';
import { sha256 } from './rights.ts';

const now = systemClock.now();
const [alarm, order] = [alarmOf(now), orderAt(now)];
const query = { site: 'harbour', equipment: 'pump-1', point: 'flow', from: 0, to: 4e12 };
const { site } = gatewayOne;

let directory: ReturnType<typeof temporaryDirectory>;
let store: TimeSeriesStore;
let records: Records;
let broker: Broker;
let ingest: Ingest;
let presence: Presence;
let gateway: PlayedGateway;
let warned: string[];
/** What the time series do instead of their work, one entry an attempt. */
let failures: Error[];
/** Frames (by sequence) that the time series refuse. */
let refused: number[];
let attempts: number;
/** How many acknowledgements the gateway had at each attempt. */
let acknowledgedBefore: number[];
let told: LiveMessage[];

beforeEach(async () => {
  directory = temporaryDirectory();
  store = await openDuckdbStore(join(directory.path, 'series'));
  records = await openSqliteRecords(join(directory.path, 'records.sqlite'));
  await records.saveGatewaySecret(site, gatewayOne.gateway, sha256('secret'));
  broker = await startBroker({ host: '127.0.0.1', port: 0, records, logger: silentLogger });
  [warned, failures, refused, told, attempts, acknowledgedBefore] = [[], [], [], [], 0, []];
  ingest = await start();
  gateway = await PlayedGateway.connect(broker.access.url, 'secret');
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([ingest.stop(), presence.stop()]);
  await broker.close();
  await Promise.all([records.close(), store.close()]);
  directory.remove();
});

async function start(): Promise<Ingest> {
  const warn = (fields: object) => void warned.push('code' in fields ? String(fields.code) : '');
  const logger: Logger = { ...silentLogger, warn, error: warn };
  const timeSeries: Pick<TimeSeriesStore, 'write'> = {
    write: async (frames) => {
      attempts++;
      acknowledgedBefore.push(gateway.acknowledgements.length);
      const failure = failures.shift();
      if (failure) throw failure;
      const bad = frames.filter((f) => refused.includes(f.frame.sequence));
      await store.write(frames.filter((f) => !bad.includes(f)));
      return bad.map(({ frame }) => ({ frame, code: 'too-old' as const, reason: 'beyond retention' }));
    },
  };
  const onCommitted = (message: LiveMessage) => void told.push(message);
  const given = { broker: broker.access, records, clock: systemClock, logger, onCommitted };
  presence = await startPresence(given);
  return startIngest({ ...given, isShared: false, timeSeries });
}

const saveModel = () => records.saveModel(site, gatewayOne.gateway, modelOf(gatewayOne), now);
const values = async () => (await store.raw(query, 1e6)).map((r) => r.value);
const sendSample = (sequence: number, value = sequence) =>
  gateway.send('telemetry', telemetryFrame({ sequence }, [sample(now - 60_000 + sequence, value)]));
const answered = (count: number) => until(`${count} answers`, () => gateway.stored('telemetry').length >= count);

it('acknowledges telemetry after the commit, with ranges, and counts it', async () => {
  await saveModel();
  for (const sequence of [1, 2, 3, 5]) await sendSample(sequence);
  await answered(4);
  expect(await values()).toEqual([1, 2, 3, 5]);
  expect(gateway.stored('telemetry').sort()).toEqual([1, 2, 3, 5]);
  expect(await records.gateways()).toMatchObject([{ samples: 4 }]);
  expect(ingest.counts()).toMatchObject({ frames: 4, samples: 4, duplicates: 0, rejected: 0, unanswered: 0 });
});

it('stores what stands for thinned samples, and tells nobody that it is the present', async () => {
  await saveModel();
  const { header, samples } = decodeColumns(telemetryFrame({ sequence: 1 }, [sample(now - 60_000, 2)]));
  const column = (number: number) => Float64Array.of(number);
  const thinned = { spans: column(40_000), minima: column(1), maxima: column(6), sizes: column(3) };
  await gateway.send('telemetry', packColumns({ header, samples: { ...samples, thinned } }));
  await answered(1);
  await sendSample(2, 5);
  await answered(2);
  expect((await store.raw(query, 10)).map((r) => [r.value, r.thinned?.count])).toEqual([
    [2, 3],
    [5, undefined],
  ]);
  expect(told.flatMap((m) => (m.type === 'samples' ? m.items.map((item) => item.value) : []))).toEqual([5]);
});

it('does not acknowledge while the store fails, and tries again', async () => {
  await saveModel();
  failures = [new Error('disk full'), new Error('disk full')];
  await sendSample(1);
  await answered(1);
  expect(acknowledgedBefore).toEqual([0, 0, 0]);
  expect(await values()).toEqual([1]);
});

it('stays silent when the store fails for good, and takes the frame when it comes again', async () => {
  await saveModel();
  failures = Array.from({ length: 4 }, () => new Error('disk full'));
  await sendSample(1);
  await until('it has given up', () => ingest.counts().unanswered === 1);
  expect(gateway.acknowledgements).toEqual([]);
  await sendSample(1);
  await answered(1);
  expect(await values()).toEqual([1]);
});

it('tells the gateway of a frame that the store refuses, stores its neighbours, and takes it when it comes again', async () => {
  await saveModel();
  refused = [2];
  for (const sequence of [1, 2, 3]) await sendSample(sequence);
  await answered(2);
  await until('it is rejected', () => gateway.rejected('telemetry').length === 1);
  expect(gateway.rejected('telemetry')).toEqual(['2 too-old']);
  expect(gateway.stored('telemetry').sort()).toEqual([1, 3]);
  expect(await records.isStored({ ...gatewayOne, epoch: 'epoch-0001', lane: 'telemetry', sequence: 2 })).toBe(false);
  refused = [];
  await sendSample(2);
  await answered(3);
  expect(await values()).toEqual([1, 2, 3]);
});

it('does not ask a store that is not available about each frame alone', async () => {
  await saveModel();
  failures = Array.from({ length: 9 }, () => new PlantroomError('time-series-unavailable', 'it answered 503'));
  await Promise.all([1, 2, 3].map((n) => sendSample(n)));
  await until('it has given up', () => ingest.counts().unanswered === 3);
  expect(gateway.acknowledgements).toEqual([]);
  expect(attempts).toBe(4);
});

it('acknowledges what it has again, without storing it twice, in any order', async () => {
  await saveModel();
  for (const sequence of [3, 1, 2, 3, 1]) await sendSample(sequence);
  await answered(3);
  await sendSample(2);
  await until('the repeated one is answered', () => gateway.stored('telemetry').filter((n) => n === 2).length === 2);
  expect(await values()).toEqual([1, 2, 3]);
  expect(await records.gateways()).toMatchObject([{ samples: 3 }]);
});

it('waits a moment for a model that is on its way, before it asks for it', async () => {
  await sendSample(1);
  await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'model', model: modelOf(gatewayOne) }]));
  await answered(1);
  expect(gateway.rejected('telemetry')).toEqual([]);
  expect(await values()).toEqual([1]);
});

it('asks for an unknown model, and stores the frame once the model is there', async () => {
  await sendSample(1);
  await until('the answer is there', () => gateway.rejected('telemetry').length === 1);
  expect(gateway.rejected('telemetry')).toEqual(['1 unknown-model']);
  await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'model', model: modelOf(gatewayOne) }]));
  await until('the model is stored', () => gateway.stored('events').length === 1);
  await sendSample(1);
  await answered(1);
  expect(await values()).toEqual([1]);
});

it('learns the model from the retained topic as well', async () => {
  await gateway.send('model', eventsFrame({ sequence: 1 }, [{ type: 'model', model: modelOf(gatewayOne) }]), true);
  await until('it is stored', async () => (await records.models()).length === 1);
  expect(told).toMatchObject([{ type: 'committed', models: ['revision-1'] }]);
});

const elsewhere = { site, gateway: 'gw-2' };
it.each([
  ['invalid', 'another gateway in the header', telemetryFrame({ sequence: 1, as: elsewhere }, [sample(now, 1)])],
  ['malformed', 'the wrong lane', eventsFrame({ sequence: 1 }, [])],
  ['invalid', 'a point beyond the model', telemetryFrame({ sequence: 1 }, [sample(now, 1, 9)])],
  ['invalid', 'a time in the future', telemetryFrame({ sequence: 1 }, [sample(now, 1), sample(now + 3_600_000, 2)])],
  [
    'invalid',
    'a gateway time in the future',
    telemetryFrame({ sequence: 1 }, [{ ...sample(now, 1), gatewayTime: now + 3_600_000 }]),
  ],
  ['too-old', 'a time long ago', telemetryFrame({ sequence: 1 }, [sample(0, 1)])],
])('rejects as %s a frame with %s, as a whole', async (code, _, frame) => {
  await saveModel();
  await gateway.send('telemetry', frame);
  const rejections = () => [...gateway.rejected('telemetry'), ...gateway.rejected('events')];
  await until('it is rejected', () => rejections().length === 1);
  expect(rejections()).toEqual([`1 ${code}`]);
  expect(warned).toEqual([`rejected-${code}`]);
  expect(await values()).toEqual([]);
});

it('rejects a model of another gateway', async () => {
  await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'model', model: modelOf(elsewhere) }]));
  await until('it is rejected', () => gateway.rejected('events').length === 1);
  expect(gateway.rejected('events')).toEqual(['1 invalid']);
  expect(await records.models()).toEqual([]);
});

it('rejects intervals of the future, and takes an alarm of then', async () => {
  const interval = { equipment: 'pump-1', start: now + 3e11, kWh: 1, status: 'measured', revision: 1 } as const;
  await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'intervals', intervals: [interval] }]));
  await gateway.send(
    'events',
    eventsFrame({ sequence: 2 }, [{ type: 'alarm', alarm: { ...alarm, raisedAt: now + 3e11 } }]),
  );
  await until('both are answered', () => gateway.stored('events').length === 1);
  expect(gateway.rejected('events')).toEqual(['1 invalid']);
  expect(await records.intervals('harbour', ['pump-1'], 0, 4e12)).toEqual([]);
  expect((await records.alarms({ limit: 9, open: true })).items).toHaveLength(1);
});

it('survives what is not a frame, and goes on', async () => {
  await saveModel();
  const broken = telemetryFrame({ sequence: 1 }, [sample(now, 1)]);
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
  for (const bytes of [Buffer.alloc(0), randomBytes(500), broken]) await gateway.send('telemetry', bytes);
  for (const bytes of [Buffer.from('{'), randomBytes(50)]) await gateway.send('status', bytes, true);
  await sendSample(2);
  await answered(1);
  expect(gateway.stored('telemetry')).toEqual([2]);
  expect(ingest.counts().rejected).toBe(3);
});

it('stores alarms and orders in one step and tells of them', async () => {
  const frame = eventsFrame({ sequence: 1 }, [
    { type: 'alarm', alarm },
    { type: 'work-order', order },
  ]);
  for (let n = 0; n < 2; n++) await gateway.send('events', frame);
  await until('both are acknowledged', () => gateway.stored('events').length === 2);
  expect((await records.alarms({ limit: 9 })).items).toMatchObject([{ id: 'alarm-1', order: { number: 'WO-1001' } }]);
  expect((await records.orders({ limit: 9 })).items).toMatchObject([{ id: 'order-1', occurrences: 1 }]);
  expect(told).toMatchObject([{ type: 'committed', alarms: ['alarm-1'], orders: ['order-1'] }]);
});

it('warns of a time zone that is not known and of equipment that another gateway has', async () => {
  await records.saveModel(site, 'gw-2', modelOf({ site, gateway: 'gw-2' }), now);
  const model = modelOf(gatewayOne);
  const lost = { ...model, site: { ...model.site, timezone: 'Mars/Phobos' } };
  await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'model', model: lost }]));
  await until('it is stored', () => gateway.stored('events').length === 1);
  expect(warned).toEqual(['unknown-time-zone', 'equipment-claimed-twice']);
});

it('stores an event under an id that another gateway has used, and all that comes with it', async () => {
  const played = eventsFrame({ sequence: 1 }, [
    { type: 'alarm', alarm },
    { type: 'alarm', alarm: { ...alarm, id: 'alarm-2', subject: 'elsewhere' } },
    { type: 'work-order', order },
  ]);
  const nothing = { models: [], transitions: [], intervals: [], deviceEvents: [], gaps: [], corrections: [] };
  const entry = { ...elsewhere, epoch: 'epoch-0009', lane: 'events' as const, sequence: 1 };
  const squatted = { alarms: [{ ...alarm, version: 9 }], orders: [order], outcomes: [] };
  await records.commitEvents({ entry, receivedAt: now, ...nothing, ...squatted });
  await gateway.send('events', played);
  await until('it is stored', () => gateway.stored('events').length === 1);
  const own = (await records.alarms({ limit: 9 })).items.filter((a) => a.gateway === gatewayOne.gateway);
  expect(own.map((a) => [a.version, a.subject]).sort()).toEqual(
    [
      [alarm.version, alarm.subject],
      [alarm.version, 'elsewhere'],
    ].sort(),
  );
  expect(await records.alarm('alarm-1')).toMatchObject({ gateway: 'gw-2', version: 9 });
});

it('publishes committed, current values on the live topic, history not', async () => {
  await saveModel();
  const follower = await connectAsync(broker.access.url, { ...broker.access, protocolVersion: 4 });
  await follower.subscribeAsync(liveTopic(site));
  const heard: LiveMessage[] = [];
  follower.on('message', (_, payload) => {
    const message = parseLiveMessage(payload);
    if (message) heard.push(message);
  });
  const flow = [sample(now - 2000, 1), sample(now - 1000, 2)];
  await gateway.send('telemetry', telemetryFrame({ sequence: 2 }, [...flow, sample(now - 500, 7, 1)]));
  await answered(1);
  await gateway.send('telemetry', telemetryFrame({ sequence: 1 }, [sample(now - 9000, 0)]));
  await answered(2);
  await gateway.send('status', JSON.stringify(statusOf(now)), true);
  await until('three messages are there', () => heard.length >= 2);
  expect(heard).toEqual(told);
  expect(heard).toMatchObject([
    {
      type: 'samples',
      site,
      gateway: 'gw-1',
      items: [
        { equipment: 'pump-1', point: 'flow', time: now - 1000, value: 2, quality: 'good', reason: null },
        { equipment: 'pump-1', point: 'head', value: 7 },
      ],
    },
    { type: 'status', status: { online: true } },
  ]);
  await follower.endAsync(true);
});

it('sends a command when its gateway comes online and again until an event echoes it', async () => {
  const command = {
    id: 'click-1',
    alarm: 'alarm-1',
    action: 'acknowledge' as const,
    actor: 'ada',
    time: now,
    comment: '',
  };
  await gateway.send('events', eventsFrame({ sequence: 1 }, [{ type: 'alarm', alarm }]));
  await records.saveCommand(site, gatewayOne.gateway, command);
  await gateway.send('status', JSON.stringify(statusOf(now)), true);
  await until('it came', () => gateway.commands.length === 1);
  expect(await records.alarm('alarm-1')).toMatchObject({ pending: { command: 'click-1', action: 'acknowledge' } });
  await until('it came again by itself', () => gateway.commands.length === 2);
  const echo = { ...alarm, version: 2, command: 'click-1' };
  await gateway.send('events', eventsFrame({ sequence: 2 }, [{ type: 'alarm', alarm: echo }]));
  await until('it is no longer pending', async () => (await records.pendingCommands(site, 'gw-1')).length === 0);
  expect(gateway.commands.every((c) => c.id === 'click-1')).toBe(true);
  expect(await records.alarm('alarm-1')).toMatchObject({ pending: null, version: 2 });
});

it('tells its time to a gateway that asks, and takes no status from the future for the newest for ever', async () => {
  await gateway.send('status', JSON.stringify({ ...statusOf(now + 3e11), question: 7 }), true);
  await until('it is answered', () => gateway.acknowledgements.length > 0);
  expect(gateway.acknowledgements).toEqual([
    { epoch: 'epoch-0001', lane: 'events', ranges: [], rejected: [], clock: { question: 7, time: expect.any(Number) } },
  ]);
  const { time = 0 } = gateway.acknowledgements[0]?.clock ?? {};
  expect(Math.abs(time - systemClock.now())).toBeLessThan(10_000);
  const right = systemClock.now() + 1000;
  await gateway.send('status', JSON.stringify({ ...statusOf(right), version: '0.2.0' }), true);
  await until('the next one counts', async () => (await records.gateways())[0]?.status?.version === '0.2.0');
});

it('keeps the status, and does not take a Will for a sign of life', async () => {
  await gateway.send('status', JSON.stringify(statusOf(now - 50_000)), true);
  await until('it is stored', async () => (await records.gateways())[0]?.status?.online === true);
  const [before] = await records.gateways();
  expect(before?.heardAt).toBeGreaterThanOrEqual(now);
  await gateway.send('status', JSON.stringify(statusOf(now - 50_000, false)), true);
  await until('it is offline', async () => (await records.gateways())[0]?.status?.online === false);
  expect((await records.gateways())[0]?.heardAt).toBe(before?.heardAt);
});

it('goes on where it was after a restart, with the same broker', async () => {
  await saveModel();
  await sendSample(1);
  await answered(1);
  await Promise.all([ingest.stop(), presence.stop()]);
  await sendSample(2);
  ingest = await start();
  for (const sequence of [1, 2]) await sendSample(sequence);
  await answered(3);
  expect(await values()).toEqual([1, 2]);
});
