import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BusPlan } from '@plantroom/drivers/modbus';
import { type RunningProcess, run, startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LineTally } from './support/serial-lines.ts';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'packages', 'cli', 'bin', 'plantroom.js');
const lines = 10;
const metersOnALine = 30;
const baudRate = 38_400;
const period = 10_000;

const folder = temporaryDirectory('plantroom-300');
const siteFile = join(folder.path, 'site.yaml');
let field: ChildProcess;
let ports: readonly number[] = [];
let gateway: RunningProcess | undefined;

beforeAll(async () => {
  const program = join(import.meta.dirname, 'support', 'serial-lines.ts');
  field = fork(program, [lines, metersOnALine, baudRate].map(String), { stdio: 'inherit' });
  const [{ ports: listening }] = (await once(field, 'message')) as [{ ports: number[] }];
  ports = listening;
  writeFileSync(siteFile, site());
  writeFileSync(join(folder.path, 'meters.csv'), meters());
});

afterAll(async () => {
  await gateway?.stop();
  field.disconnect();
  folder.remove();
});

function site(): string {
  const connections = ports.map(
    (port, i) => `  line-${i}: { modbus-rtu-over-tcp: { host: 127.0.0.1, port: ${port}, baudRate: ${baudRate} } }`,
  );
  return `
site: { id: tower, name: { en: Tower, zh: 大厦 }, timezone: Asia/Shanghai }
connections:
${connections.join('\n')}
templates:
  tenant: { profile: eastron-sdm630, on: "line-{line}", period: ${period}, name: { en: "Tenant {room}", zh: "{room} 租户" }, at: "{floor}F" }
equipment-from: { csv: meters.csv, template: tenant }
`;
}

/** A head and 300 lines. */
function meters(): string {
  const rows = Array.from({ length: lines * metersOnALine }, (_, i) => {
    const [line, unit] = [Math.floor(i / metersOnALine), (i % metersOnALine) + 1];
    return `m-${line}-${unit},${unit},${line},${line * 100 + unit},${line + 1}`;
  });
  return ['id,unit,line,room,floor', ...rows, ''].join('\n');
}

const plantroom = (...args: string[]) => run(process.execPath, [command, 'gateway', ...args], 60_000);

async function tallies(): Promise<readonly LineTally[]> {
  const answer = once(field, 'message') as Promise<[{ tallies: LineTally[] }]>;
  field.send('tell');
  const [{ tallies: told }] = await answer;
  return told;
}

interface Status {
  readonly points: number;
  readonly samples: { readonly logged: number };
  readonly skippedPolls: number;
  readonly connections: readonly { readonly state: string; readonly silent: readonly string[] }[];
}

async function status(): Promise<Status> {
  const { statusPort } = JSON.parse(/\{"ready.*\}/.exec(gateway?.stdout() ?? '')?.[0] ?? '{}');
  return (await (await fetch(`http://127.0.0.1:${statusPort}/status`)).json()) as Status;
}

test('300 meters of one CSV are checked, planned, polled in the time that was planned, and reloaded', async () => {
  expect(readFileSync(join(folder.path, 'meters.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(301);
  const checked = await plantroom('check', siteFile);
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('300 machines on 10 connections') });

  const planned = await plantroom('plan', siteFile, '--json');
  const { buses } = JSON.parse(planned.stdout) as { buses: BusPlan[] };
  expect(buses.flatMap((b) => b.warnings)).toEqual([]);
  expect(buses).toHaveLength(lines);

  const args = [command, 'gateway', 'run', siteFile, '--data', join(folder.path, 'data'), '--status-port', '0'];
  gateway = startProcess(process.execPath, args);
  await until('it is ready', () => gateway?.stdout().includes('"ready":true') ?? false, { timeout: 20_000, every: 50 });
  const swept = async () => (await tallies()).every((line) => line.firstSweep !== undefined);
  await until('each meter was read and the first one again', swept, { timeout: 40_000, every: 200 });

  const measured = (await tallies()).map((line) => line.firstSweep ?? 0);
  const errors = buses.map(({ cycle }, i) => cycle / (measured[i] ?? 0) - 1);
  const percent = errors.map((e) => Math.round(e * 100));
  console.log(
    `bus time of 30 meters at ${baudRate} baud: planned ${Math.round(buses[0]?.cycle ?? 0)} ms, measured ${measured.map(Math.round).join(', ')} ms (${percent.join(', ')} %)`,
  );
  for (const error of errors) expect(Math.abs(error)).toBeLessThan(0.2);

  const read = await status();
  expect(read.points).toBeGreaterThan(300 * 15);
  expect(read.samples.logged).toBeGreaterThanOrEqual(read.points);
  expect(read.connections.flatMap((c) => c.silent)).toEqual([]);
  expect(read.connections.every((c) => c.state === 'connected')).toBe(true);

  // One meter of one line gets another period: only its line is opened anew.
  const file = join(folder.path, 'meters.csv');
  const head = 'id,unit,line,room,floor';
  const changed = meters()
    .replace(head, `${head},period`)
    .replace(/^(m-3-7,.*)$/m, '$1,5000');
  writeFileSync(file, changed.replace(/^(m-(?!3-7,).*)$/gm, '$1,'));
  const before = await tallies();
  const reloaded = await plantroom('reload', join(folder.path, 'data'));
  expect(reloaded).toMatchObject({ code: 0, stderr: '' });
  expect(reloaded.stdout).toMatch(/^Opened anew: line-3\nNot touched: 9 connections\nModel revision: [0-9a-f]{32}\n$/);
  const asked = (line: LineTally | undefined) => Object.values(line?.asked ?? {}).reduce((a, b) => a + b, 0);
  const goesOn = async () => (await tallies()).every((line, i) => asked(line) > asked(before[i]) + metersOnALine);
  await until('every line is read on', goesOn, { timeout: 30_000, every: 200 });
  expect((await tallies()).map((line) => line.connections)).toEqual([1, 1, 1, 2, 1, 1, 1, 1, 1, 1]);
  expect((await status()).connections.flatMap((c) => c.silent)).toEqual([]);
});
