import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '@plantroom/base';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { exception, frameOf, ModbusTestServer } from '../../test/modbus-server.ts';
import { content, meter } from '../../test/test-meter.ts';
import type { DriverContext, EquipmentProperty, FieldConnection } from '../contract.ts';
import { parseProfile } from '../profiles/load.ts';
import { prepareModbus } from './index.ts';

async function startServer(): Promise<ModbusTestServer> {
  const server = new ModbusTestServer();
  server.unit(1, content(230));
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

interface Given {
  readonly settings?: object;
  readonly options?: Record<string, unknown>;
  readonly profile?: typeof meter;
  readonly context?: DriverContext;
}

async function connect(server: ModbusTestServer, given: Given = {}) {
  const { settings = {}, options = {}, profile = meter, context = testContext() } = given;
  const config = { host: '127.0.0.1', port: server.port, timeout: 1000, ...settings };
  const bus = await prepareModbus('modbus-tcp', config, 'bus', [bindingOf('m', profile, options)], context);
  onTestFinished(() => bus.close());
  await bus.open();
  return bus;
}

const asked = (server: ModbusTestServer) => server.requests.map((r) => [r.code, r.address, r.count]);

describe('a device’s peculiarity', () => {
  it('one request per field', async () => {
    const server = await startServer();
    const bus = await connect(server, { options: { quirks: ['one-request-per-field'] } });
    await bus.poll?.('m');
    expect(asked(server)).toEqual([
      [3, 0, 2],
      [3, 2, 2],
      [3, 100, 1],
      [3, 102, 2],
    ]);
  });

  it('close after poll', async () => {
    const server = await startServer();
    const bus = await connect(server, { settings: { quirks: ['close-after-poll'] } });
    await bus.poll?.('m');
    await bus.poll?.('m');
    expect(server.accepted).toBe(2);
    await vi.waitFor(() => expect(server.connections).toBe(0));
  });

  it('read coils from zero', async () => {
    const server = await startServer();
    for (let a = 0; a < 20; a++) server.coils.set(a, a === 11 || a === 19);
    const profile = parseProfile(
      `
name: coils
title: { en: Coils, zh: 线圈 }
kind: pump
source: this test
mark: own
period: 1000
protocol: modbus
modbus: { area: coil, quirks: [read-coils-from-zero] }
points:
  running: { address: 11, type: bit }
  tripped: { address: 12, type: bit }
`,
      'coils.yaml',
    );
    const bus = await connect(server, { profile });
    const readings = await bus.poll?.('m');
    expect(asked(server)).toEqual([[1, 0, 13]]);
    expect(readings?.map((r) => [r.point, r.value])).toEqual([
      ['running', 1],
      ['tripped', 0],
    ]);
  });

  it('a timeout and a pause of its own', async () => {
    const server = await startServer();
    const times: number[] = [];
    server.behaviour = (answer, _, socket) => {
      times.push(performance.now());
      setTimeout(() => socket.destroyed || socket.write(answer), 120);
    };
    const options = { timeout: 2000, pauseBetweenRequests: 60 };
    const patient = await connect(server, { settings: { timeout: 50 }, options });
    await patient.poll?.('m');
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(170);
    const impatient = await connect(server, { settings: { timeout: 50 } });
    await expect(impatient.poll?.('m')).rejects.toMatchObject({ kind: 'no-answer' });
  });
});

describe('a backup address', () => {
  it('is used when the first is gone, and the first again when the backup goes', async () => {
    const [first, backup] = [await startServer(), await startServer()];
    backup.unit(1, content(110));
    const settings = { backup: `127.0.0.1:${backup.port}` };
    const bus = await connect(first, { settings });
    const voltage = async () => (await bus.poll?.('m'))?.find((r) => r.point === 'voltageL1')?.value;
    expect(await voltage()).toBe(230);
    await first.stop();
    await vi.waitFor(async () => expect(await voltage()).toBe(110), 5000);
    await first.start();
    await backup.stop();
    await vi.waitFor(async () => expect(await voltage()).toBe(230), 5000);
  });

  it('is used when the first accepts and says nothing', async () => {
    const [first, backup] = [await startServer(), await startServer()];
    backup.unit(1, content(110));
    first.behaviour = () => {};
    const bus = await connect(first, { settings: { timeout: 100, backup: `127.0.0.1:${backup.port}` } });
    await expect(bus.poll?.('m')).rejects.toMatchObject({ kind: 'no-answer' });
    expect((await bus.poll?.('m'))?.find((r) => r.point === 'voltageL1')?.value).toBe(110);
  });
});

describe('what a device refuses', () => {
  const holes = (context: DriverContext) => join(context.directory, 'holes.json');
  const isKept = (context: DriverContext) =>
    existsSync(holes(context)) && readFileSync(holes(context), 'utf8').includes('"m"');
  const manualContext = () => {
    const clock = new ManualClock();
    return { clock, context: testContext(clock) };
  };
  /** At once, after 10 s and after 30 s: a refusal that comes each time is remembered. */
  const pollForHalfAMinute = async (bus: FieldConnection, clock: ManualClock) => {
    for (const wait of [0, 10_000, 20_000]) {
      await clock.advance(wait);
      for (let i = 0; i < 3; i++) await bus.poll?.('m');
    }
  };

  it('in passing costs no value, no request for long, and is not remembered', async () => {
    const server = await startServer();
    const { clock, context } = manualContext();
    const bus = await connect(server, { context });
    const { behaviour: sane } = server;
    server.behaviour = (_, request, socket) => {
      socket.write(frameOf(request, exception(request.code, 2)));
      server.behaviour = sane;
    };
    // Frequency alone is bad, as ever: it says that it is not available.
    expect((await bus.poll?.('m'))?.filter((r) => r.quality === 'good')).toHaveLength(3);
    await pollForHalfAMinute(bus, clock);
    server.requests.length = 0;
    await bus.poll?.('m');
    expect(asked(server)).toEqual([
      [3, 0, 4],
      [3, 100, 4],
    ]);
    await bus.close();
    expect(isKept(context)).toBe(false);
  });

  it('in passing leaves what it refuses for good as it was', async () => {
    const server = await startServer();
    server.units.get(1)?.delete(102);
    const { clock, context } = manualContext();
    const bus = await connect(server, { context });
    await pollForHalfAMinute(bus, clock);
    server.units.get(1)?.delete(0);
    await bus.poll?.('m');
    server.units.get(1)?.set(0, 0x4366);
    await pollForHalfAMinute(bus, clock);
    server.requests.length = 0;
    await bus.poll?.('m');
    expect(asked(server)).toEqual([
      [3, 0, 4],
      [3, 100, 1],
    ]);
    await bus.close();
    expect(isKept(context)).toBe(true);
  });

  it('and gives in pieces is remembered too, and tried whole from time to time', async () => {
    const server = await startServer();
    server.maximum = 2;
    const { clock, context } = manualContext();
    const before = await connect(server, { context });
    await pollForHalfAMinute(before, clock);
    await before.close();
    server.requests.length = 0;
    server.maximum = 125;
    const after = await connect(server, { context });
    await after.poll?.('m');
    expect(asked(server)).not.toContainEqual([3, 0, 4]);
    await clock.advance(60_000);
    for (let i = 0; i < 3; i++) await after.poll?.('m');
    server.requests.length = 0;
    await after.poll?.('m');
    expect(asked(server)).toEqual([
      [3, 0, 4],
      [3, 100, 4],
    ]);
  });

  it('is remembered through a restart', async () => {
    const server = await startServer();
    server.units.get(1)?.delete(102);
    const { context, clock } = manualContext();
    const before = await connect(server, { context });
    await pollForHalfAMinute(before, clock);
    await before.close();
    server.requests.length = 0;
    const after = await connect(server, { context });
    const readings = await after.poll?.('m');
    expect(asked(server)).toEqual([
      [3, 0, 4],
      [3, 100, 1],
    ]);
    expect(readings?.find((r) => r.point === 'energyImport')).toMatchObject({ reason: 'device-exception', raw: 2 });
    expect(readings).toHaveLength(4);
  });

  it('is learned anew by another plan, and from a file that was cut short', async () => {
    const server = await startServer();
    server.units.get(1)?.delete(102);
    const { context, clock } = manualContext();
    const before = await connect(server, { context });
    await pollForHalfAMinute(before, clock);
    await before.close();
    const other = await connect(server, { context, settings: { maximumRegisters: 2 } });
    server.requests.length = 0;
    await other.poll?.('m');
    expect(asked(server)).toContainEqual([3, 102, 2]);
    await other.close();
    writeFileSync(holes(context), readFileSync(holes(context), 'utf8').slice(0, 40));
    const again = await connect(server, { context });
    expect((await again.poll?.('m'))?.filter((r) => r.quality === 'good')).toHaveLength(2);
  });

  it('is asked for no more than once in ten seconds in a storm of refusals', async () => {
    const server = await startServer();
    server.unit(1, {});
    const bus = await connect(server);
    for (let i = 0; i < 50; i++) await bus.poll?.('m');
    // Two blocks of two values: each once whole and once in halves.
    expect(server.requests).toHaveLength(6);
  });

  it('is not kept when it is everything: that is no hole', async () => {
    const server = await startServer();
    server.unit(1, {});
    const { context, clock } = manualContext();
    const bus = await connect(server, { context });
    await pollForHalfAMinute(bus, clock);
    await bus.close();
    server.unit(1, content(230));
    const after = await connect(server, { context });
    expect((await after.poll?.('m'))?.find((r) => r.point === 'voltageL1')?.value).toBe(230);
    expect(isKept(context)).toBe(false);
  });
});

it('text about the device is a property, told once an hour', async () => {
  const server = await startServer();
  for (const [i, word] of [0x4142, 0x3132, 0x0000].entries()) server.units.get(1)?.set(200 + i, word);
  server.units.get(1)?.set(210, 2);
  const profile = parseProfile(
    `
name: with-text
title: { en: With text, zh: 带文本 }
kind: energy-meter
source: this test
mark: own
period: 1000
protocol: modbus
modbus: { area: holding }
properties:
  serialNumber: { address: 200, type: string, length: 3 }
  model: { address: 210, type: uint16, texts: { 2: EM-2 } }
  firmware: { address: 999, type: uint16 }
points:
  voltageL1: { address: 0, type: float32 }
`,
    'with-text.yaml',
  );
  const bus = await connect(server, { profile });
  const told: EquipmentProperty[] = [];
  const ignore = () => {};
  const property = (one: EquipmentProperty) => void told.push(one);
  await bus.subscribe?.({ readings: ignore, event: ignore, silence: ignore, property });
  await bus.poll?.('m');
  await bus.poll?.('m');
  expect(told).toEqual([
    { equipment: 'm', name: 'serialNumber', value: 'AB12' },
    { equipment: 'm', name: 'model', value: 'EM-2' },
  ]);
});
