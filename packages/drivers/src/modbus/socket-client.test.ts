import { systemClock } from '@plantroom/base';
import { expect, test } from 'vitest';
import { ModbusTestServer } from '../../test/modbus-server.ts';
import { socketConnector } from './socket-client.ts';

const events = { data: () => {}, closed: () => {} };
const options = { clock: systemClock, timeout: 2000, signal: new AbortController().signal };

test('a serial line that is in use under another name is refused until it is left; Modbus TCP is not', async () => {
  const server = new ModbusTestServer();
  await server.start();
  const [first, again, alias] = ['127.0.0.1', '127.0.0.1', 'localhost'].map((h) =>
    socketConnector(h, server.port, true),
  );
  const link = await first?.connect(events, options);
  await (await again?.connect(events, options))?.close();
  await expect(alias?.connect(events, options)).rejects.toMatchObject({
    message: expect.stringContaining(`127.0.0.1:${server.port} leads to`),
  });
  await (await socketConnector('localhost', server.port).connect(events, options)).close();
  await link?.close();
  await (await alias?.connect(events, options))?.close();
  await server.stop();
});
