import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import {
  type RunningDatabase,
  type RunningMosquitto,
  type RunningPostgres,
  type RunningProcess,
  startInfluxdb,
  startMosquitto,
  startPostgres,
  startProcess,
  temporaryDirectory,
  until,
} from '@plantroom/testing';
import { enrolAtBroker } from '../../../packages/cloud/src/main.ts';
import { openInfluxV1 } from '../../../packages/cloud/src/time-series/influx-v1.ts';
import { Api } from './api.ts';
import { points, type SendingGateway, site, type Way } from './sending-gateway.ts';

const cloudMain = join(import.meta.dirname, '..', '..', '..', 'packages', 'cloud', 'src', 'main.ts');

/** A cloud of several processes, each with its roles, behind real servers. */
export interface Estate {
  readonly mosquitto: RunningMosquitto;
  readonly postgres: RunningPostgres;
  readonly influxdb: RunningDatabase;
  readonly api: Api;
  /** Another process with the same work. */
  readonly otherApi: Api;
  /** Starts a process of the cloud; resolves when it is ready. */
  start(name: string, roles: string): Promise<RunningProcess>;
  /** How an enrolled gateway gets to the broker. */
  way(gateway: string): Way;
  stop(): Promise<void>;
}

/** Starts the servers, enrols the gateways and starts two processes that serve the API. */
export async function startEstate(gateways: readonly string[]): Promise<Estate> {
  const folder = temporaryDirectory('plantroom-estate');
  const at = (name: string) => join(folder.path, name);
  const [mosquitto, postgres, influxdb] = await Promise.all([startMosquitto(), startPostgres(), startInfluxdb()]);
  const database = await postgres.createDatabase();
  writeFileSync(at('admin'), mosquitto.admin.password);
  writeFileSync(at('cloud'), 'a-password-of-the-cloud');
  writeFileSync(at('postgres'), postgres.password);
  writeFileSync(at('ca.pem'), mosquitto.ca);
  writeFileSync(
    at('cloud.yaml'),
    `broker:
  url: ${mosquitto.secureUrl}
  user: cloud
  password: { file: cloud }
  ca: ca.pem
  enrolment: { user: ${mosquitto.admin.username}, password: { file: admin } }
records: { store: postgres, url: "${postgres.url(database)}", password: { file: postgres } }
timeSeries: { store: influx-v1, url: "${influxdb.url}", retention: forever }
`,
  );
  await enrolAtBroker(
    at('cloud.yaml'),
    gateways.map((g) => `${site}/${g}:${at(g)}`),
    () => {},
  );
  const processes: RunningProcess[] = [];
  const start = async (name: string, roles: string, more: readonly string[] = []) => {
    const args = [cloudMain, '--data', at(name), '--config', at('cloud.yaml'), '--roles', roles, ...more];
    const child = startProcess(process.execPath, args);
    processes.push(child);
    await until(`${name} is ready`, () => child.stdout().includes('"ready":true'), { timeout: 30_000 }).catch(
      (thrown) => {
        throw new Error(`${thrown.message}: ${child.stderr().slice(-2000)}`);
      },
    );
    return child;
  };
  const serve = async (name: string) => {
    const server = await start(name, 'api', ['--api-token-file', at(`${name}.token`)]);
    const { port } = JSON.parse(server.stdout()) as { port: number };
    return new Api(port, readFileSync(at(`${name}.token`), 'utf8'));
  };
  const [api, otherApi] = await Promise.all([serve('api'), serve('other-api')]);
  return {
    ...{ mosquitto, postgres, influxdb, api, otherApi },
    start: (name, roles) => start(name, roles),
    way: (gateway) => ({
      url: mosquitto.secureUrl,
      ca: mosquitto.ca,
      password: readFileSync(at(gateway), 'utf8').trim(),
    }),
    async stop() {
      await Promise.all(processes.map((p) => p.stop('SIGTERM', 5000)));
      await Promise.all([mosquitto.stop(), postgres.stop(), influxdb.stop()]);
      folder.remove();
    },
  };
}

/** What is stored of a gateway is what it was told: missing, foreign and doubled are counted. */
export async function compareWithStored(estate: Estate, gateway: SendingGateway) {
  const store = await openInfluxV1({ url: estate.influxdb.url, database: 'plantroom', logger: silentLogger });
  const result = { produced: 0, missing: 0, wrong: 0, foreign: 0 };
  for (const point of points) {
    const told = gateway.produced.get(point) ?? new Map<number, number>();
    const query = { site, equipment: gateway.equipment, point, from: 0, to: systemClock.now() + 60_000 };
    const rows = await store.raw(query, 1_000_000);
    const stored = new Map(rows.map((r) => [r.time, r.value]));
    result.produced += told.size;
    for (const [time, value] of told) {
      if (!stored.has(time)) result.missing++;
      else if (stored.get(time) !== value) result.wrong++;
    }
    result.foreign += rows.filter((r) => !told.has(r.time)).length + rows.length - stored.size;
  }
  await store.close();
  return result;
}
