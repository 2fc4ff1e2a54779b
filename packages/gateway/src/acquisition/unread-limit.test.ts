import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { limitUnread } from './unread-limit.ts';

/** Sockets of a server whose clients never read, once their system's buffers are full. */
async function frozen(count: number): Promise<Socket[]> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const sockets: Socket[] = [];
  for (let n = 0; n < count; n++) {
    const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1').pause();
    client.on('error', () => {});
    const [socket] = (await once(server, 'connection')) as [Socket];
    socket.on('error', () => {});
    onTestFinished(() => void client.destroy());
    sockets.push(socket);
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return sockets;
}

const piece = Buffer.alloc(10_000);
/** Writes until so much waits, or the socket is ended. */
const fill = (socket: Socket, bytes: number) => {
  // The system takes some of it at once.
  while (!socket.destroyed && socket.writableLength < bytes) socket.write(piece);
};

test('a connection may leave so much unread and no more, and counts as writable until then', async () => {
  const [socket] = await frozen(1);
  if (!socket) throw new TypeError('no socket');
  const told: number[] = [];
  const limits = { unreadOfClient: 100_000, unreadInAll: 1_000_000 };
  limitUnread(
    socket,
    new Set([socket]),
    limits,
    () => false,
    (unread) => told.push(unread),
  );
  fill(socket, 100_000);
  expect(socket.write(piece)).toBe(true);
  expect(socket.destroyed).toBe(true);
  expect(told).toHaveLength(1);
  expect(told[0]).toBeGreaterThan(100_000);
});

test('where all together leave too much unread, one that has more than its share is ended, and one that has less stays', async () => {
  const sockets = await frozen(3);
  const all = new Set(sockets);
  const limits = { unreadOfClient: 1_000_000, unreadInAll: 300_000 };
  for (const socket of sockets)
    limitUnread(
      socket,
      all,
      limits,
      () => false,
      () => {},
    );
  const [large, larger, small] = sockets;
  if (!large || !larger || !small) throw new TypeError('no sockets');
  fill(large, 150_000);
  fill(larger, 120_000);
  fill(small, 50_000);
  expect([large, larger, small].map((s) => s.destroyed)).toEqual([false, false, false]);
  larger.write(piece);
  expect([large, larger, small].map((s) => s.destroyed)).toEqual([false, true, false]);
});

test('the gateway’s own connection is held up instead', async () => {
  const [socket] = await frozen(1);
  if (!socket) throw new TypeError('no socket');
  const limits = { unreadOfClient: 100_000, unreadInAll: 100_000 };
  limitUnread(
    socket,
    new Set([socket]),
    limits,
    () => true,
    () => {},
  );
  fill(socket, 200_000);
  expect(socket.write(piece)).toBe(false);
  expect(socket.destroyed).toBe(false);
});
