import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { silentLogger, systemClock } from '@plantroom/base';
import { decodeTelemetry } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import type { StoredEntry } from './contract.ts';
import { Outbox } from './outbox.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-outbox-'));
  file = join(directory, 'outbox.sqlite');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(groupCommit = 5): Promise<Outbox> {
  return Outbox.open({
    file,
    site: 'harbour-tower',
    gateway: 'gw-1',
    capacity: { maximumBytes: 1e9, freeFloor: 0 },
    groupCommit,
    logger: silentLogger,
    onFailure: (error) => {
      throw error;
    },
  });
}

/** Lets a child append until `steps` are committed, then kills it without warning; gives the last one it reported. */
async function killAfter(steps: number): Promise<number> {
  const script = join(import.meta.dirname, '../../test/append-until-killed.ts');
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last === steps) child.kill('SIGKILL');
  }
  return last;
}

async function readAll(): Promise<{ outbox: Outbox; entries: StoredEntry[] }> {
  const outbox = await open();
  await outbox.useModel(aModel());
  return { outbox, entries: await outbox.next({ lane: 'telemetry', history: false, after: 0, limit: 1000 }) };
}

test('a killed process loses no committed entry, and state and entries agree', async () => {
  let before = 0;
  for (const steps of [3, 20, 47]) {
    const reported = await killAfter(steps);
    const outbox = await open();
    const { telemetry } = (await outbox.stats()).lanes;
    const last = await outbox.readState('last');
    // The child may have committed one more than it could say.
    expect(telemetry.entries - before).toBeGreaterThanOrEqual(reported);
    expect(telemetry.entries - before).toBe(last);
    const entries = await outbox.next({ lane: 'telemetry', history: false, after: 0, limit: 1000 });
    expect(entries.slice(before).map((e) => e.sequence)).toEqual(entries.slice(before).map((_, i) => i + 1));
    expect(entries.slice(before).map((e) => decodeTelemetry(e.bytes).samples[0]?.time)).toEqual(
      entries.slice(before).map((_, i) => i + 1),
    );
    before = entries.length;
    await outbox.close();
  }
});

test('entries are logged at the time that the log is told, in their order, and put right by it', async () => {
  const outbox = await open();
  await outbox.useModel(aModel());
  const wrong = 1e12 - systemClock.monotonic();
  void outbox.useTime(wrong);
  await outbox.append([telemetry({ ...aSample(0, 1e12, 5), quality: 'uncertain', reason: 'unsynced' })]);
  const { oldest } = (await outbox.stats()).lanes.telemetry;
  expect(Math.abs((oldest ?? 0) - 1e12)).toBeLessThan(60_000);
  await outbox.correct({ from: 1e12 - 60_000, to: 1e12 + 60_000, by: 5e11, confirmed: true });
  await outbox.correctOn();
  const [entry] = await outbox.next({ lane: 'telemetry', history: false, after: 0, limit: 1 });
  expect(entry && decodeTelemetry(entry.bytes).samples).toEqual([aSample(0, 1.5e12, 5)]);
  expect(Math.abs(((await outbox.stats()).lanes.telemetry.oldest ?? 0) - 1.5e12)).toBeLessThan(60_000);
  await outbox.close();
});

test('a log that lost its tail names nothing anew as it named what is gone', async () => {
  // What a cloud has that stores a name once and answers every repetition alike.
  const cloud = new Map<string, number>();
  const store = (entry: StoredEntry) => {
    const name = `${entry.epoch} ${entry.sequence}`;
    if (!cloud.has(name)) cloud.set(name, decodeTelemetry(entry.bytes).samples[0]?.time ?? 0);
  };
  await killAfter(60);
  const before = await readAll();
  for (const entry of before.entries) store(entry);
  await before.outbox.close();

  await killAfter(60);
  const wal = `${file}-wal`;
  copyFileSync(file, `${file}.kept`);
  copyFileSync(wal, `${wal}.kept`);
  const whole = await readAll();
  for (const entry of whole.entries) store(entry);
  await whole.outbox.close();
  // The same log, the second half of its write-ahead log gone: a disk that did not keep what it said it had.
  copyFileSync(`${file}.kept`, file);
  copyFileSync(`${wal}.kept`, wal);
  const bytes = readFileSync(wal);
  writeFileSync(wal, bytes.subarray(0, Math.floor(bytes.length / 2)));
  const { outbox, entries } = await readAll();
  expect(entries.length).toBeLessThan(whole.entries.length);
  for (let n = 0; n < 40; n++) await outbox.append([telemetry(aSample(0, 1e6 + n))], { urgent: true });
  await outbox.close();
  const after = await readAll();
  for (const entry of after.entries) store(entry);
  await after.outbox.close();
  expect([...cloud.values()].filter((time) => time >= 1e6)).toHaveLength(40);
});

test('a broken page is mended while the gateway runs, aloud', async () => {
  const first = await open();
  await first.useModel(aModel());
  for (let n = 0; n < 200; n++) {
    const samples = Array.from({ length: 80 }, (_, i) => aSample(i, n, Math.sin(n * 80 + i)));
    await first.append([telemetry(...samples)]);
  }
  await first.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, Math.floor(bytes.length / 8192) * 4096, Math.floor(bytes.length / 8192) * 4096 + 4096);
  writeFileSync(file, bytes);
  const outbox = await open();
  const { epoch } = outbox;
  await outbox.useModel(aModel());
  const read = await outbox.next({ lane: 'telemetry', history: false, after: 0, limit: 1000 });
  expect(read.length).toBeGreaterThan(100);
  expect(read.length).toBeLessThan(200);
  expect(outbox.epoch).not.toBe(epoch);
  expect((await outbox.stats()).epoch).toBe(outbox.epoch);
  await outbox.close();
});

test('an urgent append commits what waits before it, in order', async () => {
  const outbox = await open(60_000);
  await outbox.useModel(aModel());
  const slow = outbox.append([telemetry(aSample(0, 1))]);
  await outbox.append([telemetry(aSample(0, 2))], { urgent: true });
  await slow;
  const entries = await outbox.next({ lane: 'telemetry', history: false, after: 0, limit: 10 });
  expect(entries.map((e) => decodeTelemetry(e.bytes).samples[0]?.time)).toEqual([1, 2]);
  await outbox.close();
});

test('closing commits what waits', async () => {
  const outbox = await open(60_000);
  await outbox.useModel(aModel());
  const waiting = outbox.append([telemetry(aSample(0, 1))], { state: { a: 1 } });
  await outbox.close();
  await waiting;
  const again = await open();
  expect(await again.readState('a')).toBe(1);
  expect((await again.stats()).lanes.telemetry.entries).toBe(1);
  await again.close();
});

test('a thread that fails says so and refuses further work', async () => {
  const failures: Error[] = [];
  const outbox = await Outbox.open({
    file,
    site: 'harbour-tower',
    gateway: 'gw-1',
    capacity: { maximumBytes: 1e9, freeFloor: 0 },
    groupCommit: 5,
    logger: silentLogger,
    onFailure: (error) => failures.push(error),
  });
  // No model revision yet: the log cannot name the frame.
  await expect(outbox.append([telemetry(aSample(0, 1))], { urgent: true })).rejects.toThrow();
  expect(failures).toHaveLength(1);
  await expect(outbox.stats()).rejects.toThrow();
  await outbox.close();
});

test('an opened log is refused to a second gateway by name', async () => {
  const outbox = await open();
  await expect(open()).rejects.toMatchObject({ code: 'data-directory-in-use' });
  await outbox.close();
});
