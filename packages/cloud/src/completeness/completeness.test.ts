import { join } from 'node:path';
import { ManualClock, silentLogger } from '@plantroom/base';
import { pointKey } from '@plantroom/model';
import { temporaryDirectory } from '@plantroom/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { touchedQuarters } from '../quarters.ts';
import { batchAt, modelWith, origin } from '../records/conformance-kit.ts';
import type { Records } from '../records/contract.ts';
import { openSqliteRecords } from '../records/sqlite-records.ts';
import { RollupMaker } from '../rollups/rollup-maker.ts';
import { frameName, frameOf, sampleAt } from '../time-series/conformance-kit.ts';
import type { TimeSeriesStore } from '../time-series/contract.ts';
import { openDuckdbStore } from '../time-series/duckdb-store.ts';
import { Completeness, type GatewayState } from './completeness.ts';
import { readPointDays } from './day-rollups.ts';
import { missingStretches } from './stretches.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const zone = 'Asia/Shanghai';
/** Midnight in Shanghai. */
const midnight = Date.UTC(2026, 10, 26, 16);
const silence = { period: 1000, maximumSilence: 57_000 };
const stale = 60_000;
const site = origin.site;

let directory: ReturnType<typeof temporaryDirectory>;
let store: TimeSeriesStore;
let records: Records;
let clock: ManualClock;
let state: GatewayState;
let sequence: number;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new ManualClock(midnight - day);
  store = await openDuckdbStore(join(directory.path, 'series'));
  records = await openSqliteRecords(join(directory.path, 'records.sqlite'), clock);
  sequence = 0;
  state = { id: 'gw-1', online: true, heardAt: null, backlog: { entries: 0, oldest: 0 }, quarantined: 0 };
  await learn(['flow', 'head'], midnight - day);
});

afterEach(async () => {
  await Promise.all([store.close(), records.close()]);
  directory.remove();
});

async function learn(points: string[], at: number): Promise<void> {
  const model = {
    ...modelWith(`revision-${points.length}`, 1),
    points: points.map((point) => ({ equipment: 'pump-1', point, ...silence })),
  };
  await records.saveModel(site, 'gw-1', model, at);
}

interface Run {
  readonly epoch?: string;
  readonly points?: readonly string[];
  /** Logged, but not stored. */
  readonly isLost?: boolean;
  readonly bad?: string;
}

/** The gateway reads and logs: a frame a minute, each point twice in it. */
async function run(from: number, to: number, { epoch = 'e1', points = ['flow', 'head'], isLost, bad }: Run = {}) {
  const frames = [];
  for (let at = midnight + from; at < midnight + to; at += minute) {
    const samples = [0, 30_000].flatMap((ms) =>
      points.map((point) =>
        point === bad
          ? sampleAt(at + ms, null, { point, quality: 'bad', reason: 'no-answer' })
          : sampleAt(at + ms, (at / minute) % 7, { point }),
      ),
    );
    frames.push(frameOf(frameName(++sequence, { epoch }), samples));
  }
  if (isLost) return;
  await store.write(frames);
  const entries = frames.map(({ frame, samples }) => ({
    entry: { ...frame, lane: 'telemetry' as const },
    samples: samples.times.length,
    oldestGatewayTime: samples.times[0] ?? 0,
    newestGatewayTime: samples.times.at(-1) ?? 0,
    quarters: touchedQuarters(samples, stale),
  }));
  await records.commitTelemetry(entries, clock.now());
}

async function statement(now = midnight + day + hour) {
  await clock.advance(Math.max(0, now - clock.now()));
  const sites = async () => new Map([[site, { timezone: zone, hold: () => stale, longestHold: stale }]]);
  const maker = new RollupMaker({ store, records, sites, clock, logger: silentLogger, retention: 90 });
  await maker.round();
  await clock.advance(minute);
  await maker.round();
  const completeness = new Completeness({ store, records, gateways: async () => [state], clock });
  const start = completeness.dayStart('2026-11-27', zone);
  expect(start).toBe(midnight);
  return { ...(await completeness.statement(site, midnight, zone)), completeness };
}

type Made = Awaited<ReturnType<typeof statement>>;
const holes = ({ holes }: Made) =>
  holes.map((h) => [
    (h.from - midnight) / hour,
    (h.to - midnight) / hour,
    h.cause,
    h.points.map((p) => p.point).join(),
  ]);

it('says plainly that a day is complete', async () => {
  await run(-hour, day + hour);
  const made = await statement(midnight + day + 2 * hour);
  expect([made.verdict, made.day, holes(made)]).toEqual(['complete', '2026-11-27', []]);
  expect(made.gateways).toMatchObject([
    { points: 2, complete: 2, coverage: 1, stored: 2 * 2 * 1440, expected: 2 * Math.floor(day / 58_000), missing: [] },
  ]);
  const { items } = await made.completeness.days(site, midnight - day, midnight + day, zone);
  expect(items.map((i) => [i.day, i.coverage && Math.round(i.coverage * 100)])).toEqual([
    ['2026-11-26', 4],
    ['2026-11-27', 100],
  ]);
});

it('is open until the day is over and examined', async () => {
  await run(-hour, 2 * hour);
  const made = await statement(midnight + 2 * hour);
  expect([made.verdict, (made.examinedTo - midnight) / hour, holes(made)]).toEqual(['open', 2, []]);
});

it('names what a gateway still holds, and is complete once it has come', async () => {
  await run(-hour, 10 * hour);
  const held = sequence;
  await run(10 * hour, 12 * hour, { isLost: true });
  await run(12 * hour, day + hour);
  state = { ...state, backlog: { entries: 120, oldest: 15 * hour } };
  const made = await statement();
  expect([made.verdict, holes(made)]).toEqual(['incomplete', [[10, 12, 'buffered', 'flow,head']]]);
  expect(made.gateways[0]?.missing).toMatchObject([{ first: held + 1, last: held + 120, cause: 'buffered' }]);
  const newest = sequence;
  sequence = held;
  await run(10 * hour, 12 * hour);
  sequence = newest;
  state = { ...state, backlog: { entries: 0, oldest: 0 } };
  const later = await statement();
  expect([later.verdict, holes(later), later.gateways[0]?.missing]).toEqual(['complete', [], []]);
});

it('names what the gateway had to give up by its own word', async () => {
  await run(-hour, 10 * hour);
  const [first, fromTime] = [sequence + 1, midnight + 10 * hour];
  await run(10 * hour, 11 * hour, { isLost: true });
  const gap = {
    ...{
      id: `e1-telemetry-${first}-${sequence}`,
      lane: 'telemetry' as const,
      fromSequence: first,
      toSequence: sequence,
    },
    ...{ fromTime, toTime: midnight + 11 * hour - 30_000, samples: 240, reason: 'dropped' as const },
  };
  await records.commitEvents(batchAt(1, { gaps: [gap] }));
  await run(11 * hour, day + hour);
  const made = await statement();
  expect([made.verdict, holes(made)]).toEqual(['incomplete', [[10, 11, 'dropped', 'flow,head']]]);
  expect(made.gateways[0]).toMatchObject({
    given: { thinned: 0, dropped: 240, corrupt: 0 },
    coverage: 1 - 59.5 / 1440,
  });
});

it('tells a silent device, a stopped gateway and what nobody can explain apart', async () => {
  await run(-hour, 6 * hour);
  await run(6 * hour, 6 * hour + minute, { bad: 'head' });
  await run(6 * hour + minute, 8 * hour, { points: ['flow'] });
  await run(8 * hour, 10 * hour);
  sequence = 0;
  await run(11 * hour, 13 * hour, { epoch: 'e2' });
  await run(13 * hour, 15 * hour, { epoch: 'e2', points: ['head'] });
  await run(15 * hour, day + hour, { epoch: 'e2' });
  const made = await statement();
  expect(holes(made)).toEqual([
    [6, 8, 'device-silent', 'head'],
    [10, 11, 'stopped', 'flow,head'],
    [13, 15, 'unknown', 'flow'],
  ]);
  expect(made.verdict).toBe('incomplete');
  // A large site is read in another way than a small one, and a day that is made in another than one that is not.
  const names = ['flow', 'head'].map((point) => ({ equipment: 'pump-1', point }));
  const many = [...names, ...Array.from({ length: 150 }, (_, n) => ({ equipment: 'pump-2', point: `p[${n}]` }))];
  const range = { site, from: midnight, to: midnight + day };
  const read = async (of: typeof names, isMade: boolean) => {
    const days = await readPointDays(store, range, of, isMade);
    return names.map((n) => missingStretches(range, days.get(pointKey(n.equipment, n.point)) ?? nothing));
  };
  const small = await read(names, false);
  expect([await read(many, false), await read(names, true), await read(many, true)]).toEqual([small, small, small]);
});

const nothing = { quarters: [], minutes: [], wasSilent: false };

it('takes the minute in which a device comes back for its silence, and nothing after it', async () => {
  await run(-hour, 6 * hour);
  await run(6 * hour, 6 * hour + minute, { bad: 'head' });
  await run(6 * hour + minute, 6 * hour + 6 * minute, { points: ['flow'] });
  await run(6 * hour + 6.75 * minute, 9 * hour);
  await run(9 * hour, 9 * hour + minute, { bad: 'head' });
  await run(9 * hour + minute, 9 * hour + 6 * minute, { points: ['flow'] });
  await run(9 * hour + 6.75 * minute, 9 * hour + 7 * minute);
  await run(9 * hour + 20 * minute, day + hour);
  expect(holes(await statement()).filter(([, , , points]) => points === 'head')).toEqual([
    [6, 6 + 7 / 60, 'device-silent', 'head'],
    [9, 9 + 7 / 60, 'device-silent', 'head'],
  ]);
});

it('knows a device that fell silent days before, and said so once', async () => {
  await run(-60 * hour, -59 * hour);
  await run(-59 * hour, -59 * hour + minute, { bad: 'head' });
  await run(-59 * hour + minute, day + hour, { points: ['flow'] });
  expect(holes(await statement())).toEqual([[0, 24, 'device-silent', 'head']]);
});

it('explains a hole from its first minute on, though a window begins within it', async () => {
  await run(-hour, 10 * hour);
  await run(10 * hour, 10 * hour + minute, { points: ['flow'] });
  sequence = 0;
  await run(10.5 * hour, day + hour, { epoch: 'e2' });
  expect(holes(await statement())).toEqual([
    [10, 10.5, 'stopped', 'head'],
    [10 + 1 / 60, 10.5, 'stopped', 'flow'],
  ]);
});

it('asks nothing of a point before it came to be', async () => {
  await run(-hour, 9 * hour);
  await learn(['flow', 'head', 'speed'], midnight + 9 * hour);
  await run(9 * hour, 9 * hour + minute);
  await run(9 * hour + minute, day + hour, { points: ['flow', 'head', 'speed'] });
  const made = await statement();
  expect([made.verdict, holes(made)]).toEqual(['complete', [[0, 9 + 1 / 60, 'not-enrolled', 'speed']]]);
  expect(made.gateways[0]).toMatchObject({ points: 3, complete: 3, coverage: 1 });
});

it('lets values from before a point was owed any not stand in for those that are missing later', async () => {
  const all = { points: ['flow', 'head', 'speed'] };
  await run(-hour, 9 * hour, all);
  await learn(all.points, midnight + 9 * hour);
  await run(9 * hour, 12 * hour, all);
  await run(12 * hour, 13 * hour, { points: ['flow', 'head'] });
  await run(13 * hour, day + hour, all);
  const made = await statement();
  expect(made.verdict).toBe('incomplete');
  expect(holes(made)).toEqual([[12, 13, 'unknown', 'speed']]);
  expect(made.gateways[0]?.coverage).toBeCloseTo(1 - 60 / (2 * 1440 + 15 * 60 - 1), 3);
});

it('tells what is missing before what was not there yet', async () => {
  await run(-hour, 9 * hour);
  await learn(['flow', 'head', 'speed'], midnight + 9 * hour);
  await run(9 * hour, 12 * hour, { points: ['flow', 'head', 'speed'] });
  await run(12 * hour, 13 * hour, { points: ['flow', 'speed'] });
  await run(13 * hour, day + hour, { points: ['flow', 'head', 'speed'] });
  const made = await statement();
  expect(made.holes.map((h) => h.cause)).toEqual(['unknown', 'not-enrolled']);
  const { items } = await made.completeness.days(site, midnight - day, midnight + 2 * day, zone);
  expect(items.map((i) => [i.day, i.over, i.coverage === null])).toEqual([
    ['2026-11-26', true, false],
    ['2026-11-27', true, false],
    ['2026-11-28', false, true],
  ]);
});

it('takes what is missing of a gateway that is away for what it holds', async () => {
  await run(-hour, 20 * hour);
  state = { ...state, online: false, backlog: null };
  const made = await statement();
  expect(holes(made)).toEqual([[20, 24, 'buffered', 'flow,head']]);
});
