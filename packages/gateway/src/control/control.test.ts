import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plantroom/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askGateway } from './control-client.ts';
import { ControlServer } from './control-server.ts';

let directory: string;
let server: ControlServer | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-control-'));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function listen(data: string): Promise<void> {
  mkdirSync(data, { recursive: true });
  server = await ControlServer.start(data, { hello: async () => ({ from: data.length }) }, silentLogger);
}

test.skipIf(process.platform !== 'linux')(
  'a data directory of any depth has its socket in it and nowhere else',
  async () => {
    const data = join(directory, 'x'.repeat(120), 'data');
    // What another user could reckon and take before us.
    const shared = join(tmpdir(), `plantroom-${createHash('sha256').update(data).digest('hex').slice(0, 16)}.sock`);
    await listen(data);
    expect(readdirSync(data)).toEqual(['control.sock']);
    expect(existsSync(shared)).toBe(false);
    expect(await askGateway(data, 'hello')).toEqual({ from: data.length });
    expect(await askGateway(data, 'hello')).toEqual({ from: data.length });
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    await askGateway(data, 'hello');
    expect(open()).toBe(before);
    await server?.close();
    server = undefined;
    expect(readdirSync(data)).toEqual([]);
    await expect(askGateway(data, 'hello')).rejects.toMatchObject({ code: 'gateway-not-running' });
  },
);

test('what lies in the place of the socket is replaced, not followed', async () => {
  const data = join(directory, 'data');
  mkdirSync(data);
  writeFileSync(join(directory, 'victim'), 'precious');
  symlinkSync(join(directory, 'victim'), join(data, 'control.sock'));
  await listen(data);
  expect(await askGateway(data, 'hello')).toEqual({ from: data.length });
  expect(readFileSync(join(directory, 'victim'), 'utf8')).toBe('precious');
});

test('a directory that is not there has no gateway', async () => {
  await expect(askGateway(join(directory, 'y'.repeat(120)), 'hello')).rejects.toMatchObject({
    code: 'gateway-not-running',
  });
});
