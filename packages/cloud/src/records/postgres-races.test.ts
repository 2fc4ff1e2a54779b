import { systemClock } from '@plantroom/base';
import { type RunningPostgres, startPostgres, withoutServices } from '@plantroom/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmOf, batchAt, endOf, entryAt, requestOf, telemetryAt } from './conformance-kit.ts';
import type { Records } from './contract.ts';
import { openPostgresRecords } from './postgres-records.ts';

/** Processes, as far as the database can tell: each has a connection of its own. */
const senders = 20;
const clock = { ...systemClock, now: () => 1_000_000 };
let server: RunningPostgres;
let database: string;
let all: Records[] = [];
beforeAll(async () => {
  if (!withoutServices) server = await startPostgres();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  if (withoutServices) return;
  database = await server.createDatabase();
  const options = { url: server.url(database), password: server.password, connections: 1 };
  all = await Promise.all(Array.from({ length: senders }, () => openPostgresRecords(options, clock)));
});
afterEach(async () => {
  await Promise.all(all.splice(0).map((records) => records.close()));
});

const one = (): Records => all[0] as Records;
/** Everybody at once; whoever fails fails the test. */
const together = <T>(work: (records: Records, n: number) => Promise<T>) => Promise.all(all.map(work));
const pairs = (count: number) => Array.from({ length: count }, (_, n) => n);

describe.skipIf(withoutServices)('twenty senders at once', () => {
  it('raise the same alarm and the same order: there is one of each', async () => {
    const batch = { alarms: [alarmOf('a', 10)], orders: [requestOf('o', 'a', 10)] };
    const committed = await together((records, n) => records.commitEvents(batchAt(n + 1, batch)));
    expect(committed.filter((c) => c.orders.length > 0)).toHaveLength(1);
    const { items } = await one().orders({ limit: 99 });
    expect(items.map((o) => [o.number, o.occurrences, o.history.length])).toEqual([['WO-1001', 1, 1]]);
    expect((await one().alarms({ limit: 99 })).items).toHaveLength(1);
  });

  it('raise occurrence after occurrence of one fault: one alarm is open, one order counts them all', async () => {
    await together((records, n) =>
      records.commitEvents(
        batchAt(n + 1, { alarms: [alarmOf(`a${n}`, 10 + n)], orders: [requestOf(`o${n}`, `a${n}`, 10 + n)] }),
      ),
    );
    const open = await one().alarms({ limit: 99, open: true });
    expect(open.items.map((a) => a.id)).toEqual(['a19']);
    const { items } = await one().orders({ limit: 99 });
    expect(items.map((o) => [o.number, o.raisedAt, o.occurrences, o.history.length])).toEqual([
      ['WO-1001', 10, senders, senders],
    ]);
  });

  it('raise alarms of sites of their own: every order has its own number, without a gap', async () => {
    await together(async (records, n) => {
      for (const m of pairs(5)) {
        const id = `${n}-${m}`;
        const events = { orders: [requestOf(id, id, 10, { subject: id })] };
        await records.commitEvents({ ...batchAt(m + 1, events), entry: entryAt(m + 1, { site: `site-${n}` }) });
      }
    });
    const { items } = await one().orders({ limit: 999 });
    const numbers = items.map((o) => Number(o.number.replace('WO-', ''))).sort((a, b) => a - b);
    expect(numbers).toEqual(pairs(senders * 5).map((n) => 1001 + n));
  });

  it('use one id in different sites: each has its alarm and its order', async () => {
    await together((records, n) => {
      const batch = batchAt(1, { alarms: [alarmOf('a', 10)], orders: [requestOf('o', 'a', 10)] });
      return records.commitEvents({ ...batch, entry: entryAt(1, { site: `site-${n}` }) });
    });
    const { items } = await one().alarms({ limit: 99 });
    const orders = new Map((await one().orders({ limit: 99 })).items.map((o) => [o.id, o]));
    expect([items.length, orders.size]).toEqual([senders, senders]);
    for (const alarm of items)
      expect(orders.get(alarm.order?.id ?? '')).toMatchObject({ site: alarm.site, alarm: alarm.id });
  });

  it('tell of an alarm in any order of versions: the newest stays, its end is noted once', async () => {
    const alarm = alarmOf('a', 10);
    await one().commitEvents(batchAt(1, { alarms: [alarm], orders: [requestOf('o', 'a', 10)] }));
    await together((records, n) => {
      const version = n === 7 ? endOf(alarm, 99, 30) : { ...alarm, version: 2 + n };
      return records.commitEvents(batchAt(10 + n, { alarms: [version] }));
    });
    expect(await one().alarm('a')).toMatchObject({ version: 30, endedAt: 99 });
    expect((await one().order('o'))?.history.map((h) => h.action)).toEqual(['raise', 'alarm-ended']);
  });

  it('decide on one order: one wins, and the audit log has no fork', async () => {
    await one().commitEvents(batchAt(1, { orders: [requestOf('o', 'a', 10)] }));
    const order = await one().order('o');
    if (!order) throw new Error('the order is not there');
    const won = await together(async (records, n) => {
      const entry = { time: 20, actor: `p${n}`, action: 'accept', from: 'raised', to: 'accepted', comment: '' };
      await records.audit({ time: n, actor: `p${n}`, action: 'look', target: 'o', detail: '' });
      return records.updateOrder({ ...order, state: 'accepted', history: [...order.history, entry] }, 1);
    });
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await one().order('o'))?.version).toBe(2);
    expect(await one().verifyAudit()).toEqual({ entries: senders + 1, broken: null });
  });

  it('sign in with one link: it is used once', async () => {
    await one().createUser({ id: 'ada', name: 'Ada', role: 'engineer' });
    await one().saveToken({ hash: 'h', user: 'ada', purpose: 'sign-in', expiresAt: 9e15 });
    const users = await together((records) => records.userOfToken('h', 'sign-in', 1, true));
    expect(users.filter(Boolean)).toHaveLength(1);
  });
});

describe.skipIf(withoutServices)('the ledger of several ingest workers', () => {
  const frame = (gateway: string, sequence: number) =>
    telemetryAt(sequence, {
      entry: entryAt(sequence, { gateway, lane: 'telemetry' }),
      quarters: [sequence % 3, (sequence + 1) % 3],
    });
  const rows = () => server.psql('SELECT gateway, first, last FROM ledger ORDER BY gateway, first', database);

  it('counts each frame once, whoever commits it, in any order and overlap', async () => {
    const batches = fc.sample(
      fc.array(fc.record({ gateway: fc.constantFrom('gw-1', 'gw-2', 'gw-3'), from: fc.integer({ min: 1, max: 89 }) }), {
        minLength: 5,
        maxLength: 5,
      }),
      { numRuns: senders, seed: 7 },
    );
    await together(async (records, n) => {
      for (const { gateway, from } of batches[n] ?? [])
        await records.commitTelemetry(
          pairs(12).map((m) => frame(gateway, from + ((m * 5) % 12))),
          1000,
        );
      // Every worker touches all gateways in one transaction, each from another end.
      const mixed = ['gw-1', 'gw-2', 'gw-3'].flatMap((g) =>
        pairs(100).map((m) => frame(g, 1 + ((m * 37 + n * 13) % 100))),
      );
      await records.commitTelemetry(n % 2 ? mixed : mixed.toReversed(), 1000);
    });
    expect(await rows()).toBe('gw-1|1|100\ngw-2|1|100\ngw-3|1|100');
    expect((await one().gateways()).map((g) => g.samples)).toEqual([1000, 1000, 1000]);
  });

  it('marks rollups and settles marks at once, and forgets none', async () => {
    const gateways = ['gw-1', 'gw-2', 'gw-3'];
    const marks = () => one().marks({ width: 'quarter', limit: 999 });
    await together(async (records, n) => {
      const mixed = gateways.flatMap((g) => pairs(20).map((m) => frame(g, 1000 * n + m + 1)));
      await records.commitTelemetry(n % 2 ? mixed : mixed.toReversed(), 1000);
      await records.settleMarks(await records.marks({ width: 'quarter', limit: 999 }), [], 2000);
    });
    await one().commitTelemetry([frame('gw-2', 9e6)], 3000);
    expect((await marks()).map((m) => m.gateway)).toEqual(expect.arrayContaining(['gw-2', 'gw-2']));
    for (let left = await marks(); left.length > 0; left = await marks()) await one().settleMarks(left, [], 4000);
  });

  it('keeps holes as holes', async () => {
    await together((records, n) =>
      records.commitTelemetry([frame('gw-1', 3 * n + 1), frame('gw-1', 3 * n + 2), frame('gw-1', 1)], 1000),
    );
    expect(await rows()).toBe(
      pairs(senders)
        .map((n) => `gw-1|${3 * n + 1}|${3 * n + 2}`)
        .join('\n'),
    );
    expect(await one().isStored(frame('gw-1', 6).entry)).toBe(false);
  });

  it('stores an events frame once when two workers have it', async () => {
    const batch = batchAt(1, { alarms: [alarmOf('a', 10)], orders: [requestOf('o', 'a', 10)] });
    const committed = await together((records) => records.commitEvents(batch));
    expect(committed.filter((c) => c.alarms.length > 0)).toHaveLength(1);
    expect(await server.psql('SELECT count(*) FROM order_history', database)).toBe('1');
  });
});
