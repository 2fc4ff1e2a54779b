import { type Clock, systemClock } from '@plantroom/base';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { conformsToContract } from '../../test/conformance.ts';
import { declareLift, Heard, lift, listen, quick } from '../../test/opcua-listener.ts';
import { DataType, OpcUaTestServer, StatusCodes, testNamespace } from '../../test/opcua-server.ts';
import { TestProxy } from '../../test/proxy.ts';
import { opcUaConfig } from './config.ts';
import { prepareOpcUa } from './index.ts';

const servers: OpcUaTestServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.remove();
});

async function startServer(): Promise<OpcUaTestServer> {
  const server = new OpcUaTestServer();
  servers.push(server);
  declareLift(server);
  await server.start();
  return server;
}

conformsToContract({
  name: 'OPC UA',
  deadline: 8000,
  async startPeer() {
    const server = await startServer();
    return {
      equipment: 'lift-1',
      good: { point: 'floor', value: 7 },
      bad: { point: 'driveTemperature', quality: 'bad', reason: 'no-answer' },
      port: server.port,
      connections: () => server.sessions,
      start: () => server.start(),
      stop: () => server.stop(),
    };
  },
  prepare: (_, context, port) =>
    prepareOpcUa(
      opcUaConfig.parse({ endpoint: `opc.tcp://127.0.0.1:${port}`, ...quick, timeout: 2000 }),
      'lifts',
      [lift()],
      context,
    ),
});

describe('a subscription', () => {
  let server: OpcUaTestServer;
  beforeAll(async () => {
    server = await startServer();
  });

  it('brings changes with the time of their source, and states in the words of the kind', async () => {
    const { heard } = await listen(server);
    expect(heard.newest('direction')).toMatchObject({ value: 2, quality: 'good' });
    expect(heard.newest('moving')).toMatchObject({ value: 1, quality: 'good' });
    expect(heard.newest('doorZone')).toMatchObject({ value: 1, quality: 'good' });
    const changed = new Date();
    server.set('L1.Car_Position', DataType.UInt32, 8, StatusCodes.Good, changed);
    await vi.waitFor(() => expect(heard.newest('floor')?.value).toBe(8), 5000);
    expect(heard.newest('floor')).toMatchObject({ quality: 'good', sourceTime: changed.getTime() });
    server.set('L1.Car_Position', DataType.UInt32, 7);
  });

  it('keeps the status code of what is not good', async () => {
    const { heard } = await listen(server);
    expect(heard.newest('driveTemperature')).toMatchObject({ value: null, quality: 'bad', raw: 0x80310000 });
    server.set('L1.Car_Load', DataType.Double, 30, StatusCodes.UncertainLastUsableValue);
    await vi.waitFor(() => expect(heard.newest('load')?.value).toBe(30), 5000);
    expect(heard.newest('load')).toMatchObject({ quality: 'uncertain', reason: 'held', raw: 0x40900000 });
    server.set('L1.Car_Load', DataType.Double, 0);
  });

  it('does not give an old change a time of its own: first values are of the read', async () => {
    const begin = Date.now();
    const { heard } = await listen(server);
    const time = heard.newest('direction')?.sourceTime;
    expect(time === undefined || time >= begin - 1000).toBe(true);
  });

  it('reads everything again, so that what stands still is known to be current', async () => {
    const { heard } = await listen(server, { refresh: 200 });
    const floors = () => heard.readings_.filter((r) => r.point === 'floor');
    const before = floors().length;
    await vi.waitFor(() => expect(floors().length).toBeGreaterThan(before + 1), 5000);
    expect(heard.newest('floor')).toMatchObject({ value: 7, quality: 'good' });
  });

  it('counts door reopenings from the last trip on', async () => {
    server.set('L1.Door_Reopen_Count', DataType.UInt32, 100);
    server.set('L1.Trip_Count', DataType.UInt32, 10);
    const { heard } = await listen(server);
    await vi.waitFor(() => expect(heard.newest('doorReopenCount')?.value).toBe(0), 5000);
    server.set('L1.Door_Reopen_Count', DataType.UInt32, 103);
    await vi.waitFor(() => expect(heard.newest('doorReopenCount')?.value).toBe(3), 5000);
    server.set('L1.Trip_Count', DataType.UInt32, 11);
    await vi.waitFor(() => expect(heard.newest('trips')?.value).toBe(11), 5000);
    server.set('L1.Door_Reopen_Count', DataType.UInt32, 104);
    await vi.waitFor(() => expect(heard.newest('doorReopenCount')?.value).toBe(1), 5000);
  });

  it('marks points of a namespace or node that the server lacks, and gives the others', async () => {
    const config = opcUaConfig.parse({ endpoint: server.endpoint, ...quick });
    const bindings = [lift(), bindingOf('lift-2', 'lift-opcua', { node: 'L2', namespace: testNamespace })];
    bindings.push(bindingOf('lift-3', 'lift-opcua', { node: 'L1', namespace: 'urn:elsewhere' }));
    const connection = await prepareOpcUa(config, 'lifts', bindings, testContext());
    onTestFinished(() => connection.close());
    const heard = new Heard();
    await connection.open();
    await connection.subscribe?.(heard);
    const of = (equipment: string) => heard.readings_.findLast((r) => r.equipment === equipment && r.point === 'floor');
    await vi.waitFor(() => expect(of('lift-1')?.value).toBe(7), 5000);
    await vi.waitFor(() => expect(of('lift-2')).toMatchObject({ quality: 'bad', raw: 0x80340000 }), 5000);
    expect(of('lift-3')).toMatchObject({ quality: 'bad', reason: 'not-available' });
  });

  it('leaves no session and no subscription on the server', async () => {
    const { connection } = await listen(server);
    expect(server.sessions).toBeGreaterThan(0);
    await connection.close();
    await vi.waitFor(() => expect([server.sessions, server.subscriptions]).toEqual([0, 0]), 5000);
  });
});

it('is made anew when the server falls silent with its socket open', async () => {
  const server = await startServer();
  const proxy = new TestProxy(server.port);
  await proxy.start();
  onTestFinished(() => proxy.stop());
  let ahead = 0;
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`;
  const { heard } = await listen(server, { endpoint }, testContext(clock));
  proxy.freeze();
  ahead = 20_000;
  await vi.waitFor(
    () => expect(heard.silences[0]).toEqual(['lift-1', true, expect.stringMatching(/sent nothing/)]),
    8000,
  );
  heard.readings_.length = 0;
  proxy.thaw();
  await vi.waitFor(() => expect(heard.newest('floor')?.value).toBe(7), 15_000);
});
