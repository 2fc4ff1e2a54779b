import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { float32, ModbusTestServer } from '../../test/modbus-server.ts';
import { RtuTestServer } from '../../test/rtu-server.ts';
import { content, meter } from '../../test/test-meter.ts';
import {
  type ModbusTarget,
  parseModbusUrl,
  prepareModbus,
  probeRegisters,
  readDetailed,
  scanUnits,
  tapWire,
  unitHistories,
  type WireEvent,
} from './index.ts';

async function startServer(): Promise<{ server: ModbusTestServer; connection: ModbusTarget }> {
  const server = new ModbusTestServer();
  server.unit(1, content(230));
  await server.start();
  onTestFinished(() => server.stop());
  return { server, connection: { type: 'modbus-tcp', settings: `127.0.0.1:${server.port}` } };
}

describe('an address at the keyboard', () => {
  it.each([
    ['modbus-tcp://192.0.2.10', 'modbus-tcp', { host: '192.0.2.10' }],
    ['modbus-tcp://192.0.2.10:1502/', 'modbus-tcp', { host: '192.0.2.10', port: 1502 }],
    ['modbus-tcp://[2001:db8::1]:502?timeout=300', 'modbus-tcp', { host: '2001:db8::1', port: 502, timeout: 300 }],
    ['modbus-rtu-over-tcp://a:4001?baudRate=19200', 'modbus-rtu-over-tcp', { host: 'a', port: 4001, baudRate: 19_200 }],
    ['modbus-rtu:///dev/ttyS0?parity=even', 'modbus-rtu', { path: '/dev/ttyS0', parity: 'even' }],
    ['modbus-rtu://COM3', 'modbus-rtu', { path: 'COM3' }],
  ] as const)('%s is a bus', (text, type, settings) => {
    expect(parseModbusUrl(text)).toEqual({ type, settings });
  });

  it.each(['192.0.2.10', 'http://a', 'modbus-tcp://a b', 'modbus-tcp://a?speed=1', 'modbus-rtu:///dev/x?parity=mark'])(
    '%s is none',
    (text) => expect(() => parseModbusUrl(text)).toThrowError(expect.objectContaining({ code: 'driver-config' })),
  );
});

describe('a probe of registers', () => {
  it('shows the words, and every type and order', async () => {
    const { connection } = await startServer();
    const probe = await probeRegisters({ connection, unit: 1, area: 'holding', address: 0, count: 4 });
    expect(probe.words).toEqual([...float32(230), ...float32(231)]);
    const value = (address: number, type: string, order: string) =>
      probe.interpretations.find((i) => i.address === address && i.type === type && i.order === order)?.value;
    expect(value(0, 'float32', 'ABCD')).toBe(230);
    expect(value(2, 'float32', 'ABCD')).toBe(231);
    expect(value(0, 'uint16', 'ABCD')).toBe(0x4366);
    expect(value(0, 'uint16', 'BADC')).toBe(0x6643);
    expect(value(0, 'uint64', 'ABCD')).toBe(0x4366000043670000n);
    expect(probe.interpretations.some((i) => i.address === 3 && i.type === 'float32')).toBe(false);
  });

  it('shows bits, and fails with what was asked', async () => {
    const { server, connection } = await startServer();
    for (let a = 0; a < 10; a++) server.coils.set(a, a % 3 === 0);
    const probe = await probeRegisters({ connection, unit: 1, area: 'coil', address: 2, count: 6 });
    expect(probe.words).toEqual([0, 1, 0, 0, 1, 0]);
    const wrong = probeRegisters({ connection, unit: 1, area: 'input', address: 5000, count: 2 });
    await expect(wrong).rejects.toThrowError(/Unit 1 .* exception 2 .* 2 input registers from 5000 \(0x1388\)/);
    await vi.waitFor(() => expect(server.connections).toBe(0));
  });
});

describe('a scan', () => {
  it('finds the units that answer, by value or by exception, and tells how far it is', async () => {
    const { server, connection } = await startServer();
    server.unit(4, {});
    server.unit(9, { 0: 7 });
    const seen: number[] = [];
    const found = await scanUnits({ connection, to: 10, onProgress: ({ done, total }) => seen.push(done / total) });
    expect(found.map((f) => f.unit)).toEqual([1, 4, 9]);
    expect(found[1]?.answer).toMatch(/exception 2/);
    expect(found[2]?.answer).toBe('register 0 = 7');
    expect(seen).toHaveLength(10);
    expect(seen.at(-1)).toBe(1);
  });

  it('finds units on a line without draining it for each silent one', async () => {
    const server = new RtuTestServer();
    server.devices.unit(3, { 0: 1 });
    server.devices.unit(8, { 0: 2 });
    await server.start();
    onTestFinished(() => server.stop());
    const settings = { host: '127.0.0.1', port: server.port, timeout: 60, baudRate: 115_200 };
    const begin = performance.now();
    const found = await scanUnits({ connection: { type: 'modbus-rtu-over-tcp', settings }, from: 1, to: 9 });
    expect(found.map((f) => f.unit)).toEqual([3, 8]);
    expect(performance.now() - begin).toBeLessThan(7 * 4 * 60);
  });

  it('stops when it is told to', async () => {
    const { server, connection } = await startServer();
    const stop = new AbortController();
    await scanUnits({ connection, onProgress: ({ unit }) => unit === 3 && stop.abort(), signal: stop.signal });
    expect(server.requests).toHaveLength(3);
  });
});

describe('a prepared connection', () => {
  const setUp = async () => {
    const { server } = await startServer();
    const settings = { host: '127.0.0.1', port: server.port, timeout: 100 };
    const bus = await prepareModbus('modbus-tcp', settings, 'bus', [bindingOf('m', meter)], testContext());
    onTestFinished(() => bus.close());
    await bus.open();
    return { server, bus };
  };

  it('shows each value beside its registers', async () => {
    const { bus } = await setUp();
    const details = await readDetailed(bus, 'm');
    expect(details.map((d) => [d.reading.point, d.reading.value, d.source?.address, d.source?.words])).toEqual([
      ['voltageL1', 230, 0, float32(230)],
      ['voltageL2', 231, 2, float32(231)],
      ['frequency', null, 100, [0xffff]],
      ['energyImport', 65_538, 102, [1, 2]],
    ]);
  });

  it('lets its wire be watched', async () => {
    const { bus } = await setUp();
    const seen: WireEvent[] = [];
    const stop = tapWire(bus, (event) => seen.push(event));
    await bus.poll?.('m');
    stop();
    await bus.poll?.('m');
    expect(seen.map((e) => [e.direction, e.text])).toEqual([
      ['sent', 'unit 1: read 4 holding registers from 0 (0x0000)'],
      ['received', 'unit 1: 4 registers 4366 0000 4367 0000'],
      ['sent', 'unit 1: read 4 holding registers from 100 (0x0064)'],
      ['received', 'unit 1: 4 registers FFFF 0000 0001 0002'],
    ]);
    expect(seen[1]?.bytes).toHaveLength(17);
  });

  it('keeps what each unit did, with its last failures', async () => {
    const { server, bus } = await setUp();
    await bus.poll?.('m');
    server.behaviour = () => {};
    await bus.poll?.('m').catch(() => undefined);
    const [history] = unitHistories(bus);
    expect(history).toMatchObject({ unit: 1, asked: 3, answered: 2, silent: 1, damaged: 0, refused: 0 });
    expect(history?.latency).toBeGreaterThan(0);
    expect(history?.failures).toMatchObject([{ outcome: 'silent', detail: expect.stringContaining('from 0') }]);
  });
});
