import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumption, LatestPoint } from '@plantroom/model/api';
import { freePort, temporaryDirectory, until, withoutServices } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningDemo, startDemo, startDemoProcess } from './support/demo.ts';
import { mbpoll, mosquittoPub, mosquittoSub, type Register } from './support/foreign.ts';
import { firstEvents } from './support/live.ts';

const day = 86_400_000;
const site = 'harbour-tower';
/** What the demo breaks first. */
const broken = 'booster-3';

const folder = temporaryDirectory('plantroom-demo');
const data = join(folder.path, 'data');
let demo: RunningDemo;

beforeAll(async () => {
  demo = await startDemo({ port: await freePort(), data });
}, 200_000);
afterAll(async () => {
  await demo?.stop();
  folder.remove();
}, 60_000);

/** What is left of the 90 s after the start, at least enough for one attempt. */
const within90 = () => ({ timeout: Math.max(1000, demo.startedAt + 90_000 - Date.now()), every: 1000 });

describe('within 90 s of the start', () => {
  test('every point that the fault does not touch has a fresh good value', async () => {
    const equipment = await demo.api.equipment();
    const count = (kind: string) => equipment.filter((e) => e.kind === kind).length;
    expect([count('elevator'), count('pump'), count('energy-meter'), count('fire-panel')]).toEqual([6, 8, 12, 1]);
    expect([count('environment-sensor'), count('water-tank')]).toEqual([10, 2]);
    const wanted = equipment.filter((e) => e.id !== broken).flatMap((e) => e.points.map((p) => `${e.id}/${p}`));
    const bad = () => demo.api.latest().then((items) => notGood(wanted, items));
    await until('all are good', async () => (await bad()).length === 0, within90()).catch(() => {});
    expect(await bad()).toEqual([]);
  });

  test('the first fault has its alarm and its work order', async () => {
    const alarm = await until(
      'an alarm with an order',
      async () => (await demo.api.alarms()).find((a) => a.equipment === broken && a.order !== null),
      within90(),
    );
    expect(alarm.facts.active).toBe(true);
    expect(alarm.evidence.length).toBeGreaterThan(0);
    const order = (await demo.api.orders()).find((o) => o.id === alarm.order?.id);
    expect(order?.alarm).toBe(alarm.id);
    expect(order?.steps.length).toBeGreaterThan(0);
    expect(demo.process.stdout()).toMatch(/first fault/);
  });

  test('live streams committed values', async () => {
    const events = await firstEvents(demo.api, site, ['latest', 'tick'], 15_000);
    expect(events.latest).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ quality: 'good' })]),
    });
  });

  test('energy shows 60 days of each meter', async () => {
    const from = Math.floor(demo.startedAt / day) * day - 59 * day;
    const meters = (await demo.api.equipment()).filter((e) => e.kind === 'energy-meter');
    for (const { id } of meters) {
      const query = `site=${site}&equipment=${id}&by=day&from=${from}&to=${from + 59 * day}`;
      const { items } = await demo.api.get<Consumption>(`energy/consumption?${query}`);
      expect(items.filter((i) => i.kWh !== null && i.kWh > 0).length, id).toBeGreaterThanOrEqual(59);
    }
  });

  test('the link signs in once', async () => {
    const token = /#token=(.+)$/.exec(demo.signInLink)?.[1];
    const body = JSON.stringify({ token });
    const signIn = () =>
      fetch(`${demo.api.url}/session`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect((await signIn()).status).toBe(200);
    expect((await signIn()).status).toBe(401);
    expect((await fetch(`${demo.api.url}/points/latest`)).status).toBe(401);
  });
});

describe.skipIf(withoutServices)('foreign clients agree', () => {
  interface Case {
    readonly what: string;
    readonly register: (ports: Readonly<Record<string, number>>) => Register;
    readonly scale: number;
    readonly point: readonly [equipment: string, point: string];
    /** How far the value may have moved between the two readings. */
    readonly tolerance: number;
  }
  const holding = (port: number | undefined, unit: number, address: number) =>
    ({ port: port ?? 0, unit, area: 'holding', address }) as const;
  const input = (port: number | undefined, unit: number, address: number) =>
    ({ port: port ?? 0, unit, area: 'input', address }) as const;
  const cases: readonly Case[] = [
    {
      what: 'a voltage as a big-endian float (Janitza)',
      register: (p) => ({ ...holding(p.metersA, 1, 19000), type: 'float' }),
      scale: 1,
      point: ['main-meter', 'voltageL1'],
      tolerance: 4,
    },
    {
      what: 'energy in Wh as a big-endian float (Janitza)',
      register: (p) => ({ ...holding(p.metersA, 1, 19068), type: 'float' }),
      scale: 0.001,
      point: ['main-meter', 'energyImport'],
      tolerance: 30,
    },
    {
      what: 'energy with the low word first (Carlo Gavazzi)',
      register: (p) => ({ ...input(p.metersA, 6, 0x34), type: 'int', order: 'swapped' }),
      scale: 0.1,
      point: ['data-room', 'energyImport'],
      tolerance: 3,
    },
    {
      what: 'energy behind a current transformer (Chint, CT 30)',
      register: (p) => ({ ...holding(p.metersA, 4, 0x101e), type: 'float' }),
      scale: 30,
      point: ['lift-meter', 'energyImport'],
      tolerance: 3,
    },
    {
      what: 'energy as a float of input registers (Eastron)',
      register: (p) => ({ ...input(p.metersB, 1, 0x48), type: 'float' }),
      scale: 1,
      point: ['lighting-low', 'energyImport'],
      tolerance: 3,
    },
    {
      what: 'starts of a pump with the low word first',
      register: (p) => ({ ...holding(p.pumps, 6, 30), type: 'int', order: 'swapped' }),
      scale: 1,
      point: ['jockey-pump', 'starts'],
      tolerance: 1,
    },
    {
      what: 'run hours of a booster with the high word first (Grundfos)',
      register: (p) => ({ ...holding(p.pumps, 1, 326), type: 'int' }),
      scale: 1,
      point: ['booster-1', 'runHours'],
      tolerance: 1,
    },
  ];

  test.each(cases)('mbpoll reads what the dashboard shows: $what', async ({ register, scale, point, tolerance }) => {
    await until(
      'both agree',
      async () => {
        const theirs = (await mbpoll(register(demo.ports))) * scale;
        const ours = (await demo.api.value(...point))?.value ?? Number.NaN;
        if (Math.abs(theirs - ours) <= tolerance) return true;
        throw new Error(`mbpoll reads ${theirs}, the API says ${ours}`);
      },
      { timeout: 20_000, every: 1000 },
    );
  });

  test('mosquitto_sub sees sensor messages on the gateway’s broker', async () => {
    const messages = await mosquittoSub(demo, 'sensors/+/state', 6);
    expect(messages).toHaveLength(6);
    for (const [topic, payload] of messages) {
      const [, id = ''] = topic.split('/');
      const content = JSON.parse(payload) as Record<string, number>;
      const stored = await demo.api.value(id, 'co2');
      expect(content.temperature).toBeTypeOf('number');
      expect(Math.abs((stored?.value ?? Number.NaN) - (content.co2 ?? 0))).toBeLessThan(200);
    }
  });

  test('a value published with mosquitto_pub appears in the API', async () => {
    const time = Date.now();
    await mosquittoPub(demo, 'sensors/lobby/state', {
      co2: 4321,
      temperature: 21.5,
      time: new Date(time).toISOString(),
    });
    const sample = await until('it is stored', async () =>
      (await demo.api.raw('lobby', 'co2', time - 5000, time + 30_000)).find((s) => s.value === 4321),
    );
    expect(sample).toMatchObject({ time, quality: 0 });
  });
});

describe('a second demo', () => {
  test('on the same port or the same data says in one line what to do', async () => {
    const onPort = await startDemoProcess({ port: demo.port, data: join(folder.path, 'other') }).ended;
    expect(onPort.code).toBe(1);
    expect(onPort.stderr.trim()).toMatch(/^Port \d+ is in use\. Choose another: .*--port \d+.*$/);
    const onData = await startDemoProcess({ port: await freePort(), data }).ended;
    expect(onData.code).toBe(1);
    expect(onData.stderr.trim()).toMatch(/^The data directory \S+ is in use by a demo on port \d+ .*--data.*$/);
  });

  test('with its own port and data runs beside the first; when a part of it dies, it says so and ends', async () => {
    const other = await startDemo({
      port: await freePort(),
      data: join(folder.path, 'second'),
      extra: ['--no-history', '--seed', '7'],
    });
    try {
      expect((await other.api.latest()).length).toBeGreaterThan(500);
      expect((await demo.api.latest()).length).toBeGreaterThan(500);
      const { children } = JSON.parse(readFileSync(join(other.data, 'demo.lock'), 'utf8')) as {
        children: { pid: number }[];
      };
      process.kill(children.at(-1)?.pid ?? 0, 'SIGKILL');
      const { code, stderr } = await other.process.ended;
      expect(code).toBe(1);
      expect(stderr).toContain('The gateway stopped by itself (signal SIGKILL). Its last lines:');
      expect(stderr).toContain(join(other.data, 'logs', 'gateway.log'));
      for (const { pid } of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    } finally {
      await other.stop();
    }
  }, 180_000);
});

describe('a second start', () => {
  test('stops cleanly, keeps its data and gives a fresh link', async () => {
    const before = { alarms: await demo.api.alarms(), orders: await demo.api.orders(), link: demo.signInLink };
    const stopped = await demo.stop();
    expect(stopped.clean).toBe(true);
    expect(stopped.seconds).toBeLessThan(20);
    const restart = Date.now();
    demo = await startDemo({ port: demo.port, data });
    expect(demo.signInLink).not.toBe(before.link);
    const ids = new Set((await demo.api.alarms()).map((a) => a.id));
    expect(before.alarms.filter((a) => !ids.has(a.id))).toEqual([]);
    const numbers = new Set((await demo.api.orders()).map((o) => o.number));
    expect(before.orders.filter((o) => !numbers.has(o.number))).toEqual([]);
    const older = await demo.api.raw('main-meter', 'power', restart - 120_000, restart - 15_000);
    expect(older.length).toBeGreaterThan(0);
  }, 200_000);
});

function notGood(wanted: readonly string[], items: readonly LatestPoint[]): string[] {
  const found = new Map(items.map((item) => [`${item.equipment}/${item.point}`, item]));
  return wanted.flatMap((name) => {
    const item = found.get(name);
    if (item && item.quality === 'good' && !item.stale && item.value !== null) return [];
    return [
      `${name}: ${item ? `${item.quality} ${item.reason ?? ''} ${item.stale ? 'stale' : ''} ${item.value}` : 'missing'}`,
    ];
  });
}
