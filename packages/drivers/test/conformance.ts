import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DriverContext, FieldConnection, FieldSink, Reading } from '../src/contract.ts';
import { DriverFailure } from '../src/failure.ts';
import { testContext } from './builders.ts';
import { CountingClock } from './counting-clock.ts';

/** A real server of the protocol under test, with one device that has a good and a bad point. */
export interface Peer {
  readonly equipment: string;
  readonly good: { readonly point: string; readonly value: number };
  readonly bad: Pick<Reading, 'point' | 'quality' | 'reason'>;
  readonly port: number;
  /** How many clients it has at the moment. */
  connections(): number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Driver {
  readonly name: string;
  /** Milliseconds within which a failed open or poll has to end. */
  readonly deadline: number;
  startPeer(): Promise<Peer>;
  prepare(peer: Peer, context: DriverContext, port: number): Promise<FieldConnection>;
}

/** What every driver has to keep, whatever it speaks. */
export function conformsToContract(driver: Driver): void {
  const setUp = async () => {
    const peer = await driver.startPeer();
    onTestFinished(() => peer.stop());
    const clock = new CountingClock();
    const connection = await driver.prepare(peer, testContext(clock), peer.port);
    onTestFinished(() => connection.close());
    return { peer, clock, connection };
  };

  describe(`${driver.name} driver`, () => {
    it('prepares without network', async () => {
      const { peer } = await setUp();
      await peer.stop();
      const connection = await driver.prepare(peer, testContext(), peer.port);
      expect(connection.devices.map((d) => d.equipment)).toContain(peer.equipment);
      expect(connection.devices[0]?.points).toContain(peer.good.point);
      await connection.close();
    });

    it('reads a good value and marks a bad one', async () => {
      const { peer, connection } = await setUp();
      await connection.open();
      const heard = collect(connection);
      await vi.waitFor(() => expect(heard.newest(peer.good.point)).toBeDefined(), 5000);
      expect(heard.newest(peer.good.point)).toMatchObject({ quality: 'good', value: peer.good.value });
      await vi.waitFor(() => expect(heard.newest(peer.bad.point)).toMatchObject({ ...peer.bad, value: null }), 5000);
      await heard.stop();
    });

    it('opens and closes repeatedly and in any order', async () => {
      const { peer, connection } = await setUp();
      await connection.close();
      await Promise.all([connection.open(), connection.open()]);
      await connection.open();
      await connection.close();
      await connection.close();
      await connection.open();
      const heard = collect(connection);
      await vi.waitFor(() => expect(heard.newest(peer.good.point)?.value).toBe(peer.good.value), 5000);
      await heard.stop();
      await connection.close();
    });

    it('leaves nothing open behind', async () => {
      const { peer, clock, connection } = await setUp();
      await connection.open();
      const heard = collect(connection);
      await vi.waitFor(() => expect(heard.newest(peer.good.point)).toBeDefined(), 5000);
      await heard.stop();
      await connection.close();
      expect(clock.running).toBe(0);
      await vi.waitFor(() => expect(peer.connections()).toBe(0), 5000);
    });

    it('says within its deadline that nobody answers, and can be closed and opened again', async () => {
      const { peer, connection } = await setUp();
      await peer.stop();
      await expectNoAnswer(() => connection.open(), driver.deadline);
      await connection.close();
      await peer.start();
      await connection.open();
      const heard = collect(connection);
      await vi.waitFor(() => expect(heard.newest(peer.good.point)?.value).toBe(peer.good.value), 5000);
      await heard.stop();
    });

    it('says within its deadline that a server accepts and then says nothing', async () => {
      const { peer } = await setUp();
      const mute = createServer((socket) => socket.on('error', () => {}));
      const sockets = new Set<import('node:net').Socket>();
      mute.on('connection', (socket) => sockets.add(socket));
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        mute.close();
      });
      const address = mute.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const clock = new CountingClock();
      const connection = await driver.prepare(peer, testContext(clock), port);
      await expectNoAnswer(async () => {
        await connection.open();
        await connection.poll?.(peer.equipment);
      }, driver.deadline);
      await connection.close();
      expect(clock.running).toBe(0);
    });

    it('recovers by itself when the device returns, with the right value', async () => {
      const { peer, connection } = await setUp();
      await connection.open();
      const heard = collect(connection);
      await vi.waitFor(() => expect(heard.newest(peer.good.point)).toBeDefined(), 5000);
      await peer.stop();
      await vi.waitFor(() => expect(heard.failures()).toBeGreaterThan(0), 10_000);
      heard.forget();
      await peer.start();
      await vi.waitFor(() => expect(heard.newest(peer.good.point)?.value).toBe(peer.good.value), 10_000);
      await heard.stop();
    });

    it('probes a device for a person', async () => {
      const { peer, connection } = await setUp();
      const found = await connection.probe(peer.equipment);
      expect(found).toMatchObject({ ok: true });
      await connection.close();
      await peer.stop();
      const gone = await connection.probe(peer.equipment);
      expect(gone.ok).toBe(false);
      expect(gone.message.length).toBeGreaterThan(20);
    });
  });
}

async function expectNoAnswer(run: () => Promise<unknown>, deadline: number): Promise<void> {
  const begin = performance.now();
  const failure = await run().catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(DriverFailure);
  expect(failure).toMatchObject({ kind: 'no-answer', code: 'driver-no-answer' });
  expect(performance.now() - begin).toBeLessThan(deadline);
}

/** Gathers what a connection gives, whether it is polled or pushes. */
export function collect(connection: FieldConnection) {
  const newest = new Map<string, Reading>();
  let failed = 0;
  let stopped = false;
  const take = (batch: readonly Reading[]) => {
    for (const reading of batch) newest.set(reading.point, reading);
  };
  const sink: FieldSink = {
    readings: take,
    event: () => {},
    property: () => {},
    silence: (_, silent) => {
      if (silent) failed++;
    },
  };
  const running = follow();
  async function follow(): Promise<void> {
    await connection.subscribe?.(sink);
    while (connection.poll && !stopped) {
      for (const { equipment } of connection.devices) {
        await connection.poll?.(equipment).then(take, () => failed++);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return {
    newest: (point: string) => newest.get(point),
    failures: () => failed,
    forget: () => newest.clear(),
    async stop() {
      stopped = true;
      await running;
    },
  };
}
