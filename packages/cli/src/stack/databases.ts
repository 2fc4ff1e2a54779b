import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlantroomError } from '@plantroom/base';
import { projectDirectory } from '../config.ts';
import { secretFiles } from './secrets.ts';
import type { ServiceOptions } from './service.ts';
import type { StackPorts } from './stack-files.ts';

type Described = Omit<ServiceOptions, 'logs'>;

/** Debian's packages that the stack is made of. */
const packages: Readonly<Record<string, string>> = {
  mosquitto: 'mosquitto',
  mosquitto_ctrl: 'mosquitto',
  influxd: 'influxdb',
  openssl: 'openssl',
  setpriv: 'util-linux',
};

/** Throws PlantroomError `stack-packages` with the packages that are missing. */
export function requirePrograms(): void {
  const missing = new Set(Object.entries(packages).flatMap(([program, name]) => (isThere(program) ? [] : [name])));
  if (postgresBinary('postgres') === undefined) missing.add('postgresql');
  if (missing.size === 0) return;
  throw new PlantroomError('stack-packages', `the stack needs ${[...missing].join(', ')}`, {
    hint: `Install them: apt-get install -y ${[...missing].join(' ')}. On other systems run docker compose instead.`,
  });
}

function isThere(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** Debian keeps the programs of each version apart; the newest that is there. */
function postgresBinary(name: string): string | undefined {
  const found = globSync(`/usr/lib/postgresql/*/bin/${name}`);
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** PostgreSQL refuses to run as root: then it runs as the user whom Debian's package made for it. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** As root, PostgreSQL's own user must be able to enter the folder; throws PlantroomError `stack-folder`. */
function requireWay(home: string, account: { uid: number; gid: number }): void {
  try {
    execFileSync('test', ['-w', home], { ...account, stdio: 'ignore' });
  } catch (thrown) {
    throw new PlantroomError('stack-folder', `the user postgres, as whom PostgreSQL runs, cannot enter ${home}`, {
      hint: 'Choose a folder that others may pass through with --data DIR, such as /var/lib/plantroom-stack.',
      cause: thrown,
    });
  }
}

/** Makes the cluster and the database at the first start. */
export function describePostgres(folder: string, secrets: string, { postgres: port }: StackPorts): Described {
  const home = join(folder, 'postgres');
  const data = join(home, 'data');
  const account = unprivileged();
  const as = { ...account, stdio: ['pipe', 'ignore', 'pipe'] as const };
  const program = (name: string) => postgresBinary(name) ?? name;
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (account) chownSync(home, account.uid, account.gid);
  if (account) requireWay(home, account);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const passwordFile = join(home, 'password');
    copyFileSync(secretFiles(secrets).postgres.password, passwordFile);
    if (account) chownSync(passwordFile, account.uid, account.gid);
    const access = ['--username=plantroom', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const options = { ...as, stdio: [...as.stdio] };
    execFileSync(program('initdb'), ['-D', data, '--encoding=UTF8', '--locale=C.UTF-8', ...access], options);
    rmSync(passwordFile);
    execFileSync(program('postgres'), ['--single', '-D', data, 'postgres'], {
      ...options,
      input: 'CREATE DATABASE plantroom;\n',
    });
  }
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: home };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // SIGINT is its fast shutdown; SIGTERM would wait for every connection.
  return {
    name: 'postgres',
    command: program('postgres'),
    args: ['-D', data, ...flags],
    account,
    stopSignal: 'SIGINT',
  };
}

/** Debian's InfluxDB 1.6, with accounts. */
export function describeInfluxdb(folder: string, { influxdb, influxdbBackup }: StackPorts): Described {
  const home = join(folder, 'influxdb');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const at = (name: string) => JSON.stringify(join(home, name));
  const lines = [
    'reporting-disabled = true',
    `bind-address = "127.0.0.1:${influxdbBackup}"`,
    `[meta]\ndir = ${at('meta')}`,
    `[data]\ndir = ${at('data')}\nwal-dir = ${at('wal')}`,
    '[monitor]\nstore-enabled = false',
    `[http]\nbind-address = "127.0.0.1:${influxdb}"\nlog-enabled = false\nauth-enabled = true`,
  ];
  const file = join(home, 'influxdb.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { name: 'influxdb', command: 'influxd', args: ['-config', file] };
}

/** Makes the cloud's account; the first one may be made by anybody. Resolves when InfluxDB knows it. */
export async function makeInfluxUser({ influxdb }: StackPorts, secrets: string): Promise<boolean> {
  const password = readFileSync(secretFiles(secrets).influxdb.token, 'utf8').trim();
  const ask = async (query: string, account: object, method = 'GET') => {
    const where = `http://127.0.0.1:${influxdb}/query?${new URLSearchParams({ q: query, ...account })}`;
    const answer = await fetch(where, { method });
    // The head comes before the statement has run; the body after it.
    return { ok: answer.ok, body: await answer.text() };
  };
  const account = { u: 'plantroom', p: password };
  if ((await ask('SHOW DATABASES', account)).ok) return true;
  await ask(`CREATE USER "plantroom" WITH PASSWORD '${password}' WITH ALL PRIVILEGES`, {}, 'POST');
  return (await ask('SHOW DATABASES', account)).ok;
}

/** The broker with the configuration of the containers, its paths and its port those of this machine. */
export function describeMosquitto(folder: string, secrets: string, { mqtt }: StackPorts): Described {
  const home = join(folder, 'mosquitto');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const plugin = globSync('/usr/lib/*/mosquitto_dynamic_security.so')[0] ?? 'mosquitto_dynamic_security.so';
  const text = readFileSync(join(projectDirectory, 'deploy', 'mosquitto', 'mosquitto.conf'), 'utf8')
    .replace('/usr/lib/mosquitto_dynamic_security.so', plugin)
    .replaceAll('/run/plantroom/broker', join(secrets, 'broker'))
    .replaceAll('/var/lib/mosquitto', home)
    .replace(/^listener 8883$/m, `listener ${mqtt} 127.0.0.1`)
    // As root it would become the user mosquitto, who cannot read these files.
    .concat(`user ${process.getuid?.() === 0 ? 'root' : (process.env.USER ?? 'mosquitto')}\n`);
  const file = join(home, 'mosquitto.conf');
  writeFileSync(file, text);
  const users = join(home, 'dynamic-security.json');
  if (!existsSync(users)) {
    const password = readFileSync(secretFiles(secrets).broker.adminPassword, 'utf8').trim();
    execFileSync('mosquitto_ctrl', ['dynsec', 'init', users, 'admin', password], { stdio: 'ignore' });
  }
  return { name: 'mosquitto', command: 'mosquitto', args: ['-c', file] };
}
