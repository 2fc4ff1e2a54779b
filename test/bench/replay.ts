import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { startInfluxdb, startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { OutboxLog } from '../../packages/gateway/src/outbox/log-sqlite.ts';
import { atLeast, atMost, type Bench, type Figure, orientation } from './figure.ts';
import { BenchChild } from './gateway-child.ts';
import type { DrainAnswer, DrainQuestion } from './outbox-drain.ts';
import { address, model, points, Readings } from './outbox-plant.ts';

const cloudMain = join(import.meta.dirname, '..', '..', 'packages', 'cloud', 'src', 'main.ts');

/** What an outage of so many seconds, which ends now, leaves in the log. */
function writeBacklog(file: string, seconds: number): void {
  const end = systemClock.now();
  let now = end - seconds * 1000;
  const log = new OutboxLog({
    file,
    ...address,
    capacity: { maximumBytes: 4 * 1024 ** 3, freeFloor: 0 },
    now: () => now,
  });
  log.useModel(model);
  const readings = new Readings();
  for (; now < end; now += 1000) log.append([{ lane: 'telemetry', samples: readings.frame(now) }], {});
  log.close();
}

/** Drains an outage's log to a cloud with this configuration, in processes of their own. */
async function drainTo(store: string, config: string, seconds: number): Promise<Figure[]> {
  using folder = temporaryDirectory('plantroom-bench');
  const at = (name: string) => join(folder.path, name);
  const file = at('outbox.sqlite');
  writeBacklog(file, seconds);
  writeFileSync(at('cloud.yaml'), config);
  const enrolment = ['--enrol', `${address.site}/${address.gateway}:${at('secret')}`];
  const args = [cloudMain, '--data', at('data'), '--config', at('cloud.yaml'), ...enrolment];
  const cloud = startProcess(process.execPath, args);
  try {
    const port = await until('the cloud is ready', () => /"mqttPort":(\d+)/.exec(cloud.stdout())?.[1], {
      timeout: 30_000,
    });
    const { child } = await BenchChild.start<DrainQuestion, DrainAnswer>('outbox-drain.ts');
    using gateway = child;
    const secret = readFileSync(at('secret'), 'utf8').trim();
    const { samples, elapsed, waits } = await gateway.ask({ file, port: Number(port), secret });
    const sorted = [...waits].sort((a, b) => a - b);
    return [
      atLeast(`${store}: backlog stored and acknowledged`, (samples * 1000) / elapsed, 'samples/s', 100_000),
      atMost(`${store}: longest wait of current values meanwhile`, (sorted.at(-1) ?? 0) / 1000, 's', 2),
      orientation(`${store}: median wait of current values`, (sorted[sorted.length >> 1] ?? 0) / 1000, 's'),
      orientation(`${store}: current frames`, waits.length, 'frames'),
      orientation(`${store}: backlog`, samples, 'samples'),
    ];
  } finally {
    await cloud.stop('SIGKILL');
  }
}

const stores: Readonly<Record<string, (seconds: number) => Promise<Figure[]>>> = {
  duckdb: (seconds) => drainTo('DuckDB', 'timeSeries: { store: duckdb, retention: forever }\n', seconds),
  'influx-v1': async (seconds) => {
    const server = await startInfluxdb();
    try {
      const config = `timeSeries: { store: influx-v1, url: "${server.url}", database: replay, retention: forever }\n`;
      return await drainTo('InfluxDB 1.6', config, seconds);
    } finally {
      await server.stop();
    }
  },
};

/** `--seconds` is the length of the outage, `--store` one of the stores. */
export const bench: Bench = {
  about: `an outage at ${points} points a second drains from the gateway's log while current values go on each second`,
  async run({ seconds = '900', store }) {
    const figures: Figure[] = [];
    for (const [name, drain] of Object.entries(stores))
      if (store === undefined || store === name) figures.push(...(await drain(Number(seconds))));
    return figures;
  },
};
