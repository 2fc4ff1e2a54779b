import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeEvents, decodeTelemetry, type WireEvent } from '@plantroom/model/wire';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import { OutboxLog } from './log-sqlite.ts';

let directory: string;
const logs: OutboxLog[] = [];

function open(capacity = { maximumBytes: 1e9, freeFloor: 0 }): OutboxLog {
  const file = join(directory, 'outbox.sqlite');
  const log = new OutboxLog({ file, site: 'harbour-tower', gateway: 'gw-1', capacity, now: () => 5000 });
  logs.push(log);
  return log;
}

function close(log: OutboxLog): void {
  logs.splice(logs.indexOf(log), 1);
  log.close();
}

const frameOf = (...times: number[]) => telemetry(...times.map((t) => aSample(0, t)));
const all = { history: false, after: 0, limit: 100 };
const gapEvent = { type: 'command-outcome' as const, outcome: { command: 'c', applied: false, reason: 'gone' } };

const gapsOf = (log: OutboxLog) =>
  log
    .next({ lane: 'events', ...all })
    .flatMap((e) => decodeEvents(e.bytes).events)
    .flatMap((e) => (e.type === 'gap' ? [e.gap] : []));

const columns = `lane TEXT NOT NULL, sequence INTEGER NOT NULL, history INTEGER NOT NULL, revision TEXT NOT NULL,
  time INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, items INTEGER NOT NULL, size INTEGER NOT NULL,
  crc INTEGER NOT NULL, bytes BLOB NOT NULL`;
/** As version 0.1 wrote it; the checksum is that of one zero byte. */
const firstLayout = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE lanes (lane TEXT PRIMARY KEY, next INTEGER NOT NULL DEFAULT 1, entries INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0, buffered INTEGER NOT NULL DEFAULT 0, produced INTEGER NOT NULL DEFAULT 0,
    stored INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE entries (${columns});
  CREATE UNIQUE INDEX entries_in_order ON entries (lane, history, sequence);
  CREATE TABLE quarantine (${columns}, code TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (lane, sequence));
  CREATE TABLE models (revision TEXT PRIMARY KEY, content TEXT NOT NULL, frame BLOB);
  CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  INSERT INTO about VALUES ('owner', 'harbour-tower/gw-1'), ('epoch', '0123456789abcdef'), ('revision', 'revision-0');
  INSERT INTO lanes VALUES ('events', 1, 0, 0, 0, 0, 0, 0, 0), ('telemetry', 9, 2, 2, 2, 9, 6, 1, 0);
  INSERT INTO entries VALUES ('telemetry', 7, 0, 'revision-0', 1, 1, 1, 1, 1, 3523407757, x'00'),
    ('telemetry', 8, 0, 'revision-0', 1, 1, 1, 1, 1, 3523407757, x'00');
  INSERT INTO quarantine VALUES ('telemetry', 5, 0, 'revision-0', 1, 1, 1, 1, 1, 3523407757, x'00', 'invalid', 'no');
  INSERT INTO state VALUES ('alarms', '{"open":1}');
`;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-outbox-'));
});

afterEach(() => {
  for (const log of logs.splice(0)) log.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('sequences', () => {
  test('count from 1 in each lane, anew in the epoch of each opening; what waits keeps its name and its place', () => {
    const first = open();
    first.useModel(aModel());
    first.append([frameOf(1), frameOf(2), frameOf(3)], {});
    first.acknowledge(first.epoch, 'telemetry', [[1, 2]]);
    const waiting = first.next({ lane: 'telemetry', ...all });
    close(first);

    const second = open();
    expect(second.useModel(aModel())).toBe(false);
    second.append([frameOf(4)], {});
    second.acknowledge(second.epoch, 'telemetry', [[2, 9]]);
    expect(second.epoch).not.toBe(first.epoch);
    expect(second.stats().epoch).toBe(second.epoch);
    const logged = second.next({ lane: 'telemetry', ...all });
    expect(logged.slice(0, 1)).toEqual(waiting);
    expect(logged.map((e) => [e.epoch, e.sequence])).toEqual([
      [first.epoch, 3],
      [second.epoch, 1],
    ]);
    second.acknowledge(first.epoch, 'telemetry', [[1, 3]]);
    expect(second.next({ lane: 'telemetry', ...all })).toEqual(logged.slice(1));
  });

  test('of a restored copy never repeat those that were used since', () => {
    const first = open();
    first.useModel(aModel());
    close(first);
    const file = join(directory, 'outbox.sqlite');
    copyFileSync(file, `${file}.copy`);
    const names = new Set<string>();
    for (let n = 0; n < 3; n++) {
      copyFileSync(`${file}.copy`, file);
      const log = open();
      log.useModel(aModel());
      log.append([frameOf(n)], {});
      for (const { epoch, sequence } of log.next({ lane: 'telemetry', ...all })) names.add(`${epoch} ${sequence}`);
      close(log);
    }
    expect(names.size).toBe(3);
  });

  test('a frame carries its own name, and its bytes stay the same', () => {
    const log = open();
    log.useModel(aModel());
    log.append([frameOf(7, 8)], {});
    const [entry] = log.next({ lane: 'telemetry', ...all });
    expect(decodeTelemetry(entry?.bytes ?? Buffer.alloc(0))).toEqual({
      header: {
        site: 'harbour-tower',
        gateway: 'gw-1',
        epoch: log.epoch,
        lane: 'telemetry',
        sequence: 1,
        revision: 'revision-1',
      },
      samples: [aSample(0, 7), aSample(0, 8)],
    });
    expect(log.next({ lane: 'telemetry', ...all })).toEqual([entry]);
  });

  test('backfill is read apart from live, in one count', () => {
    const log = open();
    log.useModel(aModel());
    log.append(
      [
        { lane: 'events', events: [gapEvent], history: true },
        { lane: 'events', events: [gapEvent] },
      ],
      {},
    );
    expect(log.next({ lane: 'events', ...all }).map((e) => e.sequence)).toEqual([1, 3]);
    expect(log.next({ lane: 'events', ...all, history: true }).map((e) => e.sequence)).toEqual([2]);
  });
});

describe('state', () => {
  test('is kept with the entries of its step', () => {
    const log = open();
    log.useModel(aModel());
    log.append([frameOf(1)], { alarms: { open: 1 } });
    close(log);
    expect(open().readState('alarms')).toEqual({ open: 1 });
  });

  test('a step that fails leaves neither entries nor state', () => {
    const log = open();
    log.useModel(aModel());
    const unencodable = { lane: 'events', events: [1n as unknown as WireEvent] } as const;
    expect(() => log.append([frameOf(1), unencodable], { a: 1 })).toThrow();
    expect(log.next({ lane: 'telemetry', ...all })).toEqual([]);
    expect(log.readState('a')).toBeUndefined();
    expect(log.stats().lanes.telemetry).toMatchObject({ next: 1, produced: 0, buffered: 0 });
  });
});

describe('model revisions', () => {
  test('are logged as an event whenever the revision in use changes', () => {
    const log = open();
    expect(
      [aModel('revision-a'), aModel('revision-a'), aModel('revision-b'), aModel('revision-a')].map((m) =>
        log.useModel(m),
      ),
    ).toEqual([true, false, true, true]);
    const logged = log.next({ lane: 'events', ...all }).map((e) => decodeEvents(e.bytes).events[0]);
    expect(logged.map((e) => e?.type === 'model' && e.model.revision)).toEqual([
      'revision-a',
      'revision-b',
      'revision-a',
    ]);
  });

  test('an earlier one can be sent again while its frames wait', () => {
    const log = open();
    log.useModel(aModel('revision-a'));
    log.append([frameOf(1)], {});
    log.acknowledge(log.epoch, 'events', [[1, 1]]);
    log.useModel(aModel('revision-b'));
    const again = log.resendModel('revision-a');
    expect(again).toMatchObject({ lane: 'events', sequence: 3, revision: 'revision-a' });
    expect(log.resendModel('revision-unknown')).toBeUndefined();
  });
});

describe('the books', () => {
  test('balance over storing, quarantine, replay and repeated acknowledgements', () => {
    const log = open();
    log.useModel(aModel());
    log.append([frameOf(1, 2), frameOf(3), frameOf(4, 5, 6)], {});
    log.acknowledge(log.epoch, 'telemetry', [[1, 1]]);
    log.acknowledge(log.epoch, 'telemetry', [[1, 1]]);
    log.quarantine({ epoch: log.epoch, lane: 'telemetry', sequence: 2 }, 'malformed', 'a column is missing');
    expect(log.stats().lanes.telemetry).toMatchObject({
      produced: 6,
      stored: 2,
      quarantined: 1,
      buffered: 3,
      dropped: 0,
      entries: 1,
      quarantinedEntries: 1,
      oldest: 5000,
    });
    expect(log.replayQuarantine('all')).toBe(1);
    expect(log.stats().lanes.telemetry).toMatchObject({
      produced: 6,
      stored: 2,
      quarantined: 0,
      buffered: 4,
      entries: 2,
    });
    expect(log.next({ lane: 'telemetry', ...all }).map((e) => e.sequence)).toEqual([3, 2]);
  });

  test('count each epoch’s drops in a gap record of its own', () => {
    for (const time of [1, 2]) {
      const log = open({ maximumBytes: 1, freeFloor: 0 });
      log.useModel(aModel());
      log.append([frameOf(time)], {});
      if (time === 2) expect(log.relieve(1e9).dropped).toBe(2);
      if (time === 2) expect(gapsOf(log)).toMatchObject([{ toTime: 1 }, { fromTime: 2 }]);
      close(log);
    }
  });
});

test('a file of the first layout is taken over: entries, quarantine, books and state', () => {
  const file = join(directory, 'outbox.sqlite');
  const before = new DatabaseSync(file);
  before.exec(firstLayout);
  before.close();
  const log = open();
  log.useModel(aModel());
  log.append([frameOf(9)], {});
  expect(log.next({ lane: 'telemetry', ...all }).map((e) => [e.epoch, e.sequence])).toEqual([
    ['0123456789abcdef', 7],
    ['0123456789abcdef', 8],
    [log.epoch, 1],
  ]);
  expect(log.readState('alarms')).toEqual({ open: 1 });
  expect(log.replayQuarantine('all')).toBe(1);
  expect(log.next({ lane: 'telemetry', ...all }).at(-1)).toMatchObject({ epoch: '0123456789abcdef', sequence: 5 });
  log.acknowledge('0123456789abcdef', 'telemetry', [[1, 8]]);
  expect(log.stats().lanes.telemetry).toMatchObject({ produced: 10, stored: 9, buffered: 1, quarantined: 0 });
});

test('only the gateway’s own user may read what it makes', () => {
  const inner = join(directory, 'made');
  const capacity = { maximumBytes: 1e9, freeFloor: 0 };
  logs.push(new OutboxLog({ file: join(inner, 'outbox.sqlite'), site: 's', gateway: 'g', capacity, now: () => 0 }));
  expect(statSync(inner).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(inner)) expect(statSync(join(inner, name)).mode & 0o777).toBe(0o600);
});

describe('limits of disk space', () => {
  test('drop the oldest telemetry, count it, leave a gap record, and never touch events', () => {
    const log = open({ maximumBytes: 400_000, freeFloor: 0 });
    log.useModel(aModel());
    for (let n = 0; n < 400; n++) {
      const samples = Array.from({ length: 100 }, (_, i) => aSample(i, n * 1000, Math.sin(n * 100 + i)));
      log.append([telemetry(...samples)], {});
      log.relieve(1e9);
    }
    const { telemetry: lane, events } = log.stats().lanes;
    expect(log.stats().used).toBeLessThan(450_000);
    expect(lane.dropped).toBeGreaterThan(0);
    expect(lane.produced).toBe(lane.buffered + lane.dropped);
    expect(events).toMatchObject({ dropped: 0 });
    const gaps = log
      .next({ lane: 'events', ...all })
      .flatMap((e) => decodeEvents(e.bytes).events)
      .flatMap((e) => (e.type === 'gap' ? [e.gap] : []));
    expect(gaps.reduce((sum, g) => sum + g.samples, 0)).toBe(lane.dropped);
    expect(gaps[0]).toMatchObject({ lane: 'telemetry', fromSequence: 1, fromTime: 0, reason: 'dropped' });
    const firstLeft = log.next({ lane: 'telemetry', ...all })[0]?.sequence;
    expect(firstLeft).toBe((gaps.at(-1)?.toSequence ?? 0) + 1);
  });

  test('below the floor of free space the file stops growing, but what a cloud that answers has not yet taken stays', () => {
    const log = open({ maximumBytes: 1e9, freeFloor: 1e6 });
    log.useModel(aModel());
    const nothing = { thinned: 0, dropped: 0, isFull: false };
    const frame = (n: number) =>
      telemetry(...Array.from({ length: 5000 }, (_, i) => aSample(i % 50, n * 1000 + i, Math.sin(n * 5000 + i))));
    log.append([frame(0)], {});
    expect(log.relieve(1000)).toEqual(nothing);
    for (let n = 1; log.used() < 4.5 * 1024 * 1024; n++) log.append([frame(n)], {});
    expect(log.relieve(2e6)).toEqual(nothing);
    expect(log.relieve(1000).dropped).toBeGreaterThan(0);
    while (log.relieve(1000).dropped > 0);
    expect(log.used()).toBeGreaterThan(3.5 * 1024 * 1024);
  });
});

describe('a damaged log', () => {
  test('that is no database is set aside and a new epoch begins', () => {
    const first = open();
    const epoch = first.epoch;
    close(first);
    writeFileSync(
      join(directory, 'outbox.sqlite'),
      'not a database, but long enough to be read as the head of one'.repeat(20),
    );
    const second = open();
    expect(second.epoch).not.toBe(epoch);
    expect(readdirSync(directory)).toContain('outbox.sqlite.unreadable-5000');
  });

  test('with one changed frame gives that frame up, counted and recorded', () => {
    const log = open();
    log.useModel(aModel());
    log.append([frameOf(1, 2), frameOf(3)], {});
    close(log);
    const database = new DatabaseSync(join(directory, 'outbox.sqlite'));
    database.exec("UPDATE entries SET bytes = x'00' WHERE lane = 'telemetry' AND sequence = 1");
    database.close();
    const again = open();
    expect(again.next({ lane: 'telemetry', ...all }).map((e) => e.sequence)).toEqual([2]);
    expect(again.stats().lanes.telemetry).toMatchObject({ corrupt: 2, dropped: 0, buffered: 1 });
    const last = again.next({ lane: 'events', ...all }).at(-1);
    expect(last && decodeEvents(last.bytes).events[0]).toMatchObject({
      gap: { reason: 'corrupt', samples: 2, fromSequence: 1 },
    });
  });
});

test('one changed bit in what was synced costs nothing, however much was committed after it', () => {
  const log = open();
  log.useModel(aModel());
  for (let n = 1; n <= 50; n++) log.append([telemetry(aSample(0, n))], { n });
  const file = join(directory, 'outbox.sqlite');
  const copy = mkdtempSync(join(directory, 'killed-'));
  // A copy of the files is what a killed process leaves.
  for (const name of ['outbox.sqlite', 'outbox.sqlite-wal']) copyFileSync(join(directory, name), join(copy, name));
  const wal = join(copy, 'outbox.sqlite-wal');
  const bytes = readFileSync(wal);
  const at = Math.floor(bytes.length / 3) & ~3;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(wal, bytes);
  const capacity = { maximumBytes: 1e9, freeFloor: 0 };
  const killed = {
    file: join(copy, 'outbox.sqlite'),
    site: 'harbour-tower',
    gateway: 'gw-1',
    capacity,
    now: () => 5000,
  };
  const again = new OutboxLog(killed);
  logs.push(again);
  expect(again.mended).toBeDefined();
  expect(again.readState('n')).toBe(50);
  const { produced, buffered, corrupt } = again.stats().lanes.telemetry;
  expect({ produced, whole: buffered + corrupt }).toEqual({ produced: 50, whole: 50 });
  // The log that is open is left alone.
  expect(() => new OutboxLog({ ...killed, file })).toThrow(/Another gateway is using/);
});

test('a second process and another gateway are refused with what to do', () => {
  open();
  expect(() => open()).toThrow(/Another gateway is using/);
  for (const log of logs.splice(0)) log.close();
  const file = join(directory, 'outbox.sqlite');
  const capacity = { maximumBytes: 1e9, freeFloor: 0 };
  expect(() => new OutboxLog({ file, site: 'harbour-tower', gateway: 'gw-2', capacity, now: () => 0 })).toThrow(
    /holds the log of harbour-tower\/gw-1/,
  );
});
