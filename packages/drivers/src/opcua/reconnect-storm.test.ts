import { systemClock } from '@plantroom/base';
import { expect, it, vi } from 'vitest';
import { declareLift, listen } from '../../test/opcua-listener.ts';
import { OpcUaTestServer } from '../../test/opcua-server.ts';
import { TestProxy } from '../../test/proxy.ts';

it('a link that breaks as soon as it is there costs a server few sessions, and one is enough when it holds', async () => {
  const server = new OpcUaTestServer();
  declareLift(server);
  await server.start();
  const proxy = new TestProxy(server.port);
  await proxy.start();
  try {
    const { connection, heard } = await listen(server, { endpoint: `opc.tcp://127.0.0.1:${proxy.port}` });
    let most = 0;
    const end = systemClock.monotonic() + 12_000;
    while (systemClock.monotonic() < end) {
      const opened = connection.tally?.().sessions;
      proxy.cut();
      await vi.waitFor(
        () => {
          most = Math.max(most, server.sessions);
          const again = connection.tally?.().sessions !== opened;
          if (!again && systemClock.monotonic() < end) throw new Error('not yet');
        },
        { timeout: 15_000, interval: 20 },
      );
    }
    console.log(`a link cut for 12 s: ${server.allSessions} sessions, at most ${most} at once on the server`);
    expect(server.allSessions).toBeLessThanOrEqual(8);
    expect(most).toBeLessThanOrEqual(8);
    heard.readings_.length = 0;
    await vi.waitFor(() => expect(heard.newest('floor')?.value).toBe(7), { timeout: 40_000, interval: 100 });
    await vi.waitFor(() => expect(server.sessions).toBe(1), { timeout: 40_000, interval: 100 });
    await connection.close();
  } finally {
    await proxy.stop();
    await server.remove();
  }
}, 90_000);
