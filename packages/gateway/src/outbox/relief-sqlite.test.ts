import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeColumns, decodeEvents, type GapRecord } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import { OutboxLog } from './log-sqlite.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);
const points = 100;
let directory: string;
let log: OutboxLog;
let time = start;

function open(maximumBytes = 1): OutboxLog {
  const file = join(directory, 'outbox.sqlite');
  const capacity = { maximumBytes, freeFloor: 0 };
  const opened = new OutboxLog({ file, site: 'tower', gateway: 'gw', capacity, now: () => time });
  opened.useModel(aModel('revision-1', points));
  return opened;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-relief-'));
  time = start;
  log = open();
});

afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A frame of each point every 5 s. */
function run(minutes: number): void {
  for (const end = time + minutes * minute; time < end; time += 5000)
    log.append(
      [telemetry(...Array.from({ length: points }, (_, i) => aSample(i, time, i + (time % minute) / 1000)))],
      {},
    );
}

const all = { lane: 'telemetry' as const, history: false, after: 0, limit: 10_000 };
const framesOf = (of = all) => log.next(of).map((e) => decodeColumns(e.bytes).samples);
const isThinned = (frame: ReturnType<typeof framesOf>[number]) => frame.thinned !== undefined;
const gaps = (): GapRecord[] =>
  log
    .next({ ...all, lane: 'events' } as unknown as typeof all)
    .flatMap((e) => decodeEvents(e.bytes).events)
    .flatMap((e) => (e.type === 'gap' ? [e.gap] : []));
const samplesOf = (reason: string) => gaps().reduce((sum, g) => sum + (g.reason === reason ? g.samples : 0), 0);

function relieve(times: number) {
  for (let n = 0; n < times; n++) log.relieve(1e9);
}

test('thins by the minute what is older than 15 minutes, in its place, and says how much', () => {
  run(60);
  const logged = log.stats().lanes.telemetry.produced;
  relieve(2);
  const { telemetry: books } = log.stats().lanes;
  expect(books.thinned).toBe(samplesOf('thinned'));
  expect(books).toMatchObject({ produced: logged, dropped: 0, buffered: logged - books.thinned });
  const frames = framesOf();
  const firstRaw = frames.findIndex((f) => !isThinned(f));
  expect(frames.slice(0, firstRaw).every(isThinned)).toBe(true);
  expect(frames.slice(firstRaw).some(isThinned)).toBe(false);
  // The frames stay in the order of time, and each point has one row for each minute of a step.
  const [first] = frames;
  expect(first?.counts.every((n) => n >= 5 && n <= 6)).toBe(true);
  expect([first?.times[0], first?.values[0], first?.thinned?.minima[0], first?.thinned?.maxima[0]]).toEqual([
    start,
    27.5,
    0,
    55,
  ]);
  expect(first?.thinned?.sizes[0]).toBe(12);
});

test('goes on to quarters of an hour, and drops only what they cannot save', () => {
  run(180);
  relieve(40);
  const { telemetry: books } = log.stats().lanes;
  expect(books.thinned + books.dropped + books.buffered).toBe(books.produced);
  expect(samplesOf('dropped')).toBe(books.dropped);
  const gapTimes = gaps().filter((g) => g.reason === 'dropped');
  const thinnedTimes = framesOf().filter(isThinned);
  for (const frame of thinnedTimes)
    expect(frame.times[0]).toBeGreaterThan(Math.max(...gapTimes.map((g) => g.toTime), 0));
});

test('a row is a quarter of an hour in the end', () => {
  run(180);
  // 165 minutes of 12 frames in steps of 64, then one step for all the frames that these have become.
  relieve(8);
  const [first] = framesOf({ ...all, limit: 1 });
  expect(log.stats().lanes.telemetry.dropped).toBe(0);
  expect([first?.thinned?.sizes[0], first?.values[0], first?.thinned?.spans[0]]).toEqual([
    180,
    27.5,
    15 * minute - 5000,
  ]);
});

test('never thins what a reader may have sent, also after a restart', () => {
  run(60);
  const sent = log.next({ ...all, limit: 5 });
  for (const again of [false, true]) {
    if (again) {
      log.close();
      log = open();
    }
    relieve(1);
    expect(log.next({ ...all, limit: 5 })).toEqual(sent);
  }
  expect(log.stats().lanes.telemetry.thinned).toBeGreaterThan(0);
});

test('a step takes a bounded number of frames however large the log is', () => {
  run(300);
  const before = log.stats().lanes.telemetry.entries;
  log.relieve(1e9);
  expect(before - log.stats().lanes.telemetry.entries).toBeLessThanOrEqual(4 * 64);
});

test('drops no more than makes room', () => {
  const random = (n: number) => Math.sin(n * n) * 1e6;
  for (let n = 0; n < 40; n++, time += 1000)
    log.append(
      [telemetry(...Array.from({ length: 3000 }, (_, i) => aSample(i % points, time + i, random(n * 3000 + i))))],
      {},
    );
  const { entries, bytes } = log.stats().lanes.telemetry;
  log.relieve(1e9);
  const left = log.stats().lanes.telemetry;
  expect(left.entries).toBeLessThan(entries);
  // Four steps, each up to one entry over its measure.
  expect(bytes - left.bytes).toBeLessThanOrEqual(4 * (256 * 1024 + bytes / entries));
});

test('drops what may have been sent only far beyond the limit, so that a late acknowledgement is booked', () => {
  run(60);
  const sent = log.next({ ...all, limit: 5 });
  const samples = sent.reduce((sum, e) => sum + decodeColumns(e.bytes).samples.values.length, 0);
  for (let n = 0; n < 100 && !log.relieve(1e9).isFull; n++);
  expect(log.relieve(1e9)).toEqual({ thinned: 0, dropped: 0, isFull: true });
  expect(log.next({ ...all, limit: 5 })).toEqual(sent);
  for (const { epoch, sequence } of sent) log.acknowledge(epoch, 'telemetry', [[sequence, sequence]]);
  const { telemetry: books } = log.stats().lanes;
  expect(books.stored).toBe(samples);
  expect(books.stored + books.thinned + books.dropped + books.buffered).toBe(books.produced);
  expect(samplesOf('dropped')).toBe(books.dropped);
  log.close();
  log = open(-10 * 1024 * 1024);
  for (let n = 0; n < 100 && !log.relieve(1e9).isFull; n++);
  expect(log.stats().lanes.telemetry.buffered).toBe(0);
});

test('says when nothing is left that could make room', () => {
  expect(log.relieve(1e9)).toEqual({ thinned: 0, dropped: 0, isFull: true });
});
