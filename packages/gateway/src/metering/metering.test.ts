import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, silentLogger } from '@plantroom/base';
import { type Interval, intervalLength, type Sample } from '@plantroom/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EnergyFinding, IntervalLog } from './contract.ts';
import { MeteringStage } from './metering.ts';

/** Midnight of a Monday in Shanghai. */
const midnight = Date.UTC(2026, 5, 7, 16);
const hour = 4 * intervalLength;

/** A log in memory: state and entries of one step together, and every later step can be made to fail. */
class MemoryLog implements IntervalLog {
  state: Record<string, unknown> = {};
  readonly live: Interval[] = [];
  largest = 0;
  readonly history: Interval[] = [];
  failAfter = Number.POSITIVE_INFINITY;

  async append(...[entries, { state }]: Parameters<IntervalLog['append']>): Promise<void> {
    if (this.failAfter-- <= 0) throw new Error('power cut');
    this.state = { ...this.state, ...JSON.parse(JSON.stringify(state)) };
    for (const { events, history } of entries)
      for (const e of events) {
        if (e.type !== 'intervals') continue;
        this.largest = Math.max(this.largest, e.intervals.length);
        (history ? this.history : this.live).push(...e.intervals);
      }
  }
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-metering-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function stage(log: MemoryLog, clock: ManualClock, isTimeAwaited = () => false) {
  const findings: EnergyFinding[] = [];
  const metering = new MeteringStage({
    timezone: 'Asia/Shanghai',
    meters: [{ id: 'main' }, { id: 'lift' }],
    saved: log.state,
    log,
    clock,
    logger: silentLogger,
    onFinding: (finding) => findings.push(finding),
    onFailure: () => {},
    isTimeAwaited,
  });
  metering.start();
  return { metering, findings };
}

const register = (time: number, value: number): Sample => ({
  equipment: 'main',
  point: 'energyImport',
  time,
  gatewayTime: time,
  value,
  quality: 'good',
});

/** A file with a reading of each meter every quarter hour; `kWh` says how much the quarter before it took. */
function historyFile(from: number, to: number, kWh: (time: number) => number = () => 1): string {
  const rows = ['time,equipment,point,value'];
  let total = 1000;
  for (let time = from; time <= to; time += intervalLength) {
    rows.push(`${new Date(time).toISOString()},main,energyImport,${total}`);
    rows.push(`${time},lift,energyImport,${total / 10}`, `${time},main,power,4`);
    total += kWh(time);
  }
  const file = join(directory, 'history.csv');
  writeFileSync(file, rows.join('\n'));
  return file;
}

const sum = (intervals: readonly Interval[]) =>
  intervals.filter((i) => i.equipment === 'main').reduce((total, i) => total + (i.kWh ?? 0), 0);
const startsOf = (intervals: readonly Interval[]) => intervals.map((i) => `${i.equipment} ${i.start}`);

describe('live readings', () => {
  test('become intervals, logged with the registers that made them', async () => {
    const clock = new ManualClock(midnight);
    const log = new MemoryLog();
    const { metering } = stage(log, clock);
    for (let i = 0; i <= 90; i++) {
      metering.samples([register(clock.now(), 500 + i)]);
      await clock.advance(60_000);
    }
    expect(log.live.map((i) => i.kWh)).toEqual([15, 15, 15, 15, 15, 15]);

    // After a crash the saved registers go on: nothing twice, nothing lost.
    const later = new ManualClock(clock.now());
    const again = stage(log, later).metering;
    for (let i = 92; i <= 125; i++) {
      await later.advance(60_000);
      again.samples([register(later.now(), 500 + i)]);
    }
    await later.advance(2000);
    expect(new Set(startsOf(log.live)).size).toBe(log.live.length);
    expect(sum(log.live)).toBeCloseTo(120, 6);
  });

  test('that were named by a wrong time move to the right one, also while they wait for a history', async () => {
    const clock = new ManualClock(midnight);
    const log = new MemoryLog();
    const { metering } = stage(log, clock);
    const value = () => 1000 + (clock.now() - midnight) / 60_000;
    const read = async (minutes: number, wrongBy = 0) => {
      for (let n = 0; n < minutes; n++) {
        metering.samples([register(clock.now() + wrongBy, value())]);
        await clock.advance(60_000);
      }
    };
    await read(60);
    const importing = metering.importHistory(historyFile(midnight - hour, midnight - hour), () => {});
    metering.samples([register(clock.now() + 5 * hour, value())]);
    metering.move(clock.now() + 5 * hour, -5 * hour);
    await importing;
    const from = clock.now() + 5 * hour;
    await read(30, 5 * hour);
    metering.move(from, -5 * hour);
    await read(60);
    const newest = new Map(log.live.filter((i) => i.equipment === 'main').map((i) => [i.start, i]));
    const starts = [...newest.values()].filter((i) => i.kWh !== null).map((i) => (i.start - midnight) / intervalLength);
    expect(starts.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(sum([...newest.values()])).toBeCloseTo(9 * 15, 4);
  });

  test('make no interval while the time is awaited, and are lost in none', async () => {
    const clock = new ManualClock(midnight);
    const log = new MemoryLog();
    let awaited = false;
    const { metering } = stage(log, clock, () => awaited);
    const read = async (minutes: number, wrongBy = 0) => {
      for (let n = 0; n < 2 * minutes; n++) {
        metering.samples([register(clock.now() + wrongBy, 1000 + (clock.now() - midnight) / 60_000)]);
        await clock.advance(30_000);
      }
    };
    await read(30);
    awaited = true;
    const from = clock.now() + 5 * hour;
    await read(40, 5 * hour);
    expect(log.live).toHaveLength(1);
    awaited = false;
    metering.move(from, -5 * hour);
    await read(30);
    expect(log.live.map((i) => [(i.start - midnight) / intervalLength, i.kWh, i.revision])).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => [n, 15, 1]),
    );
  });

  test('that stay away for two weeks leave no more intervals in one frame than a frame may hold', async () => {
    const clock = new ManualClock(midnight);
    const log = new MemoryLog();
    const { metering } = stage(log, clock);
    metering.samples([register(clock.now(), 100)]);
    clock.stand(13 * 24 * hour);
    await clock.advance(1000);
    expect(log.live.length).toBe(13 * 96 - 1);
    expect(log.largest).toBeLessThanOrEqual(1000);
  });

  test('that come while one stage gives way to another are not lost', async () => {
    const clock = new ManualClock(midnight);
    const log = new MemoryLog();
    const { metering } = stage(log, clock);
    metering.samples([register(midnight, 500)]);
    await clock.advance(800_000);
    const stopped = metering.stop();
    await Promise.resolve();
    // Nothing since midnight, then all at once: without this reading the two quarters would be estimates.
    metering.samples([register(midnight + 899_000, 500)]);
    await stopped;
    await clock.advance(100_000);
    const next = stage(log, clock).metering;
    next.follow(metering);
    await clock.advance(intervalLength);
    next.samples([register(clock.now(), 590)]);
    await clock.advance(2000);
    expect(log.live.slice(-2)).toMatchObject([
      { start: midnight, kWh: expect.closeTo(0, 0), status: 'measured' },
      { start: midnight + intervalLength, kWh: expect.closeTo(90, 0), status: 'measured' },
    ]);
  });
});

describe('a history', () => {
  test('joins what is metered live without a gap and without counting twice', async () => {
    const start = midnight + 10 * hour + 400_000;
    const clock = new ManualClock(start);
    const log = new MemoryLog();
    const { metering } = stage(log, clock);
    const progress: number[] = [];
    const history = metering.importHistory(historyFile(midnight, midnight + 10 * hour), (done, total) =>
      progress.push(done / total),
    );
    metering.samples([register(start, 1040 + 4 / 9)]);
    await history;
    for (let i = 1; i <= 60; i++) {
      await clock.advance(60_000);
      metering.samples([register(clock.now(), 1040 + (clock.now() - midnight - 10 * hour) / intervalLength)]);
    }
    await clock.advance(2000);
    const all = [...log.history, ...log.live].filter((i) => i.equipment === 'main');
    expect(new Set(startsOf(all)).size).toBe(all.length);
    expect(all.map((i) => i.start)).toEqual(all.map((_, n) => midnight + n * intervalLength));
    expect(all.every((i) => i.status === 'measured' && Math.abs((i.kWh ?? 0) - 1) < 1e-6)).toBe(true);
    expect(progress.at(-1)).toBe(1);
  });

  test('is imported once, and an import that was cut off goes on where it stopped', async () => {
    const clock = new ManualClock(midnight + 30 * 24 * hour);
    const file = historyFile(midnight, clock.now());
    const log = new MemoryLog();
    log.failAfter = 2;
    await expect(stage(log, clock).metering.importHistory(file, () => {})).rejects.toThrow('power cut');
    expect(log.history.length).toBeGreaterThan(1000);
    log.failAfter = Number.POSITIVE_INFINITY;
    await stage(log, clock).metering.importHistory(file, () => {});
    await stage(log, clock).metering.importHistory(file, () => {});
    expect(new Set(startsOf(log.history)).size).toBe(log.history.length);
    expect(sum(log.history)).toBeCloseTo(30 * 96, 6);
  });

  test('that comes after live metering began ends where that begins', async () => {
    const clock = new ManualClock(midnight + 20 * hour);
    const log = new MemoryLog();
    const { metering } = stage(log, clock);
    for (let i = 0; i <= 60; i++) {
      metering.samples([register(clock.now(), 7000 + i)]);
      await clock.advance(60_000);
    }
    await metering.stop();
    const firstLive = log.live[0]?.start ?? 0;
    await stage(log, clock).metering.importHistory(historyFile(midnight, midnight + 21 * hour), () => {});
    const imported = log.history.filter((i) => i.equipment === 'main').map((i) => i.start);
    expect(Math.max(...imported)).toBe(firstLive - intervalLength);
    expect(imported.length).toBe(20 * 4);
  });

  test('raises what was odd in the last day alone', async () => {
    const now = midnight + 40 * 24 * hour + 6 * hour;
    const odd = [midnight + 20 * 24 * hour, midnight + 40 * 24 * hour];
    const leftOn = (time: number) => (odd.some((night) => time >= night && time < night + 4 * hour) ? 9 : 1);
    const { metering, findings } = stage(new MemoryLog(), new ManualClock(now));
    await metering.importHistory(historyFile(midnight, now, leftOn), () => {});
    expect(findings.filter((f) => f.equipment === 'main').map((f) => f.active)).toEqual([true, false]);
    for (const f of findings) expect(f.time).toBeGreaterThan(now - 24 * hour);
  });

  test.each([
    ['another head', 'when,what\n', /:1: the head is not time,equipment,point,value/],
    [
      'a time without its zone',
      'time,equipment,point,value\n2026-01-01T00:00,main,energyImport,1\n',
      /:2: `2026-01-01T00:00` is no time/,
    ],
    ['no number', 'time,equipment,point,value\n1800000000000,main,energyImport,\n', /:2: `` is no number/],
    [
      'a column too many',
      'time,equipment,point,value\n1800000000000,main,energyImport,1,2\n',
      /:2: a row has four columns/,
    ],
  ])('with %s is refused with its line', async (_, text, message) => {
    const file = join(directory, 'wrong.csv');
    writeFileSync(file, text);
    const { metering } = stage(new MemoryLog(), new ManualClock(midnight));
    await expect(metering.importHistory(file, () => {})).rejects.toThrow(message);
  });
});
