import { ManualClock, silentLogger } from '@plantroom/base';
import { expect, it } from 'vitest';
import { memoryLine, tellingPdu, tellingWord } from '../../test/memory-line.ts';
import { ModbusClient } from './client.ts';
import type { ReadRequest } from './pdu.ts';

const request: ReadRequest = { unit: 1, area: 'holding', address: 5, count: 1 };

async function setUp() {
  const clock = new ManualClock();
  const line = memoryLine('modbus-rtu', clock, { answer: tellingPdu, delay: () => 20 }, { timeout: 1000 });
  const client = new ModbusClient(line.bus, clock, silentLogger);
  let isBabbling = false;
  const babble = () => {
    if (isBabbling) line.babble(Buffer.from([0x55]));
    clock.after(2, babble);
  };
  babble();
  const setBabbling = (on: boolean) => {
    isBabbling = on;
  };
  const run = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    void promise.catch(() => undefined).then(() => (settled = true));
    for (let i = 0; !settled && i < 1000; i++) await clock.advance(10);
    return promise;
  };
  await run(client.open());
  return { clock, client, run, line, setBabbling };
}

it('a device that sends without end fails reads in bounded time, with the reason', async () => {
  const { clock, client, run, setBabbling } = await setUp();
  expect((await run(client.read(request))).readUInt16BE()).toBe(tellingWord(1, 3, 5));
  setBabbling(true);
  await clock.advance(100);
  const begin = clock.monotonic();
  await expect(run(client.read(request))).rejects.toMatchObject({
    kind: 'garbage',
    message: expect.stringMatching(/sends without end on memory .*no silence came for 4000 ms/),
  });
  expect(clock.monotonic() - begin).toBeLessThan(4400);
});

it('a line on which somebody sends without end cannot be opened again before it is quiet', async () => {
  const { clock, client, run, line, setBabbling } = await setUp();
  setBabbling(true);
  await clock.advance(100);
  await expect(run(client.read(request))).rejects.toMatchObject({ kind: 'garbage' });
  const asked = line.requests.length;
  await run(client.close());
  await expect(run(client.open())).rejects.toMatchObject({ kind: 'garbage' });
  await run(client.close());
  setBabbling(false);
  await run(client.open());
  expect(line.requests.length).toBe(asked);
  expect((await run(client.read(request))).readUInt16BE()).toBe(tellingWord(1, 3, 5));
});
