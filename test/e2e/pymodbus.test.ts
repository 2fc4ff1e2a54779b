import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import { startCloud } from '@plantroom/cloud';
import { type EquipmentBinding, type FieldConnection, parseProfile, prepareConnection } from '@plantroom/drivers';
import { startGateway } from '@plantroom/gateway';
import { latestList } from '@plantroom/model/api';
import {
  freePort,
  type RunningProcess,
  startProcess,
  temporaryDirectory,
  until,
  withoutServices,
} from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, 'pymodbus-server.py');
const orders = ['ABCD', 'DCBA', 'BADC', 'CDAB'] as const;
const unit = 7;

/** The three values of one byte order, as points of a pump. */
function profileText(order: string, number: number): string {
  const at = 100 * number;
  return `
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
`;
}

function pumpOf(order: string, number: number): EquipmentBinding {
  const profile = parseProfile(profileText(order, number), 'order.yaml');
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
      {
        clock: systemClock,
        logger: silentLogger,
        directory: folder.path,
        dataDirectory: folder.path,
        secret: () => undefined,
      },
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

  it('reaches the API, in every byte order, through a gateway that a site file points at it', async () => {
    const cloud = await startCloud({ dataDirectory: join(folder.path, 'cloud'), logger: silentLogger });
    const password = await cloud.enrolGateway('foreign-site', 'gw-1');
    const entries = orders.map((order, number) => {
      const profile = `order-${order.toLowerCase()}`;
      writeFileSync(join(folder.path, `${profile}.yaml`), profileText(order, number));
      return `  pump-${order.toLowerCase()}: { profile: ./${profile}.yaml, on: bus, unit: ${11 + number}, name: { en: ${order}, zh: ${order} }, at: here }`;
    });
    const siteFile = join(folder.path, 'site.yaml');
    const head = [
      'site: { id: foreign-site, name: { en: Foreign, zh: 外部 }, timezone: UTC }',
      `gateway: { id: gw-1, cloud: { url: "mqtt://127.0.0.1:${cloud.mqttPort}" } }`,
      `connections: { bus: { modbus-tcp: "127.0.0.1:${port}" } }`,
      'equipment:',
    ];
    writeFileSync(siteFile, [...head, ...entries].join('\n'));
    const dataDirectory = join(folder.path, 'gateway');
    const gateway = await startGateway({ siteFile, dataDirectory, cloud: { password }, logger: silentLogger });
    const headers = { authorization: `Bearer ${await cloud.createApiToken()}` };
    try {
      const good = async () => {
        const answer = await fetch(`http://127.0.0.1:${cloud.port}/api/v1/points/latest`, { headers });
        return latestList.parse(await answer.json()).items.filter((p) => p.quality === 'good');
      };
      const points = await until(
        'all values are there',
        async () => ((await good()).length === 12 ? good() : undefined),
        {
          timeout: 30_000,
          every: 200,
        },
      );
      for (const order of orders) {
        const own = points.filter((p) => p.equipment === `pump-${order.toLowerCase()}`);
        expect(Object.fromEntries(own.map((p) => [p.point, p.value])), order).toEqual({
          bearingTemperature: -27,
          starts: 3_000_000_017,
          flow: -12.345,
        });
      }
    } finally {
      await gateway.stop();
      await cloud.stop();
    }
  }, 60_000);

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
