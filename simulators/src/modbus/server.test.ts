import { connect, type Socket } from 'node:net';
import { ManualClock, silentLogger } from '@plantroom/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegisterTable } from './registers.ts';
import { type ModbusServer, startModbusServer } from './server.ts';
import { createUnit, type Disturbance } from './unit.ts';

const table: RegisterTable<{ value: number }> = {
  functions: [3, 2],
  fill: 0,
  maximum: 10,
  blocks: [{ first: 0, last: 19 }],
  entries: [{ address: 4, type: 'u16', read: (device) => device.value }],
};

let clock: ManualClock;
let server: ModbusServer;
let socket: Socket;
let received: Buffer;
let disturbance: Disturbance | null;
const device = { value: 7 };

beforeEach(async () => {
  clock = new ManualClock();
  disturbance = null;
  received = Buffer.alloc(0);
  device.value = 7;
  const first = createUnit({ id: 1, equipment: 'a', device, tables: [table], disturbance: () => disturbance });
  const second = createUnit({ id: 2, equipment: 'b', device: { value: 9 }, tables: [table], disturbance: () => null });
  server = await startModbusServer({ name: 'test', port: 0, units: [first, second], clock, logger: silentLogger });
  socket = connect(server.port, '127.0.0.1');
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
});

afterEach(async () => {
  socket.destroy();
  await server.stop();
});

function send(hex: string): void {
  socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

async function answer(hex: string): Promise<void> {
  const wanted = hex.replaceAll(' ', '');
  await expect.poll(() => received.toString('hex'), { interval: 5 }).toBe(wanted);
}

describe('a Modbus server', () => {
  it('reads registers and packs bits', async () => {
    send('0005 0000 0006 01 03 0003 0002');
    await answer('0005 0000 0007 01 03 04 0000 0007');
    received = Buffer.alloc(0);
    send('0006 0000 0006 01 02 0003 0003');
    await answer('0006 0000 0004 01 02 01 02');
  });

  it.each([
    ['an unknown function', '01 04 0000 0001', '01 84 01'],
    ['a write', '01 06 0004 0001', '01 86 01'],
    ['an address outside', '01 03 0013 0002', '01 83 02'],
    ['a count of none', '01 03 0000 0000', '01 83 03'],
    ['a count above the maximum', '01 03 0000 000b', '01 83 03'],
    ['an unknown unit', '63 03 0000 0001', '63 83 0b'],
  ])('answers %s with its exception', async (_, request, exception) => {
    send(`0001 0000 0006 ${request}`);
    await answer(`0001 0000 0003 ${exception}`);
  });

  it('answers pipelined requests in order, cut anywhere', async () => {
    send('0001 0000 0006 01 03 00');
    send('04 0001 0002 0000 0006 02 03 0004 0001 00');
    send('03 0000 0006 01 03 0004 0001');
    await answer(
      ['0001 0000 0005 01 03 02 0007', '0002 0000 0005 02 03 02 0009', '0003 0000 0005 01 03 02 0007'].join(''),
    );
  });

  it('drops a connection that does not speak Modbus', async () => {
    const closed = new Promise((resolve) => socket.once('close', resolve));
    send('474554202f20485454502f312e310d0a');
    await closed;
  });

  it('says which port is in use and what to do', async () => {
    const again = startModbusServer({ name: 'pumps', port: server.port, units: [], clock, logger: silentLogger });
    await expect(again).rejects.toMatchObject({
      code: 'port-in-use',
      message: `pumps: port ${server.port} is in use.`,
    });
  });
});

describe('a disturbed unit', () => {
  const sound = { silent: false, exception: () => undefined, delay: () => 0 };

  it('says nothing when silent, while its neighbour answers', async () => {
    disturbance = { ...sound, silent: true };
    send('0001 0000 0006 01 03 0004 0001 0002 0000 0006 02 03 0004 0001');
    await answer('0002 0000 0005 02 03 02 0009');
  });

  it('answers late, with the transaction of the request and the value of that moment', async () => {
    disturbance = { ...sound, delay: () => 3000 };
    send('0001 0000 0006 01 03 0004 0001 0002 0000 0006 02 03 0004 0001');
    await answer('0002 0000 0005 02 03 02 0009');
    device.value = 8;
    await clock.advance(3000);
    await answer('0002 0000 0005 02 03 02 0009 0001 0000 0005 01 03 02 0008');
  });

  it('answers with an exception for the requests it is asked to', async () => {
    disturbance = { ...sound, exception: ({ address }) => (address === 4 ? 6 : undefined) };
    send('0001 0000 0006 01 03 0004 0001 0002 0000 0006 01 03 0000 0001');
    await answer('0001 0000 0003 01 83 06 0002 0000 0005 01 03 02 0000');
  });
});
