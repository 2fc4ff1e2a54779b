import { createServer, type Server } from 'node:net';
import { describeError, seededRandom } from '@plantroom/base';
import { freePort } from '@plantroom/testing';
import { expect, test } from 'vitest';
import { choosePorts, requirePort } from './ports.ts';

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

test('a busy port is refused with another to try', async () => {
  const port = await freePort();
  await requirePort(port);
  const server = await occupy(port);
  const said = await requirePort(port).catch(describeError);
  server.close();
  expect(said).toContain(`Port ${port} is in use. Choose another: npm run demo -- --port ${port + 1}`);
});

test('wished ports are kept where they are free, and all differ', async () => {
  const [free, busy] = [await freePort(), await freePort()];
  const server = await occupy(busy);
  const ports = await choosePorts(['a', 'b', 'c'], { a: free, b: busy, c: free }, [], seededRandom(1));
  server.close();
  expect((await choosePorts(['a'], { a: free }, [free])).a).not.toBe(free);
  expect(ports.a).toBe(free);
  expect(ports.b).not.toBe(busy);
  expect(new Set(Object.values(ports)).size).toBe(3);
  expect(ports.b).toBeLessThan(32_768);
});
