import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import { type EquipmentBinding, type FieldConnection, parseProfile, prepareConnection } from '@plantroom/drivers';
import { freePort, type RunningProcess, startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutServices } from './support/services.ts';

const script = join(import.meta.dirname, 'pymodbus-server.py');
const orders = ['ABCD', 'DCBA', 'BADC', 'CDAB'] as const;
const unit = 7;

/** The three values of one byte order, as points of a pump. */
function pumpOf(order: string, number: number): EquipmentBinding {
  const at = 100 * number;
  const profile = parseProfile(
    `
name: order-${order.toLowerCase()}
title: { en: ${order}, zh: ${order} }
kind: pump
source: this test
mark: own
period: 1000
protocol: modbus
modbus: { area: ${number % 2 === 0 ? 'holding' : 'input'}, order: ${order} }
points:
  bearingTemperature: { address: ${at}, type: int16 }
  starts: { address: ${at + 1}, type: uint32 }
  flow: { address: ${at + 3}, type: float32 }
`,
    'order.yaml',
  );
  return { id: `pump-${order.toLowerCase()}`, kind: 'pump', profile, options: { unit }, ratings: {} };
}

if (withoutServices) console.log('left out: byte orders against a Modbus server by pymodbus');

describe.runIf(!withoutServices)('a Modbus server by pymodbus', () => {
  const folder = temporaryDirectory('plantroom-pymodbus');
  let port = 0;
  let server: RunningProcess;
  let connection: FieldConnection;

  const startServer = async () => {
    // Debian's own interpreter: the package is installed for no other.
    server = startProcess('/usr/bin/python3', [script, String(port)]);
    await until(
      'pymodbus listens',
      async () => {
        if (server.stderr().includes('Error')) throw new Error(server.stderr());
        return server.stdout().includes('ready');
      },
      { timeout: 20_000, every: 50 },
    );
  };

  beforeAll(async () => {
    port = await freePort();
    await startServer();
    connection = await prepareConnection(
      'modbus-tcp',
      'foreign-bus',
      { host: '127.0.0.1', port, timeout: 2000 },
      [...orders.map(pumpOf), { ...pumpOf('ABCD', 0), id: 'nobody', options: { unit: 8 } }],
      { clock: systemClock, logger: silentLogger, directory: folder.path, secret: () => undefined },
    );
    await connection.open();
  }, 40_000);

  afterAll(async () => {
    await connection?.close();
    await server?.stop();
    folder.remove();
  }, 30_000);

  it.each(orders)('gives INT16, UINT32 and FLOAT32 right in byte order %s', async (order) => {
    const readings = await connection.poll?.(`pump-${order.toLowerCase()}`);
    expect(readings?.map((r) => [r.point, r.value, r.quality])).toEqual([
      ['bearingTemperature', -27, 'good'],
      ['starts', 3_000_000_017, 'good'],
      ['flow', -12.345, 'good'],
    ]);
  });

  it('is read again after it was away', async () => {
    await server.stop('SIGKILL');
    await expect(connection.poll?.('pump-abcd')).rejects.toMatchObject({ kind: 'no-answer' });
    await startServer();
    await connection.open();
    const readings = await connection.poll?.('pump-cdab');
    expect(readings?.find((r) => r.point === 'flow')?.value).toBe(-12.345);
  });

  it('tells a unit that is not there from one that is', async () => {
    await expect(connection.poll?.('nobody')).rejects.toMatchObject({ kind: 'no-answer' });
    await connection.open();
    expect(await connection.probe('pump-abcd')).toMatchObject({ ok: true });
  });
});
