import { execFileSync } from 'node:child_process';
import { chownSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { run, startProcess } from './process.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';

/** A PostgreSQL cluster of its own, on a free port of 127.0.0.1 and in a fresh folder; the user is `plantroom`. */
export interface RunningPostgres {
  readonly port: number;
  readonly password: string;
  /** `postgres://` address of a database, without the password. */
  url(database: string): string;
  /** Runs SQL with psql, as the owner of the cluster, in `plantroom` unless told; gives what it prints, without headings. */
  psql(sql: string, database?: string): Promise<string>;
  /** Creates an empty database and gives its name. */
  createDatabase(options?: string): Promise<string>;
  /** Ends the server (`SIGINT`, which cuts the connections, unless told); its data stays. */
  pause(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Debian's PostgreSQL; resolves when it answers. Its collation is a language's and its time zone odd, so that a
 * result that depends on either differs. It does not wait for the disk, unless `fsync`.
 */
export async function startPostgres({ fsync = false } = {}): Promise<RunningPostgres> {
  const folder = temporaryDirectory('plantroom-postgres');
  const [data, passwordFile] = [join(folder.path, 'data'), join(folder.path, 'password')];
  const password = 'p@ss/w:rd %?&';
  writeFileSync(passwordFile, password);
  const account = unprivileged();
  if (account) for (const path of [folder.path, passwordFile]) chownSync(path, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = ['--username=plantroom', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const made = await run(binary('initdb'), ['-D', data, '--no-sync', ...locale, ...access], 60_000, account);
  if (made.code !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const env = { ...process.env, PGPASSWORD: password };
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder.path,
    fsync: fsync ? 'on' : 'off',
    timezone: 'Asia/Kathmandu',
    shared_buffers: '32MB',
    max_connections: 60,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = () => startProcess(binary('postgres'), ['-D', data, ...flags], { ...account });
  const psql = async (sql: string, database = 'postgres') => {
    const to = ['-h', '127.0.0.1', '-p', String(port), '-U', 'plantroom', '-d', database];
    const result = await run(binary('psql'), ['-XAtq', '-v', 'ON_ERROR_STOP=1', ...to, '-c', sql], 30_000, { env });
    if (result.code !== 0) throw new Error(result.stderr.trim());
    return result.stdout.trim();
  };
  let server = start();
  const answers = () =>
    until('PostgreSQL answers', async () => (await psql('SELECT 1')) === '1', { timeout: 30_000, every: 50 });
  const stop = async () => {
    await server.stop('SIGINT');
    folder.remove();
  };
  await answers().catch(async (thrown) => {
    await stop();
    throw new Error(`${thrown.message}; ${server.stderr().slice(-2000)}`);
  });
  let databases = 0;
  return {
    port,
    password,
    url: (database) => `postgres://plantroom@127.0.0.1:${port}/${database}`,
    psql,
    async createDatabase(options = '') {
      const name = `records_${databases++}`;
      await psql(`CREATE DATABASE ${name} ${options}`);
      return name;
    },
    async pause(signal = 'SIGINT') {
      await server.stop(signal);
    },
    async resume() {
      server = start();
      await answers();
    },
    stop,
  };
}

/** Debian keeps the programs of each version apart; the newest that is there. */
function binary(name: string): string {
  const found = globSync(`/usr/lib/postgresql/*/bin/${name}`).sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return found.at(-1) ?? name;
}

/** PostgreSQL refuses to run as root: then it runs as the user whom Debian's package made for it. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
