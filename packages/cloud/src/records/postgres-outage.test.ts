import { connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@plantroom/base';
import { type RunningPostgres, startPostgres, until, withoutServices } from '@plantroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmOf, batchAt, commandOf, modelWith, requestOf, telemetryAt } from './conformance-kit.ts';
import type { Records } from './contract.ts';
import { openPostgresRecords } from './postgres-records.ts';

/** `lost-answer`: the server commits, but its answer is cut off; `lost-commit`: the server never sees the commit. */
type Cut = 'none' | 'lost-answer' | 'lost-commit';

/** A way to the server that is cut at the next commit, once for each time it is told to. */
class CutLine {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  next: Cut = 'none';
  cuts = 0;

  constructor(port: number) {
    this.#server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      let waiting = false;
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      }
      const cut = () => {
        this.cuts++;
        client.destroy();
        upstream.destroy();
      };
      client.on('data', (data) => {
        if (this.next === 'none' || !data.includes('commit\0')) return void upstream.write(data);
        const answered = this.next === 'lost-answer';
        this.next = 'none';
        if (!answered) return cut();
        waiting = true;
        upstream.write(data);
      });
      upstream.on('data', (data) => (waiting ? cut() : client.write(data)));
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

const clock = { ...systemClock, now: () => 1_000_000 };
let server: RunningPostgres;
let line: CutLine;
let records: Records;
let database: string;
beforeAll(async () => {
  if (!withoutServices) server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  if (withoutServices) return;
  database = await server.createDatabase();
  line = new CutLine(server.port);
  const url = server.url(database).replace(`:${server.port}/`, `:${await line.listen()}/`);
  records = await openPostgresRecords({ url, password: server.password, connections: 2 }, clock);
});
afterEach(async () => {
  await records?.close();
  line?.close();
});

const cuts: Cut[] = ['lost-answer', 'lost-commit'];

describe.skipIf(withoutServices).each(cuts)('a connection that ends in the middle of a commit (%s)', (cut) => {
  const cutting = async <T>(work: () => Promise<T>): Promise<T> => {
    line.next = cut;
    const before = line.cuts;
    const result = await work();
    expect(line.cuts).toBe(before + 1);
    return result;
  };

  it('stores an events frame once, and still tells what it changed', async () => {
    await records.saveCommand('harbour', 'gw-1', commandOf('c1', 5, 'a0'));
    const batch = batchAt(1, {
      alarms: [alarmOf('a', 10)],
      orders: [requestOf('o', 'a', 10)],
      models: [modelWith('revision-a', 1)],
      intervals: [{ equipment: 'meter-1', start: 0, kWh: 1, status: 'measured', revision: 1 }],
      outcomes: [{ command: 'c1', applied: true, reason: '' }],
    });
    const { alarms, ...rest } = await cutting(() => records.commitEvents(batch));
    expect([...alarms].sort()).toEqual(['a', 'a0']);
    expect(rest).toEqual({ orders: ['o'], intervals: ['meter-1'], models: ['revision-a'] });
    const { items } = await records.orders({ limit: 9 });
    expect(items.map((o) => [o.number, o.occurrences, o.history.length])).toEqual([['WO-1001', 1, 1]]);
    expect(await records.commitEvents(batch)).toEqual({ alarms: [], orders: [], intervals: [], models: [] });
  });

  it('counts telemetry once', async () => {
    const { entry } = telemetryAt(1);
    await cutting(() => records.commitTelemetry([telemetryAt(1)], 1000));
    expect((await records.gateways())[0]?.samples).toBe(10);
    expect(await records.isStored(entry)).toBe(true);
  });

  it('makes an audit entry once', async () => {
    const entry = { time: 1, actor: 'ada', action: 'look', target: 't', detail: '' };
    await records.audit(entry);
    await cutting(() => records.audit(entry));
    expect(await records.verifyAudit()).toEqual({ entries: 2, broken: null });
  });

  it('tells a person that the step was done, and the next one that it was done before', async () => {
    await records.commitEvents(batchAt(1, { orders: [requestOf('o', 'a', 10)] }));
    const order = await records.order('o');
    if (!order) throw new Error('the order is not there');
    const entry = { time: 20, actor: 'ada', action: 'accept', from: 'raised', to: 'accepted', comment: '' };
    const accepted = { ...order, state: 'accepted', history: [...order.history, entry] };
    expect(await cutting(() => records.updateOrder(accepted, 1))).toBe(true);
    const late = { ...accepted, history: [...order.history, { ...entry, actor: 'bob' }] };
    expect(await records.updateOrder(late, 1)).toBe(false);
    expect((await records.order('o'))?.history).toHaveLength(2);
    expect(await records.verifyAudit()).toEqual({ entries: 1, broken: null });
  });
});

describe.skipIf(withoutServices)('a server in trouble', () => {
  it('that ends and starts again is used again, without a restart here', async () => {
    await records.commitEvents(batchAt(1, { alarms: [alarmOf('a', 10)] }));
    await server.pause('SIGQUIT');
    await server.resume();
    expect(await until('the records answer', () => records.alarm('a'))).toMatchObject({ id: 'a' });
    await records.commitEvents(batchAt(2, { alarms: [alarmOf('b', 20)] }));
    expect((await records.alarms({ limit: 9, open: true })).items.map((a) => a.id)).toEqual(['b']);
  });

  it('that cuts its connections again and again loses and doubles nothing', async () => {
    let over = false;
    const killing = (async () => {
      while (!over) {
        await server.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
        await systemClock.sleep(150);
      }
    })();
    for (let n = 1; n <= 60; n++) {
      const batch = batchAt(n, { alarms: [alarmOf(`a${n}`, n)], orders: [requestOf(`o${n}`, `a${n}`, n)] });
      await until(`frame ${n} is stored`, async () => Boolean(await records.commitEvents(batch)));
      await until(`entry ${n} is made`, async () => {
        await records.audit({ time: n, actor: 'ada', action: 'look', target: `${n}`, detail: '' });
        return true;
      });
    }
    over = true;
    await killing;
    const { items } = await records.orders({ limit: 9 });
    expect(items.map((o) => [o.number, o.occurrences, o.history.length])).toEqual([['WO-1001', 60, 60]]);
    expect(await records.verifyAudit()).toEqual({ entries: 60, broken: null });
  });

  it('that is not there is told as such, soon', async () => {
    line.close();
    await expect(records.alarm('a')).rejects.toMatchObject({ code: 'records-unavailable' });
  });

  it('that takes no writes is told as such', async () => {
    await server.psql(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await server.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
    await expect(records.commitEvents(batchAt(1))).rejects.toMatchObject({ code: 'records-unavailable' });
  });

  it('refuses what it can never store, for good', async () => {
    const batch = batchAt(1, { alarms: [alarmOf('a', 10, { subject: 'zone\0two' })] });
    await expect(records.commitEvents(batch)).rejects.toMatchObject({ code: 'records-unstorable' });
    expect(await records.isStored(batch.entry)).toBe(false);
  });

  it('gives 64-bit integers as exact numbers or not at all', async () => {
    await records.saveGatewaySecret('harbour', 'gw-1', 'hash');
    await server.psql('UPDATE gateways SET samples = 9007199254740991', database);
    expect((await records.gateways())[0]?.samples).toBe(Number.MAX_SAFE_INTEGER);
    await server.psql('UPDATE gateways SET samples = 9007199254740993', database);
    await expect(records.gateways()).rejects.toMatchObject({ code: 'records-number' });
  });
});
