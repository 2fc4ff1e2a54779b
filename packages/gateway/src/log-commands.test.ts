import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plantroom/base';
import { decodeEvents } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../test/model.ts';
import { askGateway } from './control/control-client.ts';
import { ControlServer } from './control/control-server.ts';
import { logCommands } from './log-commands.ts';
import { Outbox } from './outbox/outbox.ts';
import { askStoppedLog } from './stopped-log.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-commands-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(): Promise<Outbox> {
  return Outbox.open({
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
}

/** Three frames of two samples, the first two rejected. */
async function fill(outbox: Outbox): Promise<void> {
  await outbox.useModel(aModel());
  for (const time of [1, 2, 3]) await outbox.append([telemetry(aSample(0, time), aSample(1, time))]);
  for (const sequence of [1, 2])
    await outbox.quarantine({ epoch: outbox.epoch, lane: 'telemetry', sequence }, 'invalid', 'out of bounds');
}

test('a running gateway tells its backlog and quarantine, replays and drops', async () => {
  const outbox = await open();
  await fill(outbox);
  const commands = logCommands(
    () => outbox,
    () => 5000,
  );
  const server = await ControlServer.start(directory, commands, silentLogger);
  const { epoch } = outbox;
  try {
    expect(await askGateway(directory, 'backlog')).toMatchObject({
      lanes: { telemetry: { produced: 6, buffered: 2, quarantined: 4, entries: 1 } },
      log: { maximum: 1e9, fullIn: null },
    });
    expect(await askGateway(directory, 'quarantine')).toMatchObject({
      count: 2,
      entries: [
        { epoch, lane: 'telemetry', sequence: 1, code: 'invalid', reason: 'out of bounds', items: 2 },
        { sequence: 2 },
      ],
    });
    const second = { epoch, lane: 'telemetry', sequence: 2 };
    expect(await askGateway(directory, 'quarantine-drop', second)).toEqual({ entries: 1 });
    expect(await askGateway(directory, 'quarantine-drop', second)).toEqual({ entries: 0 });
    expect(await askGateway(directory, 'quarantine-replay', 'all')).toEqual({ entries: 1 });
    await expect(askGateway(directory, 'quarantine-drop', { epoch })).rejects.toMatchObject({ code: 'argument' });
    const { lanes } = await outbox.stats();
    expect(lanes.telemetry).toMatchObject({ buffered: 4, quarantined: 0, dropped: 2 });
    const events = await outbox.next({ lane: 'events', history: false, after: 0, limit: 10 });
    expect(events.flatMap((e) => decodeEvents(e.bytes).events).at(-1)).toMatchObject({
      gap: { lane: 'telemetry', fromSequence: 2, toSequence: 2, fromTime: 2, samples: 2, reason: 'dropped' },
    });
  } finally {
    await server.close();
    await outbox.close();
  }
});

test('the log of a stopped gateway answers alike, and its gateway goes on with what was done', async () => {
  const before = await open();
  await fill(before);
  const { epoch } = before;
  await expect(askStoppedLog(directory, 'backlog')).rejects.toThrow();
  await before.close();
  expect(await askStoppedLog(directory, 'quarantine')).toMatchObject({ count: 2 });
  const first = { epoch, lane: 'telemetry', sequence: 1 };
  expect(await askStoppedLog(directory, 'quarantine-replay', first)).toEqual({ entries: 1 });
  expect(await askStoppedLog(directory, 'quarantine-drop', 'all')).toEqual({ entries: 1 });
  const after = await open();
  expect((await after.stats()).lanes.telemetry).toMatchObject({ buffered: 4, quarantined: 0, dropped: 2 });
  await after.close();
});
