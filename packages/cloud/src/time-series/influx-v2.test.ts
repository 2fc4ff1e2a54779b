import { silentLogger } from '@plantroom/base';
import { type RunningDatabase, startInfluxdb, withoutServices } from '@plantroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { timeSeriesConformance } from './conformance.ts';
import { frameName, frameOf, sampleAt } from './conformance-kit.ts';
import { openInfluxV2 } from './influx-v2.ts';
import { InfluxV2Server, token } from './testing/influx-v2-server.ts';

const start = Date.UTC(2026, 0, 31, 23, 45);
const flow = { site: 'harbour', equipment: 'pump-1', point: 'flow', from: 0, to: 4e12 };
const write = '/api/v2/write';

let behind: RunningDatabase;
let server: InfluxV2Server;
let names = 0;
let bucket: string;
beforeAll(async () => {
  if (!withoutServices) behind = await startInfluxdb();
});
afterAll(() => behind?.stop());
beforeEach(async () => {
  if (withoutServices) return;
  server = await new InfluxV2Server(behind.url).start();
  bucket = `bucket_${names++}`;
});
afterEach(() => server?.stop());

const open = (more: { retention?: number; rollups?: { minute?: number }; org?: string; token?: string } = {}) =>
  openInfluxV2({ url: server.url, org: 'plant', bucket, token, logger: silentLogger, ...more });

describe.skipIf(withoutServices)('the store in InfluxDB 2', () => {
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

it.skipIf(withoutServices)(
  'makes its buckets once, with the retention that it is told, and maps them where the server does not',
  async () => {
    server.mapsByItself = false;
    await (await open()).close();
    const names = [bucket, `${bucket}/minutes`, `${bucket}/quarters`, `${bucket}/days`];
    const kept = (...days: number[]) =>
      names.map((name, n) => ({ name, orgID: 'org-1', retentionRules: [{ everySeconds: (days[n] ?? 0) * 86_400 }] }));
    expect(server.buckets).toMatchObject(kept());
    await (await open({ retention: 400, rollups: { minute: 730 } })).close();
    await (await open()).close();
    expect(server.buckets).toMatchObject(kept(400, 730));
    expect(server.mappings).toMatchObject(
      ['autogen', 'minutes', 'quarters', 'days'].map((policy, n) => ({
        ...{ bucketID: `bucket-${n}`, database: bucket, retention_policy: policy, default: n === 0 },
      })),
    );
  },
);

it.skipIf(withoutServices).each<[string, Parameters<typeof open>[0], RegExp]>([
  ['a token that is not known', { token: 'another' }, /401: unauthorized access.*token/],
  ['an organisation that is not there', { org: 'nobody' }, /no organisation nobody/],
])('says what is wrong with %s', async (_, options, message) => {
  await expect(
    open(options).catch((error) => Promise.reject(new Error(`${error.message} ${error.hint}`))),
  ).rejects.toThrow(message);
});

it.skipIf(withoutServices)('says so when something else answers for it', async () => {
  server.script.push({ path: '/api/v2/buckets', status: 200, body: '<html>Please sign in</html>' });
  await expect(open()).rejects.toMatchObject({
    code: 'time-series-open',
    message: expect.stringContaining('something else'),
  });
});

it.skipIf(withoutServices)(
  'answers for nothing before 204, whatever else is said, and then has each sample once',
  async () => {
    const store = await open();
    const frames = [frameOf(frameName(1), [sampleAt(start, 1), sampleAt(start + 1, null, { quality: 'bad' })])];
    const answers = [
      { status: 201 },
      { status: 200, body: '<html>Please sign in</html>', headers: { 'x-influxdb-version': '' } },
      { status: 401, body: { code: 'unauthorized', message: 'unauthorized access' } },
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 503, body: { code: 'unavailable', message: 'hinted handoff queue not empty' } },
    ];
    for (const answer of answers) {
      server.script.push({ path: write, ...answer });
      await expect(store.write(frames)).rejects.toMatchObject({ code: 'time-series-unavailable' });
    }
    expect(await store.raw(flow, 9)).toEqual([]);
    for (let n = 0; n < 2; n++) expect(await store.write(frames)).toEqual([]);
    expect((await store.raw(flow, 9)).map((r) => r.value)).toEqual([1, null]);
    await store.close();
  },
);

it.skipIf(withoutServices)('finds the frame that a 422 is about and stores the others', async () => {
  const store = await open();
  const lines = `pump,site=harbour,equipment=pump-1,point=flow value="text" ${start}`;
  await fetch(`${behind.url}/write?db=${bucket}&precision=ms`, { method: 'POST', body: lines });
  const good = frameOf(frameName(2), [sampleAt(start, 2)], 'water-tank');
  const refused = await store.write([frameOf(frameName(1), [sampleAt(start + 1, 1)]), good]);
  expect(refused).toMatchObject([{ frame: { sequence: 1 }, code: 'invalid' }]);
  expect((await store.raw(flow, 9)).map((r) => r.value)).toContain(2);
  await store.close();
});

it.skipIf(withoutServices).each([
  ['an error of a statement', { results: [{ error: 'timeout' }] }, /timeout/],
  ['a result that was cut off', { results: [{ series: [{ values: [], partial: true }] }] }, /cut off/],
  ['what is not a result', { answer: 42 }, undefined],
])('does not take %s for data', async (_, body, message) => {
  const store = await open();
  server.script.push({ path: '/query', status: 200, body });
  const reading = store.raw(flow, 9);
  if (message) await expect(reading).rejects.toThrow(message);
  else await expect(reading).rejects.toMatchObject({ code: 'time-series-read' });
  await store.close();
});
