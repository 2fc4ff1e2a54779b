import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type RunningProcess, startProcess } from './process.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';

/** A database server of its own, on a free port of 127.0.0.1 and in a fresh folder. */
export interface RunningDatabase {
  readonly url: string;
  /** Ends it with a signal (SIGTERM unless told); its data stays. */
  pause(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again. */
  resume(): Promise<void>;
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts Debian's InfluxDB 1.6, `http` being lines of that section of its configuration; resolves when it answers. */
export async function startInfluxdb(http: readonly string[] = []): Promise<RunningDatabase> {
  const folder = temporaryDirectory('plantroom-influxdb');
  const [port, backup] = [await freePort(), await freePort()];
  const at = (name: string) => JSON.stringify(join(folder.path, name));
  const file = join(folder.path, 'influxdb.conf');
  const lines = [
    'reporting-disabled = true',
    `bind-address = "127.0.0.1:${backup}"`,
    `[meta]\ndir = ${at('meta')}`,
    `[data]\ndir = ${at('data')}\nwal-dir = ${at('wal')}`,
    '[monitor]\nstore-enabled = false',
    `[http]\nbind-address = "127.0.0.1:${port}"\nlog-enabled = false`,
    ...http,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const url = `http://127.0.0.1:${port}`;
  return running(() => startProcess('influxd', ['-config', file]), `${url}/ping`, folder);
}

/** Starts Debian's VictoriaMetrics; resolves when it answers. */
export async function startVictoriaMetrics(): Promise<RunningDatabase> {
  const folder = temporaryDirectory('plantroom-victoria');
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [`-storageDataPath=${folder.path}`, `-httpListenAddr=${address}`, '-retentionPeriod=100y'];
  return running(() => startProcess('victoria-metrics', flags), `http://${address}/health`, folder);
}

async function running(
  start: () => RunningProcess,
  health: string,
  folder: ReturnType<typeof temporaryDirectory>,
): Promise<RunningDatabase> {
  let server = start();
  const stop = async () => {
    await server.stop();
    folder.remove();
  };
  try {
    await answers(server, health);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  const pause = async (signal?: NodeJS.Signals) => void (await server.stop(signal));
  const resume = async () => {
    server = start();
    await answers(server, health);
  };
  const restart = (signal?: NodeJS.Signals) => pause(signal).then(resume);
  return { url: new URL(health).origin, pause, resume, restart, stop };
}

async function answers(server: RunningProcess, health: string): Promise<void> {
  const ended = server.ended.then((r) => {
    throw new Error(`the server ended: ${r.stderr.slice(-2000)}`);
  });
  ended.catch(() => {});
  await Promise.race([ended, until(`${health} answers`, async () => (await fetch(health)).ok, { timeout: 30_000 })]);
}
