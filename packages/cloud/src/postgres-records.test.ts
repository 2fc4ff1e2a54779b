import { silentLogger } from '@plantroom/base';
import { type RunningPostgres, startPostgres, withoutServices } from '@plantroom/testing';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alarmOf, model, orderOf, PlayedGateway, startTestCloud, until } from './test-kit.ts';

const refusals = (gateway: PlayedGateway) => gateway.acks.flatMap((a) => a.rejected);

let server: RunningPostgres;
beforeAll(async () => {
  if (!withoutServices) server = await startPostgres();
});
afterAll(() => server?.stop());

describe.skipIf(withoutServices)('a cloud with its records in PostgreSQL', () => {
  test('says so while the server is away, acknowledges nothing, and goes on by itself', async () => {
    const url = server.url(await server.createDatabase());
    const records = { store: 'postgres', url, password: server.password } as const;
    const { cloud, call, get, stop } = await startTestCloud({ records, logger: silentLogger });
    try {
      const gateway = await PlayedGateway.connect(cloud, connectAsync);
      await gateway.events({ type: 'model', model }, { type: 'alarm', alarm: alarmOf(1000) });
      await server.pause();
      const answer = await call('/alarms');
      expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'unavailable' }]);
      const before = gateway.acks.length;
      const sent = gateway.events({ type: 'work-order', order: orderOf(1000) });
      expect(gateway.acks).toHaveLength(before);
      await server.resume();
      // As a gateway does: once more, unless the first was answered.
      await Promise.race([sent, gateway.events({ type: 'work-order', order: orderOf(1000) })]);
      await until(async () => (await call('/work-orders')).ok);
      expect(await get('/work-orders')).toMatchObject({ items: [{ number: 'WO-1001', alarm: 'alarm-1' }] });
      // What the database can never store goes back, so that nothing waits behind it.
      const odd = { ...alarmOf(2000), id: 'alarm-2', subject: 'zone\0two' };
      await Promise.race([gateway.events({ type: 'alarm', alarm: odd }), until(() => refusals(gateway).length > 0)]);
      expect(refusals(gateway)).toMatchObject([{ code: 'invalid', reason: expect.stringContaining('0x00') }]);
      await gateway.close();
    } finally {
      await stop();
    }
  });

  test('is alone with its records while its broker is its own, gives them back, and takes them again when the server was away', async () => {
    const url = server.url(await server.createDatabase());
    const records = { store: 'postgres', url, password: server.password } as const;
    const holders = () =>
      server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plantroom leader'");
    const first = await startTestCloud({ records });
    // One for being alone, one for leading.
    expect(await holders()).toBe('2');
    await server.pause();
    await server.resume();
    await until(async () => (await holders()) === '2');
    await first.stop();
    expect(await holders()).toBe('0');
    await (await startTestCloud({ records })).stop();
  });
});
