import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningPostgres, startInfluxdb, startPostgres } from '@plantroom/testing';
import { InfluxProxy } from './influx-proxy.ts';

export interface StoreChoice {
  readonly store: 'duckdb' | 'influx-v1';
  readonly records: 'sqlite' | 'postgres';
}

/** An InfluxDB, and what stands before it. */
export interface Influx {
  readonly proxy: InfluxProxy;
  /** Kills the server and starts it again. */
  restart(): Promise<void>;
}

/** The servers that the cloud keeps its data in, none by default. */
export class Stores {
  influx: Influx | undefined;
  postgres: RunningPostgres | undefined;
  readonly #ends: (() => Promise<void>)[] = [];

  static async start(choice: StoreChoice, folder: string): Promise<Stores> {
    const stores = new Stores();
    const timeSeries = choice.store === 'duckdb' ? [] : await stores.#startInflux();
    const records = choice.records === 'sqlite' ? [] : await stores.#startPostgres(folder);
    writeFileSync(join(folder, 'cloud.yaml'), `${[...timeSeries, ...records].join('\n') || '{}'}\n`);
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
    return [`timeSeries: { store: influx-v1, url: 'http://127.0.0.1:${proxy.port}' }`];
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
