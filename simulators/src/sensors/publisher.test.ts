import { createServer, type Server, type Socket } from 'node:net';
import { ManualClock, silentLogger } from '@plantroom/base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Publisher } from './publisher.ts';

/** The few packets of MQTT 3.1.1 that a publishing client needs, written out by hand. */
class TinyBroker {
  readonly messages: { topic: string; payload: string }[] = [];
  logins: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let pending: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let length = packetLength(pending); length > 0 && pending.length >= length; length = packetLength(pending)) {
        this.#handle(socket, pending.subarray(0, length));
        pending = pending.subarray(length);
      }
    });
  }

  #handle(socket: Socket, packet: Buffer): void {
    const type = packet.readUInt8(0);
    const body = packet.subarray(packet.length < 130 ? 2 : 3);
    if (type === 0x10) {
      this.logins.push(body.toString('latin1'));
      socket.write(Buffer.from([0x20, 2, 0, 0]));
    } else if ((type & 0xf6) === 0x32) {
      const end = 2 + body.readUInt16BE(0);
      this.messages.push({ topic: body.toString('utf8', 2, end), payload: body.toString('utf8', end + 2) });
      socket.write(Buffer.from([0x40, 2, body.readUInt8(end), body.readUInt8(end + 1)]));
    }
  }
}

/** Whole length of the packet at the start, 0 when it is not known yet; remaining lengths of one or two bytes. */
function packetLength(bytes: Buffer): number {
  const [, low, high] = bytes;
  if (low === undefined) return 0;
  if (low < 128) return 2 + low;
  return high === undefined ? 0 : 3 + (low & 127) + 128 * high;
}

const time = '2026-11-20T02:00:00.000Z';
let clock: ManualClock;
let publisher: Publisher;
let broker: TinyBroker;

beforeEach(() => {
  clock = new ManualClock();
  publisher = new Publisher({ clock, logger: silentLogger, keep: true });
  broker = new TinyBroker();
});

afterEach(async () => {
  await publisher.stop();
  await broker.close();
});

it('signs in, publishes, and counts what the broker confirmed', async () => {
  const port = await broker.listen();
  publisher.start({ url: `mqtt://127.0.0.1:${port}`, user: 'field', password: 'open sesame' });
  await expect.poll(() => publisher.state).toBe('connected');
  publisher.publish('lobby', 'sensors/lobby/state', time, { temperature: 21.5 });
  await expect.poll(() => publisher.counts('lobby').acknowledged).toBe(1);
  expect(broker.messages).toEqual([{ topic: 'sensors/lobby/state', payload: '{"temperature":21.5}' }]);
  expect(broker.logins[0]).toContain('open sesame');
  expect(publisher.counts('lobby')).toEqual({ published: 1, acknowledged: 1, dropped: 0, last: time });
  expect(publisher.messages('lobby')).toEqual([{ time, payload: { temperature: 21.5 }, acknowledged: true }]);
});

it('keeps trying until the broker is there; drops measurements, keeps events', async () => {
  const port = await broker.listen();
  await broker.close();
  publisher.start({ url: `mqtt://127.0.0.1:${port}` });
  publisher.publish('lobby', 'sensors/lobby/state', time, {});
  publisher.publishSurely('fire-panel', 'fire/fire-panel/events', time, { id: 'e1' });
  expect(publisher.counts('lobby')).toMatchObject({ published: 0, dropped: 1 });
  broker = new TinyBroker();
  await broker.listen(port);
  await expect
    .poll(
      async () => {
        await clock.advance(1000);
        return broker.messages;
      },
      { timeout: 8000 },
    )
    .toEqual([{ topic: 'fire/fire-panel/events', payload: '{"id":"e1"}' }]);
});
