import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLogger, systemClock } from '@plantroom/base';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { ModbusTestServer } from '../../test/modbus-server.ts';
import { sunSpecCases } from '../../test/profile-cases.ts';
import { hasPty, openPty } from '../../test/pty.ts';
import { RtuTestServer } from '../../test/rtu-server.ts';
import type { ModbusType } from './bus.ts';
import { ModbusClient } from './client.ts';
import { describePlan, prepareModbus } from './index.ts';
import type { Area, ReadRequest } from './pdu.ts';
import { busOf } from './target.ts';

const run = promisify(execFile);
const succeeds = (command: string, ...words: string[]) => spawnSync(command, words).status === 0;
const hasMbpoll = succeeds('mbpoll', '-V');
const hasLibmodbus = succeeds('/usr/bin/python3', '-c', "import ctypes; ctypes.CDLL('libmodbus.so.5')");
const hasPymodbus = succeeds('/usr/bin/python3', '-c', 'import pymodbus.server, serial');
const helpers = join(import.meta.dirname, '../../test');

/** The values that the peers hold at an address, see their sources. */
const valueAt: Readonly<Record<Area, (address: number) => number>> = {
  coil: (a) => Number(a % 3 === 0),
  discrete: (a) => Number(a % 5 === 0),
  holding: (a) => a * 31 + 1,
  input: (a) => a * 37 + 2,
};

const requests: Omit<ReadRequest, 'unit'>[] = [
  { area: 'holding', address: 0, count: 1 },
  { area: 'holding', address: 700, count: 125 },
  { area: 'input', address: 3, count: 7 },
  { area: 'coil', address: 1, count: 2000 },
  { area: 'discrete', address: 17, count: 13 },
];

async function readsAll(type: ModbusType, settings: object): Promise<void> {
  const client = new ModbusClient(busOf(type, { timeout: 1000, ...settings }), systemClock, silentLogger);
  onTestFinished(() => client.close());
  await client.open();
  // A peer says that it is ready a moment before it listens.
  await vi.waitFor(() => client.read({ unit: 5, area: 'holding', address: 0, count: 1 }), 15_000);
  for (const request of requests) {
    const { area, address, count } = request;
    const bytes = await client.read({ unit: 5, ...request });
    const isBits = area === 'coil' || area === 'discrete';
    const values = Array.from({ length: count }, (_, i) =>
      isBits ? ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1 : bytes.readUInt16BE(i * 2),
    );
    expect(values, area).toEqual(values.map((_, i) => valueAt[area](address + i)));
  }
  const refused = client.read({ unit: 5, area: 'holding', address: 990, count: 20 });
  await expect(refused).rejects.toMatchObject({ kind: 'device-exception', context: { exception: 2 } });
}

/** Two serial devices joined by a cable. */
async function openCable() {
  const [near, far] = await Promise.all([openPty(), openPty()]);
  onTestFinished(async () => void (await Promise.all([near.stop(), far.stop()])));
  near.stream.on('data', (bytes: Buffer) => far.stream.write(bytes));
  far.stream.on('data', (bytes: Buffer) => near.stream.write(bytes));
  return { near: near.path, far: far.path };
}

/** Starts a program and gives the first line that it prints. */
async function startPeer(command: string, ...words: string[]): Promise<string> {
  const child: ChildProcess = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)));
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = new ModbusTestServer();
  await server.start();
  const { port } = server;
  await server.stop();
  return port;
}

describe.skipIf(!hasMbpoll)('mbpoll reads the servers of these tests', () => {
  const content = { 100: 0x1234, 101: 0xabcd, 102: 0 };
  const parse = (output: string) => [...output.matchAll(/\[(\d+)\]:\s+(0x\w+)/g)].map((m) => [m[1], Number(m[2])]);
  const wanted = [
    ['100', 0x1234],
    ['101', 0xabcd],
    ['102', 0],
  ];

  it('over TCP', async () => {
    const server = new ModbusTestServer();
    server.unit(5, content);
    await server.start();
    onTestFinished(() => server.stop());
    const query = ['-1', '-0', '-a', '5', '-r', '100', '-c', '3', '-t', '4:hex'];
    const { stdout } = await run('mbpoll', [...query, '-p', String(server.port), '127.0.0.1']);
    expect(parse(stdout)).toEqual(wanted);
  });

  it.skipIf(!hasPty)('over RTU', async () => {
    const pty = await openPty();
    onTestFinished(() => pty.stop());
    const server = new RtuTestServer();
    server.devices.unit(5, content);
    server.attach(pty.stream);
    const query = ['-1', '-0', '-a', '5', '-r', '100', '-c', '3', '-t', '4:hex'];
    const { stdout } = await run('mbpoll', ['-m', 'rtu', ...query, '-b', '19200', '-P', 'none', pty.path]);
    expect(parse(stdout)).toEqual(wanted);
  });
});

describe.skipIf(!hasLibmodbus)('a server of libmodbus is read', () => {
  const script = join(helpers, 'libmodbus-server.py');

  it('over TCP', async () => {
    const port = Number(await startPeer('/usr/bin/python3', script, 'tcp'));
    await readsAll('modbus-tcp', { host: '127.0.0.1', port });
  });

  it.skipIf(!hasPty)('over RTU', async () => {
    const { near, far } = await openCable();
    await startPeer('/usr/bin/python3', script, 'rtu', far);
    await readsAll('modbus-rtu', { path: near, baudRate: 19_200, drain: 0 });
  });
});

describe.skipIf(!hasPymodbus || !hasPty)('a serial server of pymodbus is read', () => {
  it('over RTU', async () => {
    const { near, far } = await openCable();
    await startPeer('/usr/bin/python3', join(helpers, 'pymodbus-rtu-server.py'), far);
    await readsAll('modbus-rtu', { path: near, baudRate: 19_200, drain: 0 });
  });
});

describe.skipIf(!hasPymodbus)('SunSpec devices of pymodbus are found and read', () => {
  it.each(sunSpecCases())('$device', async ({ base, registers, parameters, values, found }) => {
    const port = await freePort();
    const words = registers.map((word) => word.toString(16));
    const script = join(helpers, 'pymodbus-sunspec-server.py');
    await startPeer('/usr/bin/python3', script, String(port), String(base), ...words);
    const binding = bindingOf('meter', 'sunspec-meter', { unit: 3, ...parameters });
    const settings = { host: '127.0.0.1', port, timeout: 1000 };
    const bus = await prepareModbus('modbus-tcp', settings, 'bus', [binding], testContext(systemClock));
    onTestFinished(() => bus.close());
    await vi.waitFor(() => bus.open(), 15_000);
    const readings = await bus.poll?.('meter');
    const told = (readings ?? []).map((r) => [r.point, r.quality === 'good' ? r.value : r.reason]);
    expect(Object.fromEntries(told)).toEqual(values);
    expect(describePlan(bus).units[0]?.discovery?.found).toMatchObject(found);
  });
});
