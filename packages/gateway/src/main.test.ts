import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../test/until.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-main-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const hasProc = process.platform === 'linux';

/** Whether the process takes SIGHUP (signal 1) instead of ending by it. */
function takesHangup(pid: number | undefined): boolean {
  const [, caught = '0'] = /^SigCgt:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

test.skipIf(!hasProc)('a reload that is asked for during the start happens after it', async () => {
  const siteFile = join(directory, 'site.yaml');
  writeFileSync(
    siteFile,
    `site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
connections: { bus: { modbus-tcp: 127.0.0.1:9 } }
equipment: { meter: { profile: janitza-umg96rm, on: bus, unit: 1, name: Meter } }
`,
  );
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--site', siteFile, '--data', join(directory, 'data')]);
  const ended = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part));
  try {
    await until('it takes a SIGHUP', () => takesHangup(child.pid));
    expect(said).not.toContain('"ready":true');
    child.kill('SIGHUP');
    await until('it has read its site file again', () => said.includes('The site file was read again.'));
    expect(said).toContain('"ready":true');
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
});

test('a gateway started by hand keeps what it makes for its own user', async () => {
  const siteFile = join(directory, 'site.yaml');
  writeFileSync(
    siteFile,
    `site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
connections: { lift-server: { opc-ua: opc.tcp://127.0.0.1:1 } }
equipment: { lift-1: { profile: lift-opcua, on: lift-server, node: "ns=1;s=Lift1", name: Lift 1 } }
`,
  );
  const data = join(directory, 'made', 'data');
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--site', siteFile, '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('"ready":true')) break;
    expect(statSync(data).mode & 0o777).toBe(0o700);
    const made = readdirSync(data, { recursive: true, encoding: 'utf8' });
    expect(made).toContain('outbox.sqlite');
    for (const name of made) expect(statSync(join(data, name)).mode & 0o077, name).toBe(0);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});
