import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@plantroom/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { optionsFromArguments, parseEnrolment } from './config.ts';

let directory: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plantroom-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

function run(...more: string[]): ChildProcess {
  const args = [join(import.meta.dirname, 'main.ts'), '--data', join(directory, 'data'), ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function ready(child: ChildProcess): Promise<{ url: string; mqttPort: number }> {
  if (!child.stdout) throw new Error('no standard output');
  for await (const line of createInterface(child.stdout)) return JSON.parse(line);
  throw new Error('the process ended before it was ready');
}

test('a process says when it is ready, writes its tokens and ends within 3 seconds of SIGTERM', async () => {
  const files = {
    api: join(directory, 'api.token'),
    link: join(directory, 'link.token'),
    secret: join(directory, 'gw.secret'),
  };
  const child = run(
    '--api-token-file',
    files.api,
    '--sign-in-token-file',
    files.link,
    '--enrol',
    `tower/gw-1:${files.secret}`,
  );
  const { url } = await ready(child);
  for (const file of Object.values(files)) {
    expect((await readFile(file, 'utf8')).trim()).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o077).toBe(0);
  }
  const authorization = `Bearer ${(await readFile(files.api, 'utf8')).trim()}`;
  expect((await fetch(`${url}/api/v1/gateways`, { headers: { authorization } })).status).toBe(200);

  const stopping = systemClock.monotonic();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(systemClock.monotonic() - stopping).toBeLessThan(3_000);
});

test('a second start keeps the gateway its secret', async () => {
  const file = join(directory, 'gw.secret');
  const enrol = ['--enrol', `tower/gw-1:${file}`];
  const first = run(...enrol);
  await ready(first);
  const secret = await readFile(file, 'utf8');
  first.kill('SIGTERM');
  await once(first, 'exit');
  await ready(run(...enrol));
  expect(await readFile(file, 'utf8')).toBe(secret);
});

test('a data directory that is in use is one clear line', async () => {
  await ready(run());
  const second = run();
  let said = '';
  second.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(second, 'exit');
  expect(code).toBe(1);
  expect(said.trim().split('\n').at(-1)).toMatch(/^plantroom cloud: .+/);
});

test('options that make no sense are refused with what to write instead', () => {
  expect(() => optionsFromArguments([])).toThrow('data');
  expect(() => optionsFromArguments(['--data', 'd', '--port', '99999'])).toThrow('99999');
  expect(() => optionsFromArguments(['--data', 'd', '--prot', '1'])).toThrow('--prot');
  expect(() => parseEnrolment('Tower/gw:file')).toThrow('cannot enrol');
  expect(optionsFromArguments(['--data', 'd', '--mqtt-port', '0'])).toEqual({ dataDirectory: 'd', mqttPort: 0 });
  expect(parseEnrolment('tower/gw-1:C:/x')).toEqual({ site: 'tower', gateway: 'gw-1', secretFile: 'C:/x' });
});
