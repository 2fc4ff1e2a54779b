import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  type RunningProcess,
  run,
  startProcess,
  temporaryDirectory,
  until,
  withoutServices,
} from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from './support/api.ts';

const root = join(import.meta.dirname, '..', '..');

interface State {
  readonly ports: Readonly<Record<string, number>>;
  readonly services: readonly { readonly name: string; readonly pid: number }[];
}

if (withoutServices) console.log('left out: the stack of mosquitto, InfluxDB and PostgreSQL');

describe.skipIf(withoutServices)('npm run stack', () => {
  const folder = temporaryDirectory('plantroom-stack');
  const data = join(folder.path, 'data');
  // PostgreSQL does not run as root: its own user must get there.
  chmodSync(folder.path, 0o755);
  let stack: RunningProcess;
  let api: Api;

  const state = () => JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8')) as State;
  const log = (name: string) => readFileSync(join(data, 'logs', `${name}.log`), 'utf8');
  /** Processes of a service that live: the one that was started, or what stands in its place. */
  const living = async (pattern: string) => {
    const { stdout } = await run('pgrep', ['-f', pattern]);
    return stdout.split('\n').filter(Boolean).map(Number);
  };
  const influx = async (query: string) => {
    const password = readFileSync(join(data, 'secrets', 'cloud', 'influxdb'), 'utf8').trim();
    const search = new URLSearchParams({ db: 'plantroom', q: query, u: 'plantroom', p: password });
    return (await fetch(`http://127.0.0.1:${state().ports.influxdb}/query?${search}`)).text();
  };
  const psql = async (sql: string) => {
    const password = readFileSync(join(data, 'secrets', 'cloud', 'postgres'), 'utf8').trim();
    const to = ['-h', '127.0.0.1', '-p', String(state().ports.postgres), '-U', 'plantroom', '-d', 'plantroom'];
    const result = await run('psql', ['-XAtq', ...to, '-c', sql], 30_000, {
      env: { ...process.env, PGPASSWORD: password },
    });
    return result.stdout.trim();
  };
  /** A value of the main meter that was measured after a moment has come through all of it. */
  const flows = (since: number) =>
    until(
      'a fresh value comes through',
      async () => {
        const value = await api.value('main-meter', 'power').catch(() => undefined);
        return value !== undefined && value.quality === 'good' && value.time > since;
      },
      { timeout: 90_000, every: 500 },
    );

  beforeAll(async () => {
    const port = await freePort();
    const args = ['run', 'stack', '--silent', '--', 'run', '--data', data, '--port', String(port)];
    stack = startProcess('npm', args, { cwd: root, detached: true });
    const ended = stack.ended.then((r) => {
      throw new Error(`the stack ended: ${r.stdout}\n${r.stderr}`);
    });
    ended.catch(() => {});
    const link = until('it prints its link', () => /^Open (http:\S+)$/m.exec(stack.stdout())?.[1], {
      timeout: 150_000,
    });
    await Promise.race([ended, link]);
    api = new Api(port, readFileSync(join(data, 'cloud', 'api-token'), 'utf8'));
  }, 180_000);
  afterAll(async () => {
    await stack?.stop('SIGKILL');
    folder.remove();
  }, 60_000);

  test('carries a value to InfluxDB and an alarm with its order to PostgreSQL', async () => {
    await flows(0);
    expect(await influx(`SELECT count(value) FROM "energy-meter" WHERE equipment = 'main-meter'`)).toContain('"count"');
    const command = join(root, 'packages', 'cli', 'bin', 'plantroom.js');
    const control = `http://127.0.0.1:${state().ports.http}`;
    const fault = ['simulate', 'inject', 'pump-dry-run', 'booster-3', '--url', control];
    const injected = await run(process.execPath, [command, ...fault]);
    expect(injected.code, injected.stderr).toBe(0);
    const alarm = await until(
      'the alarm has its order',
      async () => (await api.alarms()).find((a) => a.fault === 'pump.dry-run' && a.order !== null),
      { timeout: 90_000, every: 500 },
    );
    const stored = `SELECT o.number FROM order_requests r JOIN orders o ON o.id = r.order_id WHERE r.alarm = '${alarm.id}'`;
    expect(await psql(stored)).toBe(alarm.order?.number);
    expect(await psql("SELECT count(*) FROM orders WHERE fault = 'pump.dry-run'")).toBe('1');
  });

  test.each(['mosquitto', 'influxdb', 'postgres', 'cloud', 'ingest-1', 'ingest-2', 'gateway', 'simulators'])(
    'goes on after kill -9 of %s',
    async (name) => {
      const before = state().services.find((s) => s.name === name)?.pid ?? 0;
      const killedAt = Date.now();
      process.kill(before, 'SIGKILL');
      await flows(killedAt + 1000);
    },
  );

  test('doubled no order by all that', async () => {
    expect(await psql("SELECT count(*) FROM orders WHERE fault = 'pump.dry-run'")).toBe('1');
    expect(log('ingest-1') + log('ingest-2')).not.toContain('"level":60');
  });

  test('ends with Ctrl-C and leaves no process behind', async () => {
    const { stdout, stderr } = await stack.stop('SIGINT', 60_000);
    expect(stdout).toContain('Stopping');
    expect(stderr).toBe('');
    expect(await living(data)).toEqual([]);
  });
});
