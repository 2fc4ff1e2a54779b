import { ManualClock, silentLogger } from '@plantroom/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinePeer, memoryLine, tellingPdu, tellingWord } from '../../test/memory-line.ts';
import type { ModbusRequest } from '../../test/modbus-server.ts';
import type { ModbusType } from './bus.ts';
import { ModbusClient } from './client.ts';
import { type Area, functionOf, type ReadRequest } from './pdu.ts';

const timeout = 1000;
const anyRequest = fc.record({
  unit: fc.integer({ min: 1, max: 3 }),
  area: fc.constantFrom<Area>('holding', 'holding', 'holding', 'input'),
  address: fc.integer({ min: 0, max: 400 }),
  count: fc.integer({ min: 1, max: 4 }),
});

/** Asks one after the other while a simulated server answers late; gives what came and how often nothing did. */
async function ask(type: ModbusType, requests: Iterable<ReadRequest>, lateness: readonly number[], failing = false) {
  const clock = new ManualClock();
  let n = 0;
  const peer: LinePeer = {
    answer: (request) => (failing && n % 7 === 3 ? Buffer.from([request.code | 0x80, 6]) : tellingPdu(request)),
    delay: () => lateness[n++ % lateness.length] ?? 0,
  };
  const line = memoryLine(type, clock, peer, { timeout });
  const client = new ModbusClient(line.bus, clock, silentLogger);
  await run(clock, client.open());
  let right = 0;
  let failed = 0;
  for (const request of requests) {
    if (clock.monotonic() > 600_000) break;
    const bytes = await run(
      clock,
      client.read(request).catch(() => undefined),
    );
    if (!bytes) failed++;
    else {
      right++;
      const words = Array.from({ length: request.count }, (_, i) => bytes.readUInt16BE(i * 2));
      const { unit, area, address } = request;
      expect(words).toEqual(words.map((_, i) => tellingWord(unit, functionOf[area], address + i)));
    }
  }
  await run(clock, client.close());
  return { right, failed, elapsed: clock.monotonic() };
}

/** Lets simulated time pass until the promise settles. */
async function run<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  void promise.catch(() => undefined).then(() => (settled = true));
  while (!settled) await clock.advance(50);
  return promise;
}

describe.each<[ModbusType, string, number]>([
  ['modbus-tcp', 'at any lateness', 60_000],
  ['modbus-rtu', 'up to the drain time', 4 * timeout],
  ['modbus-rtu', 'beyond the drain time, in order', 30_000],
  ['modbus-rtu-over-tcp', 'up to the drain time', 4 * timeout],
  ['modbus-rtu-over-tcp', 'beyond the drain time, in order', 30_000],
])('a late answer over %s, %s,', (type, _, latest) => {
  const anyLateness = fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: latest - 1 })), {
    minLength: 1,
    maxLength: 12,
  });

  it('is never the value of another register, function or unit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRequest, { minLength: 5, maxLength: 25 }),
        anyLateness,
        fc.boolean(),
        async (requests, lateness, failing) => void (await ask(type, requests, lateness, failing)),
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('for ten minutes leaves values to read, all of them right', async () => {
    const requests = Array.from({ length: 20_000 }, (_, i) => ({
      unit: 1 + (i % 2),
      area: 'holding' as const,
      address: (i * 37) % 500,
      count: 2,
    }));
    const lateness = [20, 20, 20, latest / 2, 20, 20, 1100, 20, 20, 20, 20, latest - 1];
    const { right, failed, elapsed } = await ask(type, requests, lateness);
    expect(right).toBeGreaterThan(20);
    expect(failed).toBeGreaterThan(20);
    expect(elapsed).toBeGreaterThan(600_000);
  }, 60_000);
});

describe('a line whose past is not known', () => {
  const block: ReadRequest = { unit: 7, area: 'holding', address: 100, count: 2 };
  const other: ReadRequest = { ...block, address: 300 };

  it.each([
    ['after a reload that names it otherwise', false],
    ['after a reload that names it otherwise and another that names it as before', true],
  ])('gives nothing of what was asked before, %s', async (_, isBack) => {
    const clock = new ManualClock();
    const line = memoryLine('modbus-rtu', clock, { answer: tellingPdu, delay: () => 950 }, { timeout });
    const leave = async (name: string, isUnderWay: boolean) => {
      const client = new ModbusClient({ ...line.bus, name }, clock, silentLogger);
      await run(clock, client.open());
      await run(clock, client.read(other));
      const before = line.requests.length;
      const cut = isUnderWay ? client.read(block).catch(() => undefined) : undefined;
      while (cut && line.requests.length === before) await clock.advance(10);
      await run(clock, client.close());
      await cut;
    };
    await leave('a', !isBack);
    if (isBack) await leave('b', true);
    const next = new ModbusClient({ ...line.bus, name: isBack ? 'a' : 'c' }, clock, silentLogger);
    await run(clock, next.open());
    const begin = clock.monotonic();
    for (let i = 0; i < 3; i++) {
      const bytes = await run(clock, next.read(other));
      expect(bytes.readUInt16BE(0)).toBe(tellingWord(7, 3, 300));
    }
    expect(clock.monotonic() - begin).toBeLessThan(4 * timeout + 3 * 1500);
    await run(clock, next.close());
  });
});

describe('a unit that is out of step on a line', () => {
  const setUp = async (lateness: (request: ModbusRequest) => number) => {
    const clock = new ManualClock();
    const line = memoryLine('modbus-rtu', clock, { answer: tellingPdu, delay: lateness }, { timeout, drain: 500 });
    const client = new ModbusClient(line.bus, clock, silentLogger);
    await run(clock, client.open());
    return { clock, line, client };
  };
  const block: ReadRequest = { unit: 7, area: 'holding', address: 100, count: 2 };
  const other: ReadRequest = { unit: 7, area: 'holding', address: 300, count: 2 };

  it('is asked what can be told from what it owes before it is believed', async () => {
    let late = 8000;
    const { clock, line, client } = await setUp(() => late);
    await expect(run(clock, client.read(block))).rejects.toMatchObject({ kind: 'no-answer' });
    late = 10;
    // The answer to the first question comes when the next one is under way, in the same shape.
    await clock.advance(6500);
    const bytes = await run(clock, client.read(other));
    expect(bytes.readUInt16BE(0)).toBe(tellingWord(7, 3, 300));
    expect(line.requests.map((r) => [r.address, r.count])).toEqual([
      [100, 2],
      [300, 1],
      [300, 2],
    ]);
    await run(clock, client.close());
  });

  it('is so for the next client too, when one was closed in the middle of a question', async () => {
    const { clock, line, client } = await setUp(() => 600);
    const cut = client.read(block).catch((failure: unknown) => failure);
    await clock.advance(100);
    await run(clock, client.close());
    expect(await cut).toMatchObject({ kind: expect.any(String) });
    const next = new ModbusClient(line.bus, clock, silentLogger);
    await run(clock, next.open());
    const bytes = await run(clock, next.read(other));
    expect(bytes.readUInt16BE(0)).toBe(tellingWord(7, 3, 300));
    await run(clock, next.close());
  });

  it('does not keep the others from being read', async () => {
    const { clock, client } = await setUp((r) => (r.unit === 7 ? 60_000 : 10));
    await expect(run(clock, client.read(block))).rejects.toMatchObject({ kind: 'no-answer' });
    const begin = clock.monotonic();
    const bytes = await run(clock, client.read({ ...block, unit: 8 }));
    expect(bytes.readUInt16BE(0)).toBe(tellingWord(8, 3, 100));
    expect(clock.monotonic() - begin).toBeLessThanOrEqual(650);
    await run(clock, client.close());
  });

  it('ends the drain with its late answer', async () => {
    const { clock, client } = await setUp((r) => (r.unit === 7 ? 1100 : 10));
    await expect(run(clock, client.read(block))).rejects.toMatchObject({ kind: 'no-answer' });
    const begin = clock.monotonic();
    await run(clock, client.read({ ...block, unit: 8 }));
    expect(clock.monotonic() - begin).toBeLessThanOrEqual(200);
    await run(clock, client.close());
  });
});
