import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '@plantroom/base';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { conformsToContract } from '../../test/conformance.ts';
import { frameOf, ModbusTestServer } from '../../test/modbus-server.ts';
import { type SunSpecCase, sunSpecCases } from '../../test/profile-cases.ts';
import type { DriverContext, Reading } from '../contract.ts';
import { DriverFailure } from '../failure.ts';
import { loadProfile } from '../profiles/load.ts';
import { describePlan, measurePlan, prepareModbus } from './index.ts';
import { findChain, pickModel } from './sunspec.ts';

const cases = sunSpecCases();
const [wye, single, float] = cases;
if (!wye || !single || !float) throw new TypeError('the golden cases are gone');

/** Puts a device's registers where it has them, and nothing else. */
function fill(server: ModbusTestServer, { base, registers }: Pick<SunSpecCase, 'base' | 'registers'>): void {
  server.unit(1, Object.fromEntries(registers.map((word, i) => [base + i, word])));
}

async function startServer(content?: SunSpecCase): Promise<ModbusTestServer> {
  const server = new ModbusTestServer();
  if (content) fill(server, content);
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

function prepare(port: number, context: DriverContext, options: Record<string, unknown> = {}, timeout = 1000) {
  const binding = bindingOf('meter', 'sunspec-meter', options);
  return prepareModbus('modbus-tcp', { host: '127.0.0.1', port, timeout }, 'bus', [binding], context);
}

async function connect(server: ModbusTestServer, context = testContext(), options: Record<string, unknown> = {}) {
  const bus = await prepare(server.port, context, options);
  onTestFinished(() => bus.close());
  await bus.open();
  const properties: Record<string, string> = {};
  await bus.subscribe?.({
    readings() {},
    event() {},
    silence() {},
    property: ({ name, value }) => void Object.assign(properties, { [name]: value }),
  });
  return { bus, properties, poll: async () => (await bus.poll?.('meter')) ?? [] };
}

const told = (readings: readonly Reading[]) =>
  Object.fromEntries(readings.map((r) => [r.point, r.quality === 'good' ? r.value : r.reason]));
const asked = (server: ModbusTestServer) => server.requests.map((r) => [r.address, r.count]);

describe.each(cases)('$device', (given) => {
  it('is found and read', async () => {
    const server = await startServer(given);
    const { bus, properties, poll } = await connect(server, testContext(), given.parameters);
    expect(told(await poll())).toEqual(given.values);
    expect(properties).toEqual(given.properties);
    expect(describePlan(bus).units[0]?.discovery?.found).toMatchObject(given.found);
    expect(Object.keys(given.values).sort()).toEqual(Object.keys(loadProfile('sunspec-meter').points).sort());
  });
});

conformsToContract({
  name: 'Modbus TCP with SunSpec discovery',
  deadline: 1000,
  async startPeer() {
    const server = await startServer(single);
    return {
      equipment: 'meter',
      good: { point: 'voltageL1', value: 230 },
      bad: { point: 'voltageL2', quality: 'bad', reason: 'not-available' },
      port: server.port,
      connections: () => server.connections,
      start: () => server.start(),
      stop: () => server.stop(),
    };
  },
  prepare: (_, context, port) => prepare(port, context, {}, 150),
});

describe('what was found', () => {
  it('is read in one request, and not looked for again', async () => {
    const server = await startServer(wye);
    const { poll } = await connect(server);
    await poll();
    server.requests.length = 0;
    await poll();
    // The head of the model comes along, so that another model is noticed.
    expect(asked(server)).toEqual([[40_070, 55]]);
  });

  it('is remembered: the plan has it before the device is asked, and the marker is looked for there first', async () => {
    const server = await startServer(float);
    const context = testContext();
    const before = await connect(server, context);
    await before.poll();
    await before.bus.close();
    server.requests.length = 0;
    const { bus, poll } = await connect(server, context);
    const [unit] = describePlan(bus).units;
    expect(unit?.discovery?.found).toEqual({ id: 213, address: 69, length: 124 });
    expect(unit?.requests).toMatchObject([{ address: 69, count: 70 }]);
    expect(server.requests).toHaveLength(0);
    await poll();
    expect(asked(server)[0]).toEqual([0, 2]);
  });

  it('is not that of another meter behind the same common model', async () => {
    const meter = wye.registers.slice(70, 70 + 107);
    const other = meter.map((word, i) => (i === 8 ? 2101 : word));
    const registers = [...wye.registers.slice(0, 70), ...meter, ...other, 0xffff, 0];
    const server = await startServer();
    fill(server, { base: wye.base, registers });
    const context = testContext();
    const first = await connect(server, context);
    expect(told(await first.poll()).voltageL1).toBe(230.1);
    await first.bus.close();
    const second = await connect(server, context, { meter: 2 });
    expect(told(await second.poll()).voltageL1).toBe(210.1);
  });

  it('is void in a file that was cut short', async () => {
    const server = await startServer(float);
    const context = testContext();
    const before = await connect(server, context);
    await before.poll();
    await before.bus.close();
    const file = join(context.directory, 'sunspec.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 50));
    const { bus, poll } = await connect(server, context);
    expect(describePlan(bus).units[0]?.discovery?.found).toBeUndefined();
    expect(told(await poll())).toEqual(float.values);
  });

  it('is reckoned with a usual device until then, or asked for when the plan is to be measured', async () => {
    const server = await startServer(single);
    const { bus } = await connect(server);
    expect(describePlan(bus).units[0]).toMatchObject({
      discovery: { bases: [40_000, 50_000, 0], assumed: { id: 201, address: 40_070 } },
      requests: [{ address: 40_070, count: 55 }],
    });
    expect((await measurePlan(bus)).units[0]?.discovery?.found).toMatchObject(single.found);
  });

  it('is looked for again after the device was away: another one is read by its own map, under its own name', async () => {
    const server = await startServer(wye);
    const { poll, properties } = await connect(server);
    await poll();
    await server.stop();
    await expect(poll()).rejects.toMatchObject({ kind: 'no-answer' });
    fill(server, float);
    await server.start();
    await expect.poll(poll, { timeout: 5000 }).toHaveLength(16);
    expect(told(await poll())).toEqual(float.values);
    expect(properties).toEqual(float.properties);
  });

  it('gives no value when the model has gone in between, and is found anew', async () => {
    const server = await startServer(wye);
    const { poll } = await connect(server);
    await poll();
    // The same meter behind a common model that is a register shorter.
    const at = 2 + 2 + 65;
    const registers = [...wye.registers.slice(0, at), ...wye.registers.slice(at + 1)];
    registers[3] = 65;
    fill(server, { base: wye.base, registers: [...registers, 0, 0] });
    await expect(poll()).rejects.toThrowError(/no longer say model 203/);
    expect(told(await poll())).toEqual(wye.values);
  });

  it('has holes like any other device', async () => {
    const server = await startServer(wye);
    server.units.get(1)?.delete(40_070 + 16);
    const clock = new ManualClock();
    const context = testContext(clock);
    const { bus, poll } = await connect(server, context);
    for (const wait of [0, 10_000, 20_000]) {
      await clock.advance(wait);
      expect(told(await poll())).toEqual({ ...wye.values, frequency: 'device-exception' });
    }
    await bus.close();
    expect(existsSync(join(context.directory, 'holes.json'))).toBe(true);
  });
});

describe('a device in which nothing is found', () => {
  const refused = async (content: Record<number, number>, options = {}) => {
    const server = await startServer();
    server.unit(1, content);
    const { poll } = await connect(server, testContext(), options);
    return poll().then(
      () => 'read',
      (failure: DriverFailure) => `${failure.kind}: ${failure.message} ${failure.hint}`,
    );
  };
  const at = (base: number, words: readonly number[]) => Object.fromEntries(words.map((w, i) => [base + i, w]));

  it('is told with where it was looked for and what to try', async () => {
    expect(await refused({})).toMatch(/^device-exception: Unit 1 .* none of 40000, 50000, 0\. Switch SunSpec on/);
    expect(await refused(at(0, [0x5375, 0x6e53, 7, 0, 0xffff, 0]))).toMatch(/stand at none of/);
  });

  it('is told when it has other models, or fewer meters', async () => {
    const inverter = [0x5375, 0x6e53, 1, 0, 103, 0, 0xffff, 0];
    expect(await refused(at(40_000, inverter))).toMatch(/no\. 1 of models 201, .* is not in its chain 1, 103\./);
    expect(await refused(at(40_000, wye.registers), { meter: 2 })).toMatch(/no\. 2 of models/);
  });

  it('is told when its model is shorter than the standard’s', async () => {
    const short = [0x5375, 0x6e53, 1, 0, 203, 20, ...Array.from({ length: 20 }, () => 230), 0xffff, 0];
    expect(await refused(at(40_000, short))).toMatch(/its model 203 has 20 registers, too few/);
  });

  it('is no answer when it is silent, and is not taken for one without a map', async () => {
    const server = await startServer(wye);
    server.behaviour = () => {};
    const { poll } = await connect(server);
    await expect(poll()).rejects.toMatchObject({ kind: 'no-answer' });
    server.behaviour = (_, request, socket) => void socket.write(frameOf(request, Buffer.from([0x83, 6])));
    await expect.poll(() => poll().catch((f: DriverFailure) => f.message), { timeout: 5000 }).toMatch(/exception 6/);
  });
});

describe('the walk along the chain', () => {
  /** A device of these words from `base` on; what lies beyond is refused. `asked` counts the requests. */
  const deviceOf = (base: number, words: readonly number[]) => {
    const device = { asked: 0 };
    const read = async ({ address, length }: { address: number; length: number }) => {
      device.asked++;
      if (address < base || address + length > base + words.length) {
        throw new DriverFailure('device-exception', 'illegal address', { context: { exception: 2 } });
      }
      const bytes = Buffer.alloc(length * 2);
      for (let i = 0; i < length; i++) bytes.writeUInt16BE(words[address - base + i] ?? 0, i * 2);
      return bytes;
    };
    return { device, read };
  };
  const head = [0x5375, 0x6e53, 1, 2, 0, 0];

  it('goes on from a model without registers, and stops where the device does', async () => {
    const { read } = deviceOf(0, [...head, 7, 0, 203, 1, 9]);
    expect(await findChain(read, [0])).toEqual({
      base: 0,
      models: [
        { id: 1, address: 2, length: 2 },
        { id: 7, address: 6, length: 0 },
        { id: 203, address: 8, length: 1 },
      ],
      isEnded: false,
    });
  });

  it('takes no chain that leads out of the registers, or never ends', async () => {
    expect(await findChain(deviceOf(65_500, [...head, 203, 60_000]).read, [65_500])).toBeUndefined();
    const endless = [...head, ...Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 64_001 : 0))];
    const { read, device } = deviceOf(0, endless);
    expect(await findChain(read, [0])).toBeUndefined();
    expect(device.asked).toBeLessThan(110);
  });

  it('ends for any content of a device, with models inside the registers and none over another', async () => {
    const word = fc.oneof(
      fc.constantFrom(0, 1, 2, 65, 66, 105, 124, 201, 213, 0xffff),
      fc.integer({ min: 0, max: 0xffff }),
    );
    const hostile = fc.tuple(fc.constantFrom(0, 40_000, 65_000), fc.boolean(), fc.array(word, { maxLength: 500 }));
    await fc.assert(
      fc.asyncProperty(hostile, async ([base, isMarked, words]) => {
        const content = isMarked ? [0x5375, 0x6e53, 1, ...words] : words;
        const { read, device } = deviceOf(base, content.slice(0, 65_536 - base));
        const chain = await findChain(read, [40_000, base]);
        expect(device.asked).toBeLessThanOrEqual(2 * 102);
        let end = base + 2;
        for (const model of chain?.models ?? []) {
          expect(model.address).toBe(end);
          end += 2 + model.length;
          expect(end).toBeLessThanOrEqual(65_536);
        }
        const picked = chain && pickModel(chain, new Set([201, 213]), 1);
        if (picked) expect(picked.common.address).toBeLessThan(picked.model.address);
      }),
    );
  });
});
