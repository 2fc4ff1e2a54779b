import { EventEmitter } from 'node:events';
import { ManualClock, silentLogger } from '@plantroom/base';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { declareLift, listen, loadProfileWith, options } from '../../test/opcua-listener.ts';
import { DataType, OpcUaTestServer } from '../../test/opcua-server.ts';
import { uaNodes, uaPoints } from './points.ts';
import { watch } from './watch-client.ts';

const load = (how: Record<string, unknown>) => bindingOf('lift-1', loadProfileWith(how), options);

describe('a server', () => {
  let server: OpcUaTestServer;
  beforeAll(async () => {
    server = new OpcUaTestServer();
    declareLift(server);
    server.set('L1.Car_Load', DataType.Double, 50);
    server.set('L1.Ranged', DataType.Double, 50);
    server.setRange('L1.Ranged', 0, 200);
    await server.start();
  });
  afterAll(() => server.remove());

  const valuesSeen = (heard: Awaited<ReturnType<typeof listen>>['heard']) => heard.readings_.map((r) => r.value);

  it('keeps changes within the deadband to itself', async () => {
    const { heard } = await listen(server, {}, testContext(), load({ deadband: 5 }));
    server.set('L1.Car_Load', DataType.Double, 52);
    server.set('L1.Car_Load', DataType.Double, 60);
    await vi.waitFor(() => expect(heard.newest('load')?.value).toBe(60), 5000);
    server.set('L1.Car_Load', DataType.Double, 62);
    server.set('L1.Car_Load', DataType.Double, 50);
    await vi.waitFor(() => expect(heard.newest('load')?.value).toBe(50), 5000);
    expect(valuesSeen(heard)).not.toContain(62);
  });

  it('without a range has no deadband in percent: every change comes, and it is counted', async () => {
    const { connection, heard } = await listen(server, {}, testContext(), load({ deadband: '10 %' }));
    server.set('L1.Car_Load', DataType.Double, 50.5);
    await vi.waitFor(() => expect(heard.newest('load')?.value).toBe(50.5), 5000);
    expect(connection.tally?.()).toMatchObject({ revised: 1, refused: 0, sessions: 1 });
  });

  it('takes a deadband in percent of the range where a node has one', async () => {
    const ranged = { node: 'ns={ns};s={node}.Ranged', deadband: '10 %' };
    const { connection, heard } = await listen(server, {}, testContext(), load(ranged));
    server.set('L1.Ranged', DataType.Double, 65);
    server.set('L1.Ranged', DataType.Double, 75);
    await vi.waitFor(() => expect(heard.newest('load')?.value).toBe(75), 5000);
    expect(valuesSeen(heard)).not.toContain(65);
    expect(connection.tally?.()).toMatchObject({ revised: 0 });
  });

  it('that does not know a node refuses it, with a deadband or without', async () => {
    const { connection, heard } = await listen(
      server,
      {},
      testContext(),
      load({ node: 'ns={ns};s=none', deadband: 1 }),
    );
    expect(heard.newest('load')).toMatchObject({ quality: 'bad', raw: 0x80340000 });
    expect(connection.tally?.()).toMatchObject({ refused: 1, revised: 0, polling: 0 });
  });

  it('whose queue was too short says so, and it is counted', async () => {
    const { connection, heard } = await listen(
      server,
      { publishingInterval: 500 },
      testContext(),
      load({ queueSize: 2, sampling: 50 }),
    );
    let value = 51;
    await vi.waitFor(() => {
      server.set('L1.Car_Load', DataType.Double, value++);
      expect(connection.tally?.().overflows).toBeGreaterThan(0);
    }, 8000);
    expect(heard.newest('load')?.quality).toBe('good');
  });

  it('that samples more slowly than asked is read back', async () => {
    const { connection } = await listen(server, {}, testContext(), load({ sampling: 1 }));
    expect(connection.tally?.()).toMatchObject({ revised: 1 });
  });
});

it('a server that has no subscription left is polled, and the values are as fresh', async () => {
  const server = new OpcUaTestServer(undefined, { maxSubscriptions: 1 });
  declareLift(server);
  await server.start();
  try {
    const { connection: other } = await listen(server);
    const { connection, heard } = await listen(server);
    expect(connection.tally?.().polling).toBeGreaterThan(5);
    const changed = new Date();
    server.set('L1.Car_Position', DataType.UInt32, 9, undefined, changed);
    await vi.waitFor(() => expect(heard.newest('floor')?.value).toBe(9), 5000);
    expect(heard.newest('floor')).toMatchObject({ sourceTime: changed.getTime(), quality: 'good' });
    await other.close();
    await server.stop();
    await vi.waitFor(() => expect(heard.silences[0]?.[1]).toBe(true), 8000);
    await server.start();
    // Now there is one for us.
    await vi.waitFor(() => expect(connection.tally?.()).toMatchObject({ sessions: 2, polling: 0 }), 8000);
  } finally {
    await server.remove();
  }
});

it('nodes beyond the items that a server has are polled, the others pushed', async () => {
  const server = new OpcUaTestServer(undefined, { maxMonitoredItemsPerSubscription: 4 });
  declareLift(server);
  await server.start();
  try {
    const { connection, heard } = await listen(server);
    await vi.waitFor(() => expect(heard.newest('trips')?.value).toBe(0), 5000);
    expect(connection.tally?.()).toMatchObject({ refused: 0 });
    expect(connection.tally?.().polling).toBeGreaterThan(5);
    server.set('L1.Trip_Count', DataType.UInt32, 5);
    await vi.waitFor(() => expect(heard.newest('trips')).toMatchObject({ value: 5, quality: 'good' }), 5000);
  } finally {
    await server.remove();
  }
});

describe('the watch over a subscription', () => {
  const start = () => {
    const clock = new ManualClock();
    const subscription = Object.assign(new EventEmitter(), { publishingInterval: 100, maxKeepAliveCount: 10 });
    const [missed, lose] = [vi.fn(), vi.fn()];
    const tally = { gaps: 0 };
    const stop = watch(subscription as unknown as Parameters<typeof watch>[0], {
      clock,
      logger: silentLogger,
      tally,
      missed,
      lose,
    });
    const publish = (...numbers: number[]) => {
      for (const sequenceNumber of numbers)
        subscription.emit('raw_notification', { sequenceNumber, notificationData: [{}] });
    };
    const keepAlive = (sequenceNumber: number) =>
      subscription.emit('raw_notification', { sequenceNumber, notificationData: [] });
    return { clock, subscription, publish, keepAlive, missed, lose, tally, stop };
  };

  it('counts publications that are missing, and has what holds now read', () => {
    const { publish, missed, tally } = start();
    publish(7, 8, 9);
    expect([tally.gaps, missed.mock.calls.length]).toEqual([0, 0]);
    publish(12);
    expect([tally.gaps, missed.mock.calls.length]).toEqual([1, 1]);
    publish(13, 14);
    expect(tally.gaps).toBe(1);
  });

  it('knows that a keep-alive takes no number, and tells what is missing before one', () => {
    const { publish, keepAlive, tally } = start();
    publish(7);
    keepAlive(8);
    keepAlive(8);
    publish(8, 9);
    expect(tally.gaps).toBe(0);
    keepAlive(11);
    publish(11);
    expect(tally.gaps).toBe(1);
  });

  it('knows that 1 comes after the highest number', () => {
    const { publish, tally } = start();
    publish(0xffff_fffe, 0xffff_ffff, 1, 2);
    expect(tally.gaps).toBe(0);
  });

  it('gives the session up after three promised keep-alives without a word', async () => {
    const { clock, subscription, lose } = start();
    await clock.advance(2900);
    subscription.emit('keepalive');
    await clock.advance(2900);
    expect(lose).not.toHaveBeenCalled();
    await clock.advance(400);
    expect(lose).toHaveBeenCalledWith('the server sent nothing for 3 s');
  });
});

it('two points of one node are asked for as the finer of both needs', () => {
  const profile = loadProfileWith({ sampling: 1000, deadband: 2 });
  const [point] = uaPoints(bindingOf('lift-1', profile, options), profile, options);
  if (!point) throw new Error('the profile has no point');
  const how = (sampling: number | undefined, deadband: number | undefined) => ({
    ...point,
    how: {
      sampling,
      queueSize: undefined,
      deadband: deadband === undefined ? undefined : { type: 'absolute' as const, value: deadband },
    },
  });
  const asked = (...points: (typeof point)[]) => uaNodes(points, [options.namespace]).nodes[0]?.how;
  expect(asked(how(1000, 2), how(500, 1))).toEqual({
    sampling: 500,
    queueSize: undefined,
    deadband: { type: 'absolute', value: 1 },
  });
  expect(asked(how(1000, 2), how(undefined, undefined))).toEqual({
    sampling: undefined,
    queueSize: undefined,
    deadband: undefined,
  });
});
