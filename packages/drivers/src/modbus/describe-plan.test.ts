import { ManualClock } from '@plantroom/base';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { memoryLine, tellingPdu } from '../../test/memory-line.ts';
import { ModbusTestServer } from '../../test/modbus-server.ts';
import { content, meter } from '../../test/test-meter.ts';
import { loadProfile } from '../profiles/load.ts';
import { describePlan, measurePlan, prepareModbus } from './index.ts';
import { characterTime, frameGap } from './line.ts';
import { prepareOnBus } from './prepare-on-bus.ts';
import { wireTime } from './timing.ts';

describe('the time of a serial line', () => {
  const line = { baudRate: 9600, dataBits: 8, parity: 'even', stopBits: 1 } as const;

  it('is that of its characters and gaps', () => {
    expect(characterTime(line)).toBeCloseTo(1.1458, 3);
    expect(frameGap(line)).toBeCloseTo(4.01, 2);
    expect(frameGap({ ...line, baudRate: 38_400 })).toBe(1.75);
    // 8 bytes there, 255 back.
    expect(wireTime(line, { area: 'holding', count: 125 })).toBeCloseTo(263 * 1.1458, 0);
    expect(wireTime(undefined, { area: 'holding', count: 125 })).toBe(0);
  });
});

describe('the plan of a bus', () => {
  const bindings = (n: number, period: number) =>
    Array.from({ length: n }, (_, i) => ({ ...bindingOf(`meter-${i + 1}`, meter, { unit: i + 1 }), period }));

  it('says what is asked, how long it takes and what share of the bus that is', async () => {
    const settings = { path: '/dev/ttyUSB0', baudRate: 9600, latency: 20 };
    const bus = await prepareModbus('modbus-rtu', settings, 'bus', bindings(2, 1000), testContext());
    const plan = describePlan(bus);
    expect(plan).toMatchObject({
      connection: 'bus',
      server: '/dev/ttyUSB0 9600 8N1',
      latency: 'assumed',
      warnings: [],
    });
    expect(plan.units.map((u) => [u.equipment, u.unit])).toEqual([
      ['meter-1', 1],
      ['meter-2', 2],
    ]);
    expect(plan.units[0]?.requests).toMatchObject([
      { function: 3, area: 'holding', address: 0, count: 4, points: ['voltageL1', 'voltageL2'] },
      { function: 3, area: 'holding', address: 100, count: 4, points: ['frequency', 'energyImport'] },
    ]);
    // 21 characters of 10 bits, 20 ms, 3.5 characters of 11 bits.
    const request = 21 * (10 / 9.6) + 20 + (3.5 * 11) / 9.6;
    expect(plan.units[0]?.requests[0]?.time).toBeCloseTo(request, 6);
    expect(plan.cycle).toBeCloseTo(4 * request, 6);
    expect(plan.share).toBeCloseTo((4 * request) / 1000, 6);
  });

  it('warns in both languages of a bus and of a device whose periods cannot be met', async () => {
    const settings = { path: '/dev/ttyUSB0', baudRate: 1200 };
    const bus = await prepareModbus('modbus-rtu', settings, 'bus', bindings(32, 300), testContext());
    const { share, warnings } = describePlan(bus);
    expect(share).toBeGreaterThan(1);
    expect(warnings).toHaveLength(33);
    expect(warnings[0]).toMatchObject({ equipment: 'meter-1' });
    expect(warnings.at(-1)?.equipment).toBeUndefined();
    for (const { text } of warnings) {
      expect(text.en).toMatch(/period/);
      expect(text.zh).toMatch(/周期/);
    }
  });

  it('finds 32 meters at 9,600 baud with two full blocks each to need some 22 s', async () => {
    const line = { baudRate: 9600, dataBits: 8, parity: 'even', stopBits: 1 } as const;
    const request = wireTime(line, { area: 'holding', count: 125 }) + 30 + frameGap(line);
    expect((32 * 2 * request) / 1000).toBeGreaterThan(20);
    expect((32 * 2 * request) / 1000).toBeLessThan(24);
  });

  it('is within a tenth of what a simulated line takes, once measured', async () => {
    const clock = new ManualClock();
    const line = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
    const delay = (r: { code: number; count: number; unit: number }) =>
      wireTime(line, { area: 'holding', count: r.count }) + 10 + 3 * r.unit;
    const memory = memoryLine('modbus-rtu', clock, { answer: tellingPdu, delay });
    const meters = Array.from({ length: 6 }, (_, i) =>
      bindingOf(`m${i}`, loadProfile('chint-dtsu666'), { unit: i + 1 }),
    );
    const bus = await prepareOnBus(memory.bus, 'bus', meters, testContext(clock));
    const run = async <T>(promise: Promise<T>): Promise<T> => {
      let settled = false;
      void promise.catch(() => undefined).then(() => (settled = true));
      while (!settled) await clock.advance(1);
      return promise;
    };
    const plan = await run(measurePlan(bus));
    expect(plan.latency).toBe('measured');
    const begin = clock.monotonic();
    for (const { equipment } of bus.devices) await run(bus.poll(equipment));
    const measured = clock.monotonic() - begin;
    expect(plan.cycle / measured).toBeGreaterThan(0.9);
    expect(plan.cycle / measured).toBeLessThan(1.1);
    await run(bus.close());
  });

  it('is within a fifth of what a real server takes', async () => {
    const server = new ModbusTestServer();
    for (let u = 1; u <= 10; u++) server.unit(u, content(230));
    server.behaviour = (answer, _, socket) => void setTimeout(() => socket.destroyed || socket.write(answer), 8);
    await server.start();
    onTestFinished(() => server.stop());
    const settings = { host: '127.0.0.1', port: server.port };
    const bus = await prepareModbus('modbus-tcp', settings, 'bus', bindings(10, 5000), testContext());
    onTestFinished(() => bus.close());
    expect((await measurePlan(bus)).latency).toBe('measured');
    const times: number[] = [];
    for (let round = 0; round < 7; round++) {
      const begin = performance.now();
      for (const { equipment } of bus.devices) await bus.poll?.(equipment);
      times.push(performance.now() - begin);
    }
    const median = times.sort((a, b) => a - b)[3] ?? 0;
    const { cycle } = describePlan(bus);
    expect(cycle / median).toBeGreaterThan(0.8);
    expect(cycle / median).toBeLessThan(1.2);
  });
});
