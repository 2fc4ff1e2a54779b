import { ManualClock, silentLogger } from '@plantroom/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinePeer, type MemoryLine, memoryLine, tellingPdu, tellingWord } from '../../test/memory-line.ts';
import { exception } from '../../test/modbus-server.ts';
import { ModbusClient } from './client.ts';
import { functionOf, type ReadRequest } from './pdu.ts';

const timeout = 1000;
const drain = 3 * timeout;

interface Site {
  readonly clock: ManualClock;
  readonly line: MemoryLine;
  /** The words of an answer; undefined when there was none, or none that could be believed. */
  read(request: ReadRequest): Promise<number[] | undefined>;
  close(): Promise<void>;
}

async function setUp(peer: LinePeer): Promise<Site> {
  const clock = new ManualClock();
  const line = memoryLine('modbus-rtu-over-tcp', clock, peer, { timeout });
  const client = new ModbusClient(line.bus, clock, silentLogger);
  await run(clock, client.open());
  return {
    clock,
    line,
    async read(request) {
      const bytes = await run(
        clock,
        client.read(request).catch(() => undefined),
      );
      return bytes && Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16BE(i * 2));
    },
    close: () => run(clock, client.close()),
  };
}

async function run<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  void promise.catch(() => undefined).then(() => (settled = true));
  while (!settled) await clock.advance(10);
  return promise;
}

function holding(address: number, count = 1, unit = 1): ReadRequest {
  return { unit, area: 'holding', address, count };
}

function told({ unit, area, address, count }: ReadRequest): number[] {
  return Array.from({ length: count }, (_, i) => tellingWord(unit, functionOf[area], address + i));
}

/** The address that the device of the random test refuses. */
const refused = 80;
const phases = [holding(0), holding(100), holding(150)];

describe('a bridge that brings frames more than once', () => {
  it('yields no other register’s value, from the first frame on, and values go on to come', async () => {
    const site = await setUp({ answer: tellingPdu, delay: () => 60, arrivals: () => [0, 20] });
    let right = 0;
    for (let round = 0; round < 20; round++) {
      for (const request of phases) {
        const words = await site.read(request);
        if (!words) continue;
        right++;
        expect(words).toEqual(told(request));
      }
      await site.clock.advance(1000);
    }
    expect(right).toBe(60);
    await site.close();
  });

  it.each([1, 3])('by asking twice yields none of %d moving registers either', async (count) => {
    let tick = 0;
    const site = await setUp({
      answer: ({ code, address, count: n }) => {
        const body = Buffer.alloc(2 * n);
        for (let i = 0; i < n; i++) body.writeUInt16BE(((address + i) << 6) + (tick & 63), 2 * i);
        tick++;
        return Buffer.concat([Buffer.from([code, body.length]), body]);
      },
      delay: () => (tick & 1 ? 60 : 80),
      asks: 2,
    });
    let right = 0;
    for (let round = 0; round < 20; round++) {
      for (const request of phases.map((p) => ({ ...p, count }))) {
        const words = await site.read(request);
        if (!words) continue;
        right++;
        expect(words.map((w) => w >> 6)).toEqual(words.map((_, i) => request.address + i));
      }
      await site.clock.advance(1000);
    }
    expect(right).toBe(60);
    await site.close();
  });

  it('that repeats, delays and loses frames at random never yields another register’s value', async () => {
    // Told apart up to the drain time after the deadline; an answer may wait for the one before it.
    const fate = fc.record({
      late: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 5, max: 80 }) }, fc.integer({ min: 5, max: 2000 })),
      copies: fc.oneof(
        { weight: 3, arbitrary: fc.constant<number[]>([0]) },
        { weight: 3, arbitrary: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 3 }) },
        fc.array(fc.integer({ min: 0, max: 1900 }), { maxLength: 3 }),
      ),
    });
    const question = fc.record({
      address: fc.integer({ min: 0, max: 6 }).map((n) => n * 40),
      count: fc.integer({ min: 1, max: 2 }),
      unit: fc.integer({ min: 1, max: 2 }),
      pause: fc.constantFrom(0, 0, 0, 50, 1000),
    });
    let right = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: 1, maxLength: 15 }),
        fc.array(question, { minLength: 5, maxLength: 40 }),
        async (fates, questions) => {
          let n = 0;
          const next = () => fates[n % fates.length];
          const site = await setUp({
            answer: (request) => (request.address === refused ? exception(request.code, 4) : tellingPdu(request)),
            delay: () => next()?.late ?? 0,
            arrivals: () => fates[n++ % fates.length]?.copies ?? [],
          });
          for (const { address, count, unit, pause } of questions) {
            const request = holding(address, count, unit);
            const words = await site.read(request);
            if (words) {
              expect(address).not.toBe(refused);
              right++;
              expect(words).toEqual(told(request));
            }
            if (pause > 0) await site.clock.advance(pause);
          }
          await site.close();
        },
      ),
      { numRuns: 150 },
    );
    expect(right).toBeGreaterThan(200);
  }, 60_000);
});

describe('on a clean line', () => {
  it('a question is asked once', async () => {
    const site = await setUp({ answer: tellingPdu, delay: () => 20 });
    for (let round = 0; round < 10; round++) for (const request of phases) await site.read(request);
    expect(site.line.requests.length).toBe(30);
    await site.close();
  });

  it.each([
    ['that gives more than is asked', 200, 2],
    ['that gives single registers alone', 1, 2 * (timeout + drain)],
  ])('a machine at rest, all zeros, %s costs a little once', async (_, most, cost) => {
    const zeros = ({ code, count }: { code: number; count: number }) =>
      count > most ? exception(code, 2) : Buffer.concat([Buffer.from([code, count * 2]), Buffer.alloc(count * 2)]);
    const site = await setUp({ answer: zeros, delay: () => 20 });
    const begin = site.clock.monotonic();
    for (const request of phases) expect(await site.read(request)).toEqual([0]);
    const firstQuiet = timeout + drain;
    expect(site.clock.monotonic() - begin).toBeLessThan(firstQuiet + cost + 1000);
    const asked = site.line.requests.length;
    await site.clock.advance(1000);
    for (let round = 0; round < 10; round++) for (const request of phases) await site.read(request);
    expect(site.line.requests.length - asked).toBe(30);
    await site.close();
  });
});
