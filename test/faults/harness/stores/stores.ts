import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type RunningMosquitto,
  type RunningPostgres,
  startInfluxdb,
  startMosquitto,
  startPostgres,
} from '@plantroom/testing';
import { enrolAtBroker } from '../../../../packages/cloud/src/main.ts';
import { InfluxProxy } from './influx-proxy.ts';

export interface StoreChoice {
  readonly store: 'duckdb' | 'influx-v1';
  readonly records: 'sqlite' | 'postgres';
  /** With one of its own the cloud is several processes. */
  readonly broker: 'embedded' | 'mosquitto';
}

/** An InfluxDB, and what stands before it. */
export interface Influx {
  readonly proxy: InfluxProxy;
  /** Kills the server and starts it again. */
  restart(): Promise<void>;
}

/** The servers that the cloud works with, none by default. */
export class Stores {
  influx: Influx | undefined;
  postgres: RunningPostgres | undefined;
  mosquitto: RunningMosquitto | undefined;
  readonly #ends: (() => Promise<void>)[] = [];

  static async start(choice: StoreChoice, folder: string): Promise<Stores> {
    const stores = new Stores();
    // Clocks jump by years, and what is stored of then must stay.
    const timeSeries =
      choice.store === 'duckdb' ? ['timeSeries: { store: duckdb, retention: forever }'] : await stores.#startInflux();
    const records = choice.records === 'sqlite' ? [] : await stores.#startPostgres(folder);
    const broker = choice.broker === 'embedded' ? [] : await stores.#startMosquitto(folder);
    const config = join(folder, 'cloud.yaml');
    writeFileSync(config, `${[...timeSeries, ...records, ...broker].join('\n') || '{}'}\n`);
    if (stores.mosquitto) await enrolAtBroker(config, [`oracle/gw-1:${join(folder, 'gateway.secret')}`], () => {});
    return stores;
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
  }

  async #startInflux(): Promise<string[]> {
    const server = await startInfluxdb();
    this.#ends.push(() => server.stop());
    const proxy = new InfluxProxy(server.url);
    await proxy.start();
    this.#ends.push(() => proxy.stop());
    this.influx = { proxy, restart: () => server.restart('SIGKILL') };
    return [`timeSeries: { store: influx-v1, url: 'http://127.0.0.1:${proxy.port}', retention: forever }`];
  }

  async #startMosquitto(folder: string): Promise<string[]> {
    const server = await startMosquitto();
    this.#ends.push(() => server.stop());
    this.mosquitto = server;
    writeFileSync(join(folder, 'admin.secret'), server.admin.password);
    writeFileSync(join(folder, 'broker.secret'), 'a-password-of-the-cloud');
    const enrolment = `{ user: ${server.admin.username}, password: { file: admin.secret } }`;
    return [
      `broker: { url: '${server.url}', user: cloud, password: { file: broker.secret }, enrolment: ${enrolment} }`,
    ];
  }

  async #startPostgres(folder: string): Promise<string[]> {
    const server = await startPostgres({ fsync: true });
    this.#ends.push(() => server.stop());
    this.postgres = server;
    const url = server.url(await server.createDatabase());
    writeFileSync(join(folder, 'postgres.secret'), server.password);
    return [`records: { store: postgres, url: '${url}', password: { file: postgres.secret } }`];
  }
}
