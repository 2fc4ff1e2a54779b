import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeColumns, decodeTelemetry, type IndexedSample } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import { OutboxLog } from './log-sqlite.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 28);
const wrong = start + 10 * hour;
let directory: string;
let log: OutboxLog;
let time: number;

function open(): OutboxLog {
  const file = join(directory, 'outbox.sqlite');
  const capacity = { maximumBytes: 1e9, freeFloor: 0 };
  const opened = new OutboxLog({ file, site: 'tower', gateway: 'gw', capacity, now: () => time });
  opened.useModel(aModel());
  return opened;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-corrections-'));
  time = start;
  log = open();
});

afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true, force: true });
});

const unsynced = { quality: 'uncertain', reason: 'unsynced' } as const;

/** A frame of a sample each second, while nobody has confirmed the time. */
function logFrames(count: number): void {
  for (let n = 0; n < count; n++) {
    log.append([telemetry({ ...aSample(0, time, n), ...unsynced })], {});
    time += 1000;
  }
}

const all = { lane: 'telemetry' as const, history: false, after: 0, limit: 1000 };
const samples = (): IndexedSample[] => log.next(all).flatMap((e) => [...decodeTelemetry(e.bytes).samples]);

function correct(by: number, confirmed = true): void {
  log.correct({ from: wrong, to: time, by, confirmed });
  time += by;
  while (log.correctOn());
}

test('what nobody was given is put to the right time and loses its mark, under its own name', () => {
  log.append([telemetry(aSample(0, time, -1))], {});
  time = wrong;
  logFrames(100);
  correct(-5 * hour);
  logFrames(1);
  const { telemetry: books } = log.stats().lanes;
  expect(books).toMatchObject({ produced: 102, buffered: 102, entries: 102, oldest: start });
  const found = samples();
  expect(found.map((s) => s.time)).toEqual([
    start,
    ...Array.from({ length: 101 }, (_, n) => start + 5 * hour + n * 1000),
  ]);
  expect(found.every((s) => s.time === s.gatewayTime)).toBe(true);
  expect(found.map((s) => s.quality)).toEqual([...Array.from({ length: 101 }, () => 'good'), 'uncertain']);
  const entries = log.next(all);
  expect(entries.map((e) => e.sequence)).toEqual(Array.from({ length: 102 }, (_, n) => n + 1));
  expect(entries.map((e) => decodeColumns(e.bytes).header.sequence)).toEqual(entries.map((e) => e.sequence));
  expect(books.bytes).toBe(entries.reduce((sum, e) => sum + e.bytes.length, 0));
});

test('what may have been sent stays as it is, and after another opening nothing new shares a block with it', () => {
  time = wrong;
  logFrames(10);
  const before = samples();
  correct(hour);
  expect(samples()).toEqual(before);
  log.close();
  time = wrong + hour;
  log = open();
  logFrames(3);
  log.correct({ from: wrong + hour, to: time, by: hour, confirmed: true });
  while (log.correctOn());
  expect(samples().map((s) => s.time - wrong)).toEqual([
    ...Array.from({ length: 10 }, (_, n) => n * 1000),
    ...[0, 1, 2].map((n) => 2 * hour + n * 1000),
  ]);
});

test('what the cloud refused for its time is put right and goes out again, under its own name', () => {
  time = wrong;
  logFrames(2);
  for (const { epoch, lane, sequence } of log.next(all)) log.quarantine({ epoch, lane, sequence }, 'invalid', 'ahead');
  logFrames(1);
  expect(log.stats().lanes.telemetry).toMatchObject({ quarantined: 2, buffered: 1 });
  correct(-5 * hour);
  expect(log.stats().lanes.telemetry).toMatchObject({ produced: 3, quarantined: 0, buffered: 3 });
  const found = log.next(all).map((e) => [e.sequence, decodeTelemetry(e.bytes).samples[0]?.time]);
  expect(found).toContainEqual([1, start + 5 * hour]);
  expect(found).toContainEqual([2, start + 5 * hour + 1000]);
});

test('a correction that was cut off goes on where it was; a second one before its end comes after it', () => {
  time = wrong;
  logFrames(100);
  log.correct({ from: wrong, to: time, by: hour, confirmed: false });
  log.correct({ from: wrong + hour, to: time + hour, by: -2 * hour, confirmed: true });
  expect(log.correctOn()).toBe(true);
  log.close();
  log = open();
  while (log.correctOn());
  expect(samples().map((s) => s.time)).toEqual(Array.from({ length: 100 }, (_, n) => wrong - hour + n * 1000));
  expect(samples().every((s) => s.quality === 'good')).toBe(true);
});

test('the time of a source stays, other samples and other marks too; a value that was moved on moves along', () => {
  time = wrong;
  const own = { ...aSample(0, wrong - 60_000), gatewayTime: wrong, ...unsynced };
  const ahead = { ...aSample(1, wrong + 5), gatewayTime: wrong, quality: 'uncertain', reason: 'clock' } as const;
  const earlier = aSample(2, wrong - 1);
  log.append([telemetry(own, ahead, earlier)], {});
  correct(-hour);
  expect(samples()).toEqual([
    { ...aSample(0, wrong - 60_000), gatewayTime: wrong - hour },
    { ...ahead, time: wrong - hour + 5, gatewayTime: wrong - hour },
    earlier,
  ]);
});
