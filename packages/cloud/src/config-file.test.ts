import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@plantroom/testing';
import { afterEach, expect, it } from 'vitest';
import { readCloudFile } from './config-file.ts';
import { usualRetention } from './time-series/contract.ts';

const folder = temporaryDirectory();
const file = join(folder.path, 'cloud.yaml');
afterEach(() => delete process.env.INFLUX_TOKEN);

function read(...lines: string[]) {
  writeFileSync(file, lines.join('\n'));
  return readCloudFile(file).timeSeries;
}

function readRecords(...lines: string[]) {
  writeFileSync(file, ['records:', ...lines.map((line) => `  ${line}`)].join('\n'));
  return readCloudFile(file).records;
}

const v2 = ['timeSeries:', '  store: influx-v2', '  url: http://influxdb:8086', '  org: plant'];

it('keeps time series in DuckDB unless told', () => {
  expect(read('timeSeries: { store: duckdb }')).toEqual({ store: 'duckdb', retention: usualRetention });
  expect(read('{}')).toEqual({ store: 'duckdb', retention: usualRetention });
});

it('fills secrets in, from a file beside it or from the environment', () => {
  writeFileSync(join(folder.path, 'influx.secret'), 'from a file\n');
  process.env.INFLUX_TOKEN = 'from the environment';
  expect(read(...v2, '  token: { env: INFLUX_TOKEN }', '  retention: 400')).toEqual({
    ...{ store: 'influx-v2', url: 'http://influxdb:8086', org: 'plant', bucket: 'plantroom' },
    ...{ token: 'from the environment', retention: { ...usualRetention, samples: 400 } },
  });
  expect(
    read(
      'timeSeries:',
      '  { store: influx-v1, url: "https://db/influx", user: ada, password: { file: influx.secret } }',
    ),
  ).toMatchObject({ database: 'plantroom', user: 'ada', password: 'from a file' });
});

it('keeps samples and rollups for as long as it is told', () => {
  const kept = (text: string) => read(`timeSeries: { store: duckdb, retention: ${text} }`).retention;
  expect(kept('forever')).toEqual({ ...usualRetention, samples: Number.POSITIVE_INFINITY });
  expect(kept('{ samples: 31, minutes: 100, quarters: forever, days: 4000 }')).toEqual({
    ...{ samples: 31, minute: 100, quarter: Number.POSITIVE_INFINITY, day: 4000 },
  });
  expect(kept('{ quarters: 1000 }')).toEqual({ ...usualRetention, quarter: 1000 });
  for (const wrong of ['0', 'always', '{ hours: 5 }']) expect(() => kept(wrong)).toThrow(/retention/);
});

it('keeps records in SQLite unless told', () => {
  writeFileSync(file, '{}');
  expect(readCloudFile(file).records).toEqual({ store: 'sqlite' });
  writeFileSync(join(folder.path, 'records.secret'), 'from a file\n');
  const url = 'postgres://plantroom@db:5432/plantroom?sslmode=verify-full';
  expect(readRecords('store: postgres', `url: ${url}`, 'password: { file: records.secret }')).toEqual({
    ...{ store: 'postgres', url, password: 'from a file' },
  });
  const socket = 'postgres:///plantroom?host=/run/postgresql';
  expect(readRecords('store: postgres', `url: ${socket}`, 'connections: 4')).toMatchObject({ connections: 4 });
});

it('reads how to reach a broker that runs by itself', () => {
  for (const name of ['ca.pem', 'cloud.pem', 'cloud.key', 'password', 'admin'])
    writeFileSync(join(folder.path, name), name);
  const more =
    'ca: ca.pem, certificate: cloud.pem, key: cloud.key, enrolment: { user: admin, password: { file: admin } }';
  writeFileSync(file, `broker: { url: "mqtts://mq:8883", user: cloud, password: { file: password }, ${more} }`);
  expect(readCloudFile(file).broker).toEqual({
    ...{ url: 'mqtts://mq:8883', username: 'cloud', password: 'password' },
    ...{ ca: 'ca.pem', cert: 'cloud.pem', key: 'cloud.key', enrolment: { username: 'admin', password: 'admin' } },
  });
  writeFileSync(file, 'broker: { url: "mqtt://ada:secret@mq" }');
  expect(() => readCloudFile(file)).toThrow(/write a broker such as/);
  writeFileSync(file, 'broker: { url: "mqtts://mq", ca: nowhere.pem }');
  expect(() => readCloudFile(file)).toThrow(/cloud\.yaml:1: .*nowhere\.pem cannot be read/);
});

it.each([
  ['a password in the address', 'postgres://ada:secret@db/plantroom'],
  ['a password as a parameter', 'postgres://db/plantroom?password=secret'],
  ['no database', 'postgres://db'],
  ['another protocol', 'mysql://db/plantroom'],
  ['no address', 'db'],
])('refuses %s', (_, url) => {
  expect(() => readRecords('store: postgres', `url: ${url}`)).toThrow(/cloud\.yaml:3: .*postgres:\/\/plantroom@db/);
});

it('names the line of a password that is not there', () => {
  const lines = ['store: postgres', 'url: postgres://db/plantroom', 'password: { file: nowhere }'];
  expect(() => readRecords(...lines)).toThrow(/cloud\.yaml:4: .*nowhere cannot be read/);
});

it.each([
  ['a secret in the file', [...v2, '  token: abc'], /cloud\.yaml:5: /],
  ['no token', v2, /`timeSeries.token`.*; write \{ file/],
  ['a variable that is not set', [...v2, '  token: { env: INFLUX_TOKEN }'], /cloud\.yaml:5: .*INFLUX_TOKEN is not set/],
  ['a secret file that is not there', [...v2, '  token: { file: nowhere }'], /cloud\.yaml:5: .*nowhere cannot be read/],
  ['a store that is not known', ['timeSeries: { store: influx-v3 }'], /influx-v1/],
  ['a key that is not known', ['timeSeries: { store: duckdb, url: x }'], /unknown key `url`/],
  ['credentials in the address', ['timeSeries: { store: influx-v1, url: "http://a:b@db" }'], /write an address/],
  [
    'a database with a quote',
    ['timeSeries: { store: influx-v1, url: "http://db", database: "a\\"b" }'],
    /letters, digits/,
  ],
])('says what is wrong, and where, with %s', (_, lines, message) => {
  expect(() => read(...lines)).toThrow(message);
});
