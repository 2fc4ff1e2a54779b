import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@plantroom/base';
import { decodeEvents, decodeTelemetry } from '@plantroom/model/wire';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import type { SalvageReport, StoredEntry } from './contract.ts';
import { OutboxLog } from './log-sqlite.ts';

const pageSize = 4096;
const entries = 300;
let directory: string;
let file: string;
const logs: OutboxLog[] = [];
let reports: SalvageReport[] = [];
let time = 5000;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-salvage-'));
  file = join(directory, 'outbox.sqlite');
  reports = [];
});

afterEach(() => {
  for (const log of logs.splice(0)) log.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(gateway = 'gw-1'): OutboxLog {
  const capacity = { maximumBytes: 1e9, freeFloor: 0 };
  const onSalvaged = (report: SalvageReport) => void reports.push(report);
  const log = new OutboxLog({ file, site: 'harbour-tower', gateway, capacity, now: () => time, onSalvaged });
  logs.push(log);
  return log;
}

function close(log: OutboxLog): void {
  logs.splice(logs.indexOf(log), 1);
  log.close();
}

/** 300 frames of 60 samples each, so that they fill pages of their own. */
function fill(): void {
  const log = open();
  log.useModel(aModel('revision-1', 60));
  const random = seededRandom(7);
  for (let n = 1; n <= entries; n++) {
    const samples = Array.from({ length: 60 }, (_, i) => aSample(i, n * 1000, random()));
    log.append([telemetry(...samples)], { last: n });
  }
  close(log);
}

/** Reads all that waits, as the uplink does, mending on the way. */
function readAll(log: OutboxLog, lane: 'telemetry' | 'events'): StoredEntry[] {
  const read: StoredEntry[] = [];
  for (;;) {
    const after = read.at(-1)?.row ?? 0;
    const next = log.mending(() => log.next({ lane, history: false, after, limit: 50 }));
    if (next.length === 0) return read;
    read.push(...next);
  }
}

function overwrite(page: number, random: () => number): void {
  const handle = openSync(file, 'r+');
  writeSync(
    handle,
    Buffer.from(Array.from({ length: pageSize }, () => Math.floor(random() * 256))),
    0,
    pageSize,
    page * pageSize,
  );
  closeSync(handle);
}

const gapsOf = (log: OutboxLog) =>
  readAll(log, 'events')
    .flatMap((e) => decodeEvents(e.bytes).events)
    .flatMap((e) => (e.type === 'gap' ? [e.gap] : []));

test('whichever page is overwritten, the gateway comes back, sends all that is readable and says what is missing', () => {
  fill();
  const pages = statSync(file).size / pageSize;
  const whole = `${file}.whole`;
  renameSync(file, whole);
  let rescued = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    copyFileSync(whole, file);
    // The first seeds hit each of the first pages, where the schema and the roots of the tables are.
    const broken = seed <= 12 ? [seed - 1] : [1, 2, 3].map(() => Math.floor(random() * pages));
    for (const page of broken) overwrite(page, random);
    const log = open();
    log.mending(() => log.useModel(aModel('revision-1', 60)));
    const sent = readAll(log, 'telemetry');
    const numbers = sent.map((e) => (decodeTelemetry(e.bytes).samples[0]?.time ?? 0) / 1000);
    expect(numbers, `seed ${seed}`).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    if (sent.length < entries)
      expect(gapsOf(log), `seed ${seed}`).toContainEqual(
        expect.objectContaining({ lane: 'telemetry', reason: 'corrupt' }),
      );
    const { produced, stored, buffered, quarantined, corrupt } = log.stats().lanes.telemetry;
    expect(produced).toBe(stored + buffered + quarantined + corrupt);
    log.mending(() => log.append([telemetry(aSample(0, 1e6))], {}));
    expect(readAll(log, 'telemetry').at(-1)).toMatchObject({ epoch: log.epoch });
    close(log);
    // Nothing is left to mend.
    const before = reports.length;
    const again = open();
    expect(readAll(again, 'telemetry')).toHaveLength(sent.length + 1);
    expect(reports).toHaveLength(before);
    close(again);
    rescued += sent.length;
  }
  expect(rescued).toBeGreaterThan(0.7 * 40 * entries);
});

describe('one page in the middle', () => {
  test('costs the entries that lie in it, counted with their place and time, found while the log runs', () => {
    fill();
    const pages = statSync(file).size / pageSize;
    overwrite(Math.floor(pages / 2), seededRandom(1));
    const log = open();
    log.mending(() => log.useModel(aModel('revision-1', 60)));
    const sequences = readAll(log, 'telemetry').map((e) => e.sequence);
    const lost = entries - sequences.length;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(20);
    const [gap, ...more] = gapsOf(log);
    const missing = Array.from({ length: entries }, (_, i) => i + 1).filter((n) => !sequences.includes(n));
    expect(more).toEqual([]);
    expect(gap).toMatchObject({
      reason: 'corrupt',
      samples: lost * 60,
      fromSequence: missing[0],
      toSequence: missing.at(-1),
    });
    expect(log.readState('last')).toBe(entries);
    expect(reports).toMatchObject([{ entries: entries - lost + 1, lost }]);
  });

  test('leaves the damaged file beside, the newest such only', () => {
    for (time of [1, 2]) {
      fill();
      overwrite(Math.floor(statSync(file).size / pageSize / 2), seededRandom(time));
      const log = open();
      log.mending(() => log.useModel(aModel('revision-1', 60)));
      readAll(log, 'telemetry');
      close(log);
    }
    const names = readdirSync(directory).filter((n) => !n.endsWith('-wal') && !n.endsWith('-shm'));
    expect(names.sort()).toEqual(['outbox.sqlite', 'outbox.sqlite.unreadable-2']);
  });
});

test('a power cut between the two files of a salvage is got over', () => {
  fill();
  renameSync(file, `${file}.salvage`);
  const log = open();
  expect(readAll(log, 'telemetry')).toHaveLength(entries);
});

test('a damaged log of another gateway stays untouched', () => {
  fill();
  overwrite(3, seededRandom(1));
  expect(() => open('gw-2')).toThrow(/holds the log of harbour-tower\/gw-1/);
});
