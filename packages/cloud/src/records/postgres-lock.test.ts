import { systemClock } from '@plantroom/base';
import { type RunningPostgres, startPostgres, until, withoutServices } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Records } from './contract.ts';
import { openPostgresRecords } from './postgres-records.ts';

let server: RunningPostgres;
let one: Records;
let two: Records;
beforeAll(async () => {
  if (withoutServices) return;
  server = await startPostgres();
  const url = server.url(await server.createDatabase());
  const open = () => openPostgresRecords({ url, password: server.password }, systemClock);
  [one, two] = [await open(), await open()];
});
afterAll(async () => {
  if (withoutServices) return;
  await Promise.all([one.close(), two.close()]);
  await server.stop();
});

describe.skipIf(withoutServices)('a lock that outlives transactions', () => {
  it('is held by one process at a time, until it gives it back', async () => {
    const held = await one.hold('jobs');
    expect(await two.hold('jobs')).toBeUndefined();
    expect(await two.hold('else')).toBeDefined();
    await held?.release();
    const next = await until('it is free', () => two.hold('jobs'));
    expect(next.lost.aborted).toBe(false);
    await next.release();
  });

  it('is lost with its connection, and its holder learns of it', async () => {
    const held = await one.hold('jobs');
    await server.psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'plantroom leader'",
    );
    await until('the holder knows', () => held?.lost.aborted);
    const next = await until('another has it', () => two.hold('jobs'));
    await next.release();
  });
});
