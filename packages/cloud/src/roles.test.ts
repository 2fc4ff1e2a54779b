import { ManualClock, silentLogger } from '@plantroom/base';
import { expect, it } from 'vitest';
import type { CloudOptions } from './config.ts';
import type { HeldLock } from './records/contract.ts';
import { beAlone, isShared, parseRoles, rolesOf } from './roles.ts';

const servers: CloudOptions = {
  dataDirectory: '',
  broker: { url: 'mqtts://broker' },
  records: { store: 'postgres', url: 'postgres://db/plantroom' },
  timeSeries: { store: 'influx-v1', url: 'http://influxdb', database: 'plantroom' },
};

it('reads roles', () => {
  expect(parseRoles('jobs, ingest')).toEqual(['ingest', 'jobs']);
  for (const text of ['', 'ingest,', 'ingest,web']) expect(() => parseRoles(text)).toThrow('is not understood');
});

it('does a part of the work only where other processes can do the rest', () => {
  expect([...rolesOf({ ...servers, roles: ['ingest'] })]).toEqual(['ingest']);
  expect([...rolesOf({ dataDirectory: '' })]).toEqual(['ingest', 'api', 'jobs']);
  const { broker: _, ...withoutBroker } = servers;
  const alone: CloudOptions[] = [
    withoutBroker,
    { ...servers, records: { store: 'sqlite' } },
    { ...servers, timeSeries: { store: 'duckdb' } },
    { dataDirectory: '', broker: { url: 'mqtts://broker' } },
  ];
  for (const options of alone) {
    expect(isShared(options)).toBe(false);
    expect(() => rolesOf({ ...options, roles: ['ingest', 'jobs'] })).toThrow('no other can have the rest');
  }
});

it('waits for the end of another process on its records, and gives up when it does not end', async () => {
  const clock = new ManualClock();
  const lock: HeldLock = { lost: new AbortController().signal, release: async () => {} };
  let isTaken = true;
  const records = { hold: async () => (isTaken ? undefined : lock) };
  const patient = beAlone(records, clock, silentLogger);
  await clock.advance(10_000);
  isTaken = false;
  await clock.advance(2000);
  await patient;
  isTaken = true;
  const refused = expect(beAlone(records, clock, silentLogger)).rejects.toMatchObject({
    code: 'alone',
    hint: expect.stringContaining('PostgreSQL'),
  });
  await clock.advance(40_000);
  await refused;
});
