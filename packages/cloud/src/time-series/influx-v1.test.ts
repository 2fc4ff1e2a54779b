import { silentLogger } from '@plantroom/base';
import { freePort, type RunningDatabase, startInfluxdb, withoutServices } from '@plantroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { timeSeriesConformance } from './conformance.ts';
import { frameName, frameOf, sampleAt } from './conformance-kit.ts';
import type { StoredSample, TimeSeriesStore } from './contract.ts';
import { openInfluxV1 } from './influx-v1.ts';

const start = Date.UTC(2026, 0, 31, 23, 45);
const flow = { site: 'harbour', equipment: 'pump-1', point: 'flow', from: 0, to: 4e12 };
const silent = { quality: 'bad', reason: 'no-answer' } as const;
const frame = (sequence: number, ...samples: StoredSample[]) => frameOf(frameName(sequence), samples);

/** Bodies of more bytes are answered with 413. */
const largestBody = 20_000;
let server: RunningDatabase;
let databases = 0;
let database: string;
beforeAll(async () => {
  if (!withoutServices) server = await startInfluxdb([`max-body-size = ${largestBody}`]);
});
afterAll(() => server?.stop());
beforeEach(() => {
  database = `database_${databases++}`;
});

const open = (more: { retention?: number; rollups?: { minute?: number } } = {}) =>
  openInfluxV1({ url: server.url, database, logger: silentLogger, ...more });

/** What the server itself says to a query. */
async function ask(query: string): Promise<unknown[][]> {
  const response = await fetch(`${server.url}/query?${new URLSearchParams({ db: database, epoch: 'ms', q: query })}`);
  const { results } = (await response.json()) as { results: { series?: { values: unknown[][] }[] }[] };
  return results[0]?.series?.flatMap((s) => s.values) ?? [];
}

describe.skipIf(withoutServices)('the store in InfluxDB 1', () => {
  it.each(timeSeriesConformance)('$name', async ({ run }) => {
    let store = await open();
    const reopen = async () => {
      await store.close();
      store = await open();
    };
    try {
      await run({ store: () => store, reopen });
    } finally {
      await store.close();
    }
  });
});

describe.skipIf(withoutServices)('a database of InfluxDB 1', () => {
  let store: TimeSeriesStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  it('holds a frame that is delivered again once, its valueless samples too', async () => {
    const samples = [sampleAt(start, 1), sampleAt(start + 1, null, silent), sampleAt(start + 2, 0.1)];
    for (let n = 0; n < 3; n++) expect(await store.write([frame(1, ...samples)])).toEqual([]);
    expect(await ask('SELECT count(value), count(quality), count(lag) FROM pump')).toEqual([[0, 2, 3, 3]]);
    expect(await ask('SHOW SERIES')).toEqual([['pump,equipment=pump-1,point=flow,site=harbour']]);
  });

  it('takes a body that is too large for it in parts', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => sampleAt(start + n, n));
    expect(await store.write([frame(1, ...many)])).toEqual([]);
    expect(await ask('SELECT count(value) FROM pump')).toEqual([[0, 3000]]);
  });

  it('refuses the frame with a sample whose field has another type, and stores the others', async () => {
    const lines = `pump,site=harbour,equipment=pump-1,point=flow value="text" ${start}`;
    await fetch(`${server.url}/write?db=${database}&precision=ms`, { method: 'POST', body: lines });
    const other = frameOf(frameName(2), [sampleAt(start, 2)], 'water-tank');
    const refused = await store.write([frame(1, sampleAt(start + 1, 1)), other]);
    expect(refused).toMatchObject([{ frame: { sequence: 1 }, code: 'invalid' }]);
    expect(refused[0]?.reason).toContain('field type conflict');
    expect(await ask('SELECT value FROM "water-tank"')).toEqual([[start, 2]]);
  });

  it('counts bad values never and shows them always, with gaps as gaps', async () => {
    const bad = { quality: 'bad', reason: 'out-of-range' } as const;
    const samples = [sampleAt(start, 999, bad), sampleAt(start + 60_000, 1), sampleAt(start + 60_001, 888, bad)];
    await store.write([frame(1, ...samples)]);
    expect((await store.raw(flow, 9)).map((r) => r.value)).toEqual([999, 1, 888]);
    expect((await store.steps(flow, 60_000, 0)).map((s) => [s.time, s.mean, s.count, s.quality])).toEqual([
      [start, null, 0, 204],
      [start + 60_000, 1, 1, 204],
    ]);
  });

  it('reads an equipment whose kind was corrected as one series', async () => {
    const at = [sampleAt(start, 1), sampleAt(start + 2000, 3)];
    await store.write([frameOf(frameName(1), at, 'water-tank'), frame(2, sampleAt(start + 1000, 2))]);
    expect((await store.raw(flow, 2)).map((r) => r.value)).toEqual([1, 2]);
    expect(await store.steps(flow, 60_000, 0)).toMatchObject([{ mean: 2, minimum: 1, maximum: 3, count: 3 }]);
    expect(await store.latest(start + 60_000)).toMatchObject([{ value: 3, changedAt: start + 2000 }]);
  });

  it('knows since when a value is missing, and since when it is back', async () => {
    const at = (minutes: number, value: number | null) =>
      sampleAt(start + minutes * 60_000, value, value === null ? silent : {});
    await store.write([frame(1, at(0, 7), at(1, 7), at(2, null), at(3, null), at(4, 7), at(5, 7))]);
    const changedAt = async (minutes: number) => (await store.latest(start + minutes * 60_000))[0]?.changedAt;
    expect(await changedAt(1)).toBe(start);
    expect(await changedAt(3)).toBe(start + 2 * 60_000);
    expect(await changedAt(9)).toBe(start + 4 * 60_000);
  });

  it.each(["flow' OR 1=1 --", "flow\\' OR 1=1 --", 'flow"; DROP DATABASE x', 'flow\nx'])(
    'has no series of the name %j, and asks the server nothing',
    async (point) => {
      await store.write([frame(1, sampleAt(start, 1))]);
      expect(await store.raw({ ...flow, point }, 9)).toEqual([]);
      expect(await store.steps({ ...flow, equipment: point }, 60_000, 0)).toEqual([]);
    },
  );
});

it.skipIf(withoutServices)('keeps samples for as long as it is told, and refuses frames that are older', async () => {
  await (await open()).close();
  const policy = async () => (await ask(`SHOW RETENTION POLICIES ON ${database}`))[0]?.slice(1, 3);
  expect(await policy()).toEqual(['0s', '720h0m0s']);
  const store = await open({ retention: 400 });
  const now = Date.now();
  const old = frame(1, sampleAt(now, 1), sampleAt(now - 500 * 86_400_000, 2));
  const refused = await store.write([old, frame(2, sampleAt(now - 1000, 3))]);
  expect(refused).toMatchObject([{ frame: { sequence: 1 }, code: 'too-old' }]);
  expect((await store.raw(flow, 9)).map((r) => r.value)).toContain(3);
  await store.close();
  await (await open()).close();
  expect(await policy()).toEqual(['9600h0m0s', '720h0m0s']);
});

it.skipIf(withoutServices)('keeps rollups for as long as it is told, apart from the samples', async () => {
  const policies = async () => (await ask(`SHOW RETENTION POLICIES ON ${database}`)).map((p) => p.slice(0, 2));
  await (await open()).close();
  expect(await policies()).toEqual([
    ['autogen', '0s'],
    ['minutes', '0s'],
    ['quarters', '0s'],
    ['days', '0s'],
  ]);
  await (await open({ retention: 90, rollups: { minute: 730 } })).close();
  await (await open()).close();
  expect(await policies()).toEqual([
    ['autogen', '2160h0m0s'],
    ['minutes', '17520h0m0s'],
    ['quarters', '0s'],
    ['days', '0s'],
  ]);
});

it.skipIf(withoutServices)('says what is wrong when it cannot be opened', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  await expect(openInfluxV1({ url, database, logger: silentLogger })).rejects.toMatchObject({
    code: 'time-series-unavailable',
    message: expect.stringContaining(url),
  });
  const guarded = await startInfluxdb(['auth-enabled = true']);
  const admin = "CREATE USER ada WITH PASSWORD 'secret' WITH ALL PRIVILEGES";
  // InfluxDB sends the head of its answer before it has run the statement: only the body says that the user exists.
  const made = await fetch(`${guarded.url}/query?${new URLSearchParams({ q: admin })}`, { method: 'POST' });
  expect(await made.json()).toEqual({ results: [{ statement_id: 0 }] });
  const options = { url: guarded.url, database, logger: silentLogger, user: 'ada' };
  await expect(openInfluxV1({ ...options, password: 'wrong' })).rejects.toThrow(/authorization failed/);
  const store = await openInfluxV1({ ...options, password: 'secret' });
  await store.write([frame(1, sampleAt(start, 1))]);
  expect(await store.raw(flow, 9)).toHaveLength(1);
  await store.close();
  await guarded.stop();
});

it.skipIf(withoutServices)('does not answer for what a server that is gone has not taken', async () => {
  const going = await startInfluxdb();
  const store = await openInfluxV1({ url: going.url, database, logger: silentLogger });
  await going.stop();
  await expect(store.write([frame(1, sampleAt(start, 1))])).rejects.toMatchObject({ code: 'time-series-unavailable' });
  await expect(store.raw(flow, 9)).rejects.toMatchObject({ code: 'time-series-read' });
  await store.close();
});

it.skipIf(withoutServices)('has what it answered for through kill -9 of the server, each once', async () => {
  const killed = await startInfluxdb();
  const store = await openInfluxV1({ url: killed.url, database, logger: silentLogger });
  const frames = [1, 2, 3].map((n) => frame(n, sampleAt(start + n, n), sampleAt(start + 1000 + n, null, silent)));
  expect(await store.write(frames)).toEqual([]);
  await killed.restart('SIGKILL');
  for (let n = 0; n < 2; n++) await store.write(frames.slice(1)).catch(() => store.write(frames.slice(1)));
  expect((await store.raw(flow, 99)).map((r) => r.value)).toEqual([1, 2, 3, null, null, null]);
  await store.close();
  await killed.stop();
});
