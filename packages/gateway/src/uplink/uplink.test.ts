import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import type { AlarmCommand, WireEvent } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import { ScriptedCloud } from '../../test/scripted-cloud.ts';
import { until } from '../../test/until.ts';
import { Outbox } from '../outbox/outbox.ts';
import { Uplink, type UplinkOptions } from './uplink.ts';

let directory: string;
let cloud: ScriptedCloud;
let outbox: Outbox;
let uplink: Uplink | undefined;
const commands: AlarmCommand[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-uplink-'));
  cloud = await ScriptedCloud.start();
  outbox = await open();
  commands.length = 0;
});

async function open(): Promise<Outbox> {
  const opened = await Outbox.open({
    file: join(directory, 'outbox.sqlite'),
    site: 'harbour-tower',
    gateway: 'gw-1',
    capacity: { maximumBytes: 1e9, freeFloor: 0 },
    groupCommit: 5,
    logger: silentLogger,
    onFailure: (error) => {
      throw error;
    },
  });
  await opened.useModel(aModel());
  return opened;
}

afterEach(async () => {
  await uplink?.stop();
  uplink = undefined;
  await outbox.close();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(options: Partial<UplinkOptions> = {}): Promise<void> {
  uplink = await Uplink.start({
    address: { site: 'harbour-tower', gateway: 'gw-1' },
    url: cloud.url,
    user: 'harbour-tower/gw-1',
    password: 'secret',
    log: outbox,
    clock: systemClock,
    random: () => 0,
    logger: silentLogger,
    onCommand: (command) => commands.push(command),
    status: async () => ({
      time: 1,
      epoch: outbox.epoch,
      revision: 'revision-1',
      version: '0.1.0',
      backlog: { entries: (await outbox.stats()).lanes.telemetry.entries, bytes: 0, oldest: 0 },
      quarantined: 0,
      connections: [],
    }),
    resendAfter: 150,
    ...options,
  });
}

const log = (time: number) => outbox.append([telemetry(aSample(0, time))]);
const outcome = (command: string): WireEvent => ({
  type: 'command-outcome',
  outcome: { command, applied: false, reason: 'gone' },
});
const empty = async () => {
  const { events, telemetry } = (await outbox.stats()).lanes;
  return events.entries + telemetry.entries === 0;
};
const sequences = (channel: 'telemetry' | 'events') => cloud.frames(channel).map((h) => h.header.sequence);

test('sends the model first, then what is logged, and forgets only what is acknowledged', async () => {
  await log(1);
  await start();
  await until('the first frames are stored', empty);
  await log(2);
  await until('the next frame is stored', empty);
  expect(cloud.frames().map((h) => `${h.channel} ${h.header.sequence}`)).toEqual([
    'events 1',
    'telemetry 1',
    'telemetry 2',
  ]);
  expect((await outbox.stats()).lanes.telemetry).toMatchObject({ produced: 2, stored: 2, buffered: 0 });
});

test('keeps model and status as retained messages, and says goodbye', async () => {
  await start();
  await until('status and model are there', () => cloud.statuses.length > 0 && cloud.heard.length > 1);
  expect(cloud.heard[0]).toMatchObject({ channel: 'model', frame: { events: [{ type: 'model' }] } });
  expect(cloud.statuses[0]).toMatchObject({ online: true });
  await uplink?.stop();
  await until('the goodbye is there', () => cloud.statuses.at(-1)?.online === false);
});

test('sends the same bytes again until the cloud answers; the broker’s own word counts nothing', async () => {
  cloud.answer = () => undefined;
  await log(1);
  await start();
  await until('the frame came three times', () => cloud.frames('telemetry').length >= 3);
  const [first, ...again] = cloud.frames('telemetry');
  for (const heard of again) expect(heard.bytes).toEqual(first?.bytes);
  expect((await outbox.stats()).lanes.telemetry.entries).toBe(1);
  cloud.answer = (h) => ({ ranges: [[h.header.sequence, h.header.sequence]] });
  await until('all is stored', empty);
});

test('has at most 16 frames in flight, events among them first', async () => {
  cloud.answer = () => undefined;
  for (let n = 1; n <= 40; n++) await log(n);
  await outbox.append([{ lane: 'events', events: [outcome('a')] }]);
  await start({ resendAfter: 60_000 });
  await until('the window is full', () => uplink?.inFlight === 14);
  await log(41);
  await until('the current value overtakes the backlog', () => sequences('telemetry').includes(41));
  expect(sequences('events')).toEqual([1, 2]);
  expect(sequences('telemetry')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 41]);
  for (let n = 42; n <= 50; n++) await log(n);
  await until('the window is full', () => uplink?.inFlight === 16);
  const ranges: [number, number][] = [[1, 50]];
  cloud.answer = (h) => ({ ranges: [[h.header.sequence, h.header.sequence]] });
  cloud.acknowledge({ epoch: outbox.epoch, lane: 'telemetry', ranges, rejected: [] });
  cloud.acknowledge({ epoch: outbox.epoch, lane: 'events', ranges, rejected: [] });
  await until('all is stored', empty);
});

test('begins again after the connection was cut, and resends what was not answered', async () => {
  cloud.answer = () => undefined;
  await log(1);
  await start({ resendAfter: 60_000 });
  await until('the frame is out', () => sequences('telemetry').length === 1);
  cloud.answer = (h) => ({ ranges: [[h.header.sequence, h.header.sequence]] });
  cloud.cut();
  await until('all is stored', empty);
  expect(sequences('telemetry')).toEqual([1, 1]);
  expect(cloud.statuses.map((s) => s.online)).toContain(false);
});

test('answers `unknown-model` with the model, then the frames again', async () => {
  let known = false;
  await start();
  await until('the model is stored', empty);
  cloud.answer = (h) => {
    if (h.channel === 'events') known = true;
    const { sequence } = h.header;
    return known
      ? { ranges: [[sequence, sequence]] }
      : { rejected: [{ sequence, code: 'unknown-model', reason: 'restored from a backup' }] };
  };
  await Promise.all([log(1), log(2), log(3)]);
  await until('all is stored', empty);
  expect(cloud.frames('events').map((h) => h.channel === 'events' && h.frame.events[0]?.type)).toEqual([
    'model',
    'model',
  ]);
  expect(new Set(sequences('telemetry'))).toEqual(new Set([1, 2, 3]));
  expect((await outbox.stats()).lanes.telemetry).toMatchObject({ stored: 3, quarantined: 0 });
});

test('an `unknown-model` that comes late, to a copy of a frame, takes nothing out of the line', async () => {
  await start();
  await until('the model is stored', empty);
  cloud.answer = (h) => {
    const { sequence } = h.header;
    if (h.channel === 'events') return { ranges: [[sequence, sequence]] };
    return { rejected: [{ sequence, code: 'unknown-model', reason: 'not yet' }] };
  };
  await log(1);
  await until('the frame was rejected', () => sequences('telemetry').length > 0);
  // Both copies are answered while the frame waits for its model to go out once more.
  const late = {
    epoch: outbox.epoch,
    lane: 'telemetry',
    ranges: [],
    rejected: [{ sequence: 1, code: 'unknown-model', reason: 'late' }],
  };
  for (let n = 0; n < 3; n++) cloud.send('acks', late);
  cloud.answer = (h) => ({ ranges: [[h.header.sequence, h.header.sequence]] });
  await until('all is stored', empty);
  expect((await outbox.stats()).lanes.telemetry).toMatchObject({ stored: 1, quarantined: 0 });
});

test('a cloud that never learns the model is not flooded with it', async () => {
  cloud.answer = (h) => {
    const { sequence } = h.header;
    return h.channel === 'events'
      ? { ranges: [[sequence, sequence]] }
      : { rejected: [{ sequence, code: 'unknown-model', reason: 'never heard of it' }] };
  };
  await start({ resendAfter: 400 });
  await log(1);
  await until('the model went out again', () => sequences('events').length >= 3);
  expect(sequences('events').length).toBeLessThan(5);
});

test('puts a rejected frame into quarantine and goes on; replay brings it back', async () => {
  cloud.answer = ({ header: { sequence, lane } }) =>
    lane === 'telemetry' && sequence === 2
      ? { rejected: [{ sequence, code: 'malformed', reason: 'a column is missing' }] }
      : { ranges: [[sequence, sequence]] };
  await Promise.all([log(1), log(2), log(3)]);
  await start();
  await until('all is answered', empty);
  expect((await outbox.stats()).lanes.telemetry).toMatchObject({ stored: 2, quarantined: 1, quarantinedEntries: 1 });
  cloud.answer = (h) => ({ ranges: [[h.header.sequence, h.header.sequence]] });
  expect(await outbox.replayQuarantine('all')).toBe(1);
  await until('it is stored', empty);
  expect((await outbox.stats()).lanes.telemetry).toMatchObject({ stored: 3, quarantined: 0 });
});

test('what waits from before a restart goes first, by its own name, and is acknowledged by it', async () => {
  await Promise.all([log(1), log(2)]);
  const before = outbox.epoch;
  await outbox.close();
  outbox = await open();
  await log(3);
  cloud.answer = () => undefined;
  await start({ resendAfter: 60_000 });
  await until('all is out', () => sequences('telemetry').length === 3);
  expect(cloud.frames('telemetry').map((h) => [h.header.epoch, h.header.sequence])).toEqual([
    [before, 1],
    [before, 2],
    [outbox.epoch, 1],
  ]);
  cloud.acknowledge({ epoch: outbox.epoch, lane: 'telemetry', ranges: [[1, 2]], rejected: [] });
  const waiting = async () => (await outbox.stats()).lanes.telemetry.entries;
  await until('the new one is stored', async () => (await waiting()) === 2);
  cloud.acknowledge({ epoch: before, lane: 'telemetry', ranges: [[1, 2]], rejected: [] });
  await until('the old ones are stored', async () => (await waiting()) === 0);
});

test('an answer to an older log is not taken for this one', async () => {
  cloud.answer = () => undefined;
  await log(1);
  await start({ resendAfter: 60_000 });
  await until('the frame is out', () => sequences('telemetry').length === 1);
  cloud.acknowledge({ epoch: 'another-epoch', lane: 'telemetry', ranges: [[1, 1]], rejected: [] });
  cloud.acknowledge({ epoch: outbox.epoch, lane: 'events', ranges: [[1, 1]], rejected: [] });
  await until('the events are stored', async () => (await outbox.stats()).lanes.events.entries === 0);
  expect((await outbox.stats()).lanes.telemetry.entries).toBe(1);
});

test('history goes out at its rate and never before what is live', async () => {
  const history = Array.from({ length: 12 }, (_, n) => ({
    lane: 'events' as const,
    events: [outcome(`history-${n}`)],
    history: true,
  }));
  await outbox.append(history);
  await outbox.append([{ lane: 'events', events: [outcome('now')] }]);
  const began = systemClock.monotonic();
  await start({ historyRate: 10 });
  await until('all is stored', empty);
  expect(sequences('events').slice(0, 2)).toEqual([1, 14]);
  // Ten permits at the start, then one every 100 ms.
  expect(systemClock.monotonic() - began).toBeGreaterThan(100);
});

test('the backlog of an outage is slowed down by the cloud, while what is current passes', async () => {
  for (let n = 1; n <= 40; n++) await log(n);
  cloud.answer = ({ header: { sequence } }) => ({ ranges: [[sequence, sequence]], historyRate: 1 });
  const began = systemClock.monotonic();
  await start();
  const different = () => new Set(sequences('telemetry')).size;
  await until('the first of the backlog are there', () => different() >= 10);
  await log(41);
  await until('the current value is there', () => sequences('telemetry').includes(41));
  // Two windows of the backlog at most before the first answer is heard, then one a second; and the current one.
  const seconds = (systemClock.monotonic() - began) / 1000;
  expect(different()).toBeLessThanOrEqual(2 * 12 + 1 + Math.ceil(seconds));
  cloud.answer = ({ header: { sequence } }) => ({ ranges: [[sequence, sequence]] });
  await until('all is stored', empty);
});

test('hands commands over, and passes over what it cannot read', async () => {
  await start();
  await until('the model is stored', empty);
  cloud.send('commands', { nonsense: true });
  const command = { id: 'c1', alarm: 'a1', action: 'acknowledge', actor: 'operator', time: 1, comment: '' };
  cloud.send('commands', command);
  await until('the command is here', () => commands.length > 0);
  expect(commands).toEqual([command]);
});

test('ends the connection before it gathers an answer beyond 1 MiB, says so, and comes back', async () => {
  const warn: object[] = [];
  await start({ logger: { ...silentLogger, warn: (what) => void warn.push(what) } });
  await until('it is connected', () => uplink?.connected === true);
  cloud.send('commands', { padding: 'x'.repeat(2 * 1024 * 1024) });
  await until('the connection is given up', () => warn.length > 0);
  expect(warn[0]).toMatchObject({ detail: expect.stringMatching(/more than 1048576 bytes on .*down\/commands/) });
  await until('it takes commands again', () => {
    const command = { id: 'c-1', alarm: 'a-1', action: 'acknowledge', actor: 'operator', time: 1, comment: '' };
    cloud.send('commands', command);
    return commands.length > 0;
  });
});

test('keeps trying while the cloud is not there, or lets nobody in', async () => {
  const { port } = cloud;
  await cloud.stop();
  await log(1);
  await start();
  cloud = await ScriptedCloud.start(port);
  cloud.admits = false;
  await until('it was refused', () => cloud.refused > 1);
  cloud.admits = true;
  await until('all is stored', empty);
});
