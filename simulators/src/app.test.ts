import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@plantroom/base';
import { AttributeIds, OPCUAClient } from 'node-opcua';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type SimulatorOptions, type Simulators, startSimulators } from './app.ts';
import { liftNamespace } from './lifts/opcua-server.ts';

const root = mkdtempSync(join(tmpdir(), 'simulators-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const begin = Date.parse('2026-11-20T02:07:30Z');
let running: Simulators | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

let directories = 0;
function newDirectory(): string {
  directories += 1;
  return join(root, `data-${directories}`);
}

async function start(clock: ManualClock, options: Partial<SimulatorOptions> = {}): Promise<Simulators> {
  running = await startSimulators({ dataDirectory: newDirectory(), historyDays: 2, clock, ...options });
  return running;
}

/** Reads registers over a real socket with a request written by hand. */
async function read(port: number, unit: number, code: number, address: number, count: number): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const request = Buffer.from([0, 1, 0, 0, 0, 6, unit, code, address >> 8, address & 255, count >> 8, count & 255]);
  socket.write(request);
  try {
    return await new Promise((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length >= 9 + 2 * count) resolve(bytes.subarray(9));
      });
      socket.on('error', reject);
    });
  } finally {
    socket.destroy();
  }
}

async function http(path: string, init?: { method: string; body?: unknown }): Promise<{ status: number; json: never }> {
  const response = await fetch(`http://127.0.0.1:${running?.ports.http}${path}`, {
    ...(init ? { method: init.method } : {}),
    ...(init?.body === undefined
      ? {}
      : { body: JSON.stringify(init.body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as never };
}

describe('the simulators', () => {
  it('show over Modbus what is true, on every socket', async () => {
    const clock = new ManualClock(begin);
    const { ports } = await start(clock);
    await clock.advance(5000);
    const { equipment } = (await http('/state')).json as {
      equipment: Record<string, { values: Record<string, number> }>;
    };
    const value = (id: string, name: string) => equipment[id]?.values[name] ?? Number.NaN;
    expect((await read(ports.metersA, 1, 3, 19000, 2)).readFloatBE()).toBeCloseTo(value('main-meter', 'voltageL1'), 3);
    expect((await read(ports.metersA, 2, 3, 3203, 4)).readBigInt64BE()).toBe(
      BigInt(Math.round(value('chiller-meter', 'energyImport') * 1000)),
    );
    expect((await read(ports.metersB, 5, 4, 0x34, 2)).readUInt16BE(2)).toBe(
      Math.round(value('tenant-high', 'energyImport') * 10) >>> 16,
    );
    expect((await read(ports.pumps, 11, 3, 1, 1)).readUInt16BE()).toBe(Math.round(value('roof-tank', 'depth') * 1000));
    expect((await read(ports.pumps, 6, 4, 22, 2)).readFloatBE()).toBeCloseTo(
      value('jockey-pump', 'dischargePressure'),
      4,
    );
    expect((await read(ports.fire, 1, 3, 0, 1)).readUInt16BE()).toBe(1);
  });

  it('show the lifts over OPC UA with the time of the change', async () => {
    const clock = new ManualClock(begin);
    const { ports, building } = await start(clock);
    const client = OPCUAClient.create({ endpointMustExist: false });
    await client.connect(`opc.tcp://127.0.0.1:${ports.opcua}`);
    const session = await client.createSession();
    const index = (await session.readNamespaceArray()).indexOf(liftNamespace);
    const node = (name: string) => ({ nodeId: `ns=${index};s=L2.${name}`, attributeId: AttributeIds.Value });
    building.faults.add('lift-entrapment', 'elevator-2', { alarmAfter: 2 }, clock.now());
    await clock.advance(30_000);
    const alarm = await session.read(node('Passenger_Alarm'));
    expect(alarm.value.value).toBe(true);
    expect(alarm.sourceTimestamp?.getTime()).toBeGreaterThan(begin);
    expect(alarm.sourceTimestamp?.getTime()).toBeLessThan(begin + 30_000);
    expect((await session.read(node('Car_Height'))).value.value).toBeCloseTo(building.lifts.cars[1]?.height ?? -1, 2);
    expect((await session.read(node('GB24476_Code'))).value.value).toBe(4);
    building.faults.add('device-silent', 'elevator-2', {}, clock.now());
    await clock.advance(400);
    expect((await session.read(node('Car_Height'))).statusCode.name).toBe('BadNoCommunication');
    await session.close();
    await client.disconnect();
  });

  it('go on from where they stopped, with the energy of the time between', async () => {
    const dataDirectory = newDirectory();
    const file = join(root, 'history.csv');
    const clock = new ManualClock(begin);
    const first = await start(clock, { dataDirectory, history: { file } });
    const main = (s: Simulators) => s.building.meters.meters.get('main-meter')?.counters.import ?? 0;
    const last = readFileSync(file, 'utf8')
      .split('\n')
      .findLast((line) => line.includes('main-meter'));
    // 7.5 minutes of a working morning at some 200 to 600 kW lie between the last row and the live register.
    const since = main(first) - Number(last?.split(',')[3]);
    expect(since).toBeGreaterThan(200 / 8);
    expect(since).toBeLessThan(700 / 8);
    await clock.advance(60_000);
    const [reading, trips] = [main(first), first.building.lifts.cars[0]?.counters.trips];
    await first.stop();
    clock.jump(3_600_000);
    const second = await start(clock, { dataDirectory });
    expect(main(second) - reading).toBeGreaterThan(200);
    expect(main(second) - reading).toBeLessThan(700);
    expect(second.building.lifts.cars[0]?.counters.trips).toBe(trips);
    const { items } = (await http('/history?from=2026-11-20T01:00:00Z&to=2026-11-20T04:00:00Z')).json as {
      items: { equipment: string; value: number }[];
    };
    const values = items.filter((item) => item.equipment === 'main-meter').map((item) => item.value);
    expect(values).toHaveLength(9);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    await second.stop();
    await expect(start(clock, { dataDirectory, seed: 2 })).rejects.toMatchObject({ code: 'seed-changed' });
  });

  it('are steered over HTTP, with clear errors', async () => {
    const clock = new ManualClock(begin);
    await start(clock, { oracle: true });
    expect((await http('/health')).json).toMatchObject({ status: 'ok', seed: 1, mqtt: 'off' });
    const body = { fault: 'pump-dry-run', target: 'booster-1', parameters: { tripAfter: 60 } };
    const made = await http('/faults', { method: 'POST', body });
    expect(made).toMatchObject({
      status: 201,
      json: { fault: 'pump-dry-run', parameters: { forceRun: true, tripAfter: 60 } },
    });
    const { id } = made.json as { id: string };
    expect(await http('/faults', { method: 'POST', body })).toMatchObject({ status: 409 });
    expect(await http('/faults', { method: 'POST', body: { fault: 'x', target: 'y' } })).toMatchObject({
      status: 400,
      json: { error: { code: 'unknown-fault', hint: expect.stringContaining('pump-dry-run') } },
    });
    expect(await http('/faults', { method: 'POST', body: { fault: 1 } })).toMatchObject({ status: 400 });
    expect((await http('/faults')).json).toMatchObject({ active: [{ id, target: 'booster-1' }] });
    expect((await http(`/faults/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await http(`/faults/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await http('/history?from=now&to=then')).status).toBe(400);
    expect((await http('/produced/lobby')).json).toEqual({ items: [] });
    expect((await http('/produced/attic')).status).toBe(404);
    expect(await http('/nowhere')).toMatchObject({ status: 404, json: { error: { code: 'no-such-route' } } });
    await clock.advance(10_000);
    const { sensors } = (await http('/produced')).json as { sensors: Record<string, { dropped: number }> };
    expect(Object.values(sensors).map((s) => s.dropped)).toEqual(Array(10).fill(1));
  });

  it('say which port is in use and leave nothing open', async () => {
    const clock = new ManualClock(begin);
    const { ports } = await start(clock);
    const failed = startSimulators({
      dataDirectory: newDirectory(),
      historyDays: 1,
      clock,
      ports: { fire: ports.pumps },
    });
    await expect(failed).rejects.toMatchObject({ code: 'port-in-use' });
  });
});
