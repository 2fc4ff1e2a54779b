import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlantroomError, silentLogger, systemClock } from '@plantroom/base';
import type {
  AlarmView,
  CompletenessDays,
  Consumption,
  EquipmentView,
  IntervalView,
  LatestPoint,
  Series,
  Site,
  Statement,
  WorkOrderView,
} from '@plantroom/model/api';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCloud } from './app.ts';
import {
  alarmOf,
  intervalOf,
  model,
  orderOf,
  PlayedGateway,
  startTestCloud,
  type TestCloud,
  until,
} from './test-kit.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = systemClock.now();
const quarter = Math.floor(now / (15 * minute)) * 15 * minute;

let cloud: TestCloud;
let gateway: PlayedGateway;

beforeAll(async () => {
  cloud = await startTestCloud();
  gateway = await PlayedGateway.connect(cloud.cloud, connectAsync);
  await gateway.events({ type: 'model', model });
  await gateway.telemetry(
    { index: 0, time: now - 3 * hour, gatewayTime: now - 3 * hour, value: 40, quality: 'good' },
    { index: 0, time: now - 2000, gatewayTime: now - 2000, value: 98, quality: 'good' },
    { index: 1, time: now - 2000, gatewayTime: now - 2000, value: 1, quality: 'good' },
    {
      index: 2,
      time: now - 5 * minute,
      gatewayTime: now - 5 * minute,
      value: null,
      quality: 'bad',
      reason: 'no-answer',
    },
  );
  await gateway.events(
    { type: 'alarm', alarm: alarmOf(now - 1000) },
    { type: 'work-order', order: orderOf(now - 1000) },
    {
      type: 'intervals',
      intervals: [-8, -7, -6, -5].map((n) => intervalOf(quarter + n * 15 * minute, 10 + n)),
    },
  );
  await until(async () => (await cloud.get<{ items: LatestPoint[] }>('/points/latest')).items.length === 3);
});

afterAll(async () => {
  await gateway?.close();
  await cloud?.stop();
});

describe('what a gateway sent is shown', () => {
  test('the site with what is open', async () => {
    const { items } = await cloud.get<{ items: Site[] }>('/sites');
    expect(items).toEqual([
      {
        id: 'tower',
        name: { en: 'Tower', zh: '大厦' },
        timezone: 'Asia/Shanghai',
        area: 42_000,
        gateways: ['gw-1'],
        equipment: 2,
        alarms: { 1: 0, 2: 1, 3: 0, 4: 0 },
        openOrders: 1,
      },
    ]);
  });

  test('equipment with its most urgent alarm', async () => {
    const { items } = await cloud.get<{ items: EquipmentView[] }>('/equipment?site=tower&kind=pump');
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      id: 'pump-1',
      priority: 2,
      openAlarms: 1,
      points: ['speed', 'running'],
      parent: null,
    });
    expect(await cloud.get('/equipment/tower/pump-1')).toEqual(items[0]);
  });

  test('a list that is longer than the limit goes on at its cursor', async () => {
    const first = await cloud.get<{ items: EquipmentView[]; next: string }>('/equipment?limit=1');
    expect(first.items.map((e) => e.id)).toEqual(['pump-1']);
    const path = `/equipment?limit=1&after=${encodeURIComponent(first.next)}`;
    expect(await cloud.get(path)).toMatchObject({ items: [{ id: 'main-meter' }], next: null });
    expect((await cloud.call('/equipment?after=tower/gone')).status).toBe(400);
    expect((await cloud.call('/alarms?after=nonsense')).status).toBe(400);
  });

  test('latest values with quality and age', async () => {
    const { items } = await cloud.get<{ items: LatestPoint[] }>('/points/latest?site=tower');
    const byPoint = new Map(items.map((p) => [p.point, p]));
    expect(byPoint.get('speed')).toMatchObject({
      value: 98,
      quality: 'good',
      reason: null,
      stale: false,
      staleAfter: 60_000,
    });
    expect(byPoint.get('power')).toMatchObject({ value: null, quality: 'bad', reason: 'no-answer', stale: true });
  });

  test('a series in steps, with gaps as nulls', async () => {
    const path = `/series?site=tower&equipment=pump-1&point=speed&from=${now - 4 * hour}&to=${now}&interval=3600000`;
    const { items, interval } = await cloud.get<Series>(path);
    expect(interval).toBe(hour);
    // A value stands a minute longer, perhaps into the next hour.
    expect(items.filter((i) => i.count > 0).map((i) => i.value)).toEqual([40, 98]);
    expect(items.filter((i) => i.value === null).every((i) => i.coverage === 0 && i.quality === null)).toBe(true);
    expect(items.length).toBeGreaterThanOrEqual(4);
  });

  test('raw samples as they are', async () => {
    const path = `/series?site=tower&equipment=pump-1&point=speed&from=${now - 4 * hour}&to=${now}&aggregate=raw`;
    const { items, interval } = await cloud.get<Series>(path);
    expect(interval).toBe(0);
    expect(items.map((i) => [i.time, i.value, i.quality])).toEqual([
      [now - 3 * hour, 40, 0],
      [now - 2000, 98, 0],
    ]);
  });

  test('what is stored of a day against what was to be expected, also as a table', async () => {
    const today = new Date(now + 8 * hour).toISOString().slice(0, 10);
    const made = await cloud.get<Statement>(`/completeness?site=tower&day=${today}`);
    expect(made).toMatchObject({ site: 'tower', day: today, timezone: 'Asia/Shanghai' });
    expect(made.verdict).not.toBe('complete');
    expect(made.gateways).toMatchObject([{ id: 'gw-1', points: 3, missing: [] }]);
    const table = await cloud.call(`/completeness/statement.csv?site=tower&day=${today}`);
    expect(table.headers.get('content-disposition')).toBe(`attachment; filename="tower-${today}.csv"`);
    expect((await table.text()).split('\r\n').slice(0, 3)).toEqual([
      'record,gateway,equipment,point,from,to,cause,expected,stored,coverage,detail',
      expect.stringMatching(/^day,,,,/),
      expect.stringMatching(/^gateway,gw-1,,,/),
    ]);
    const { items } = await cloud.get<CompletenessDays>('/completeness/days?site=tower&count=7');
    expect(items.at(-1)).toMatchObject({ day: today, coverage: null });
    for (const day of ['2999-01-01', '2026-02-30', 'today'])
      expect((await cloud.call(`/completeness?site=tower&day=${day}`)).status).toBe(400);
    expect((await cloud.call('/completeness?site=nowhere')).status).toBe(404);
  });

  test('intervals and consumption', async () => {
    const from = quarter - 8 * 15 * minute;
    const path = `/energy/intervals?site=tower&equipment=main-meter&from=${from}&to=${quarter}`;
    const { items } = await cloud.get<{ items: IntervalView[] }>(path);
    expect(items.map((i) => i.kWh)).toEqual([2, 3, 4, 5]);
    expect(items[0]).toMatchObject({ site: 'tower', expected: null });
    const day = `by=hour&from=${from - 24 * hour}&to=${quarter}`;
    const spent = await cloud.get<Consumption>(`/energy/consumption?site=tower&equipment=main-meter&${day}`);
    expect(spent.items.reduce((sum, i) => sum + (i.kWh ?? 0), 0)).toBeCloseTo(14);
  });

  test('the gateway with what it stored', async () => {
    const { items } = await cloud.get<{ items: Record<string, unknown>[] }>('/gateways?site=tower');
    expect(items[0]).toMatchObject({ site: 'tower', id: 'gw-1', samples: 4 });
  });

  test('the alarm with its texts, state and order', async () => {
    const { items } = await cloud.get<{ items: AlarmView[] }>('/alarms?site=tower&open=true');
    expect(items[0]).toMatchObject({
      id: 'alarm-1',
      state: 'unacknowledged',
      title: { en: 'Pump runs dry', zh: '水泵干转' },
      order: { id: 'order-1', number: expect.stringMatching(/^WO-\d+$/) },
      pending: null,
    });
  });
});

test('a click is pending until the gateway echoes it, then the alarm is acknowledged', async () => {
  const answer = await cloud.post('/alarms/alarm-1/acknowledge', { comment: 'seen' });
  expect(answer.status).toBe(202);
  const { command } = (await answer.json()) as { command: string };
  expect(await cloud.get('/alarms/alarm-1')).toMatchObject({
    state: 'unacknowledged',
    pending: { command, action: 'acknowledge' },
  });
  const again = await cloud.post('/alarms/alarm-1/acknowledge', {});
  expect(await again.json()).toMatchObject({ command });
  await until(() => gateway.commands.some((c) => c.id === command));
  expect(gateway.commands[0]).toMatchObject({
    alarm: 'alarm-1',
    action: 'acknowledge',
    actor: 'administrator',
    comment: 'seen',
  });
  const alarm = alarmOf(now - 1000);
  await gateway.events({
    type: 'alarm',
    alarm: {
      ...alarm,
      facts: { ...alarm.facts, acknowledged: true },
      version: 2,
      acknowledgedAt: now,
      acknowledgedBy: 'administrator',
      command,
    },
  });
  expect(await cloud.get('/alarms/alarm-1')).toMatchObject({
    state: 'acknowledged',
    pending: null,
    acknowledgedBy: 'administrator',
  });
});

test('an order goes its way; an old version is answered 409', async () => {
  const path = '/work-orders/order-1';
  const before = await cloud.get<WorkOrderView>(path);
  expect(before).toMatchObject({
    state: 'raised',
    actions: ['assign', 'accept', 'cancel'],
    respond: { state: 'on-track' },
  });
  expect(before.steps).toEqual(model.catalogue[0]?.steps.map((text) => ({ text, doneAt: null, doneBy: null })));

  let { version } = before;
  const accepted = await cloud.post(`${path}/accept`, { version });
  expect(await accepted.json()).toMatchObject({
    state: 'accepted',
    assignee: 'administrator',
    respond: { state: 'met' },
  });
  const late = await cloud.post(`${path}/accept`, { version });
  expect(late.status).toBe(409);
  expect(late.headers.get('content-type')).toContain('application/problem+json');
  expect(await late.json()).toMatchObject({ code: 'version-conflict', status: 409 });
  version++;
  expect(await (await cloud.post(`${path}/close`, { version })).json()).toMatchObject({ code: 'action-not-allowed' });
  expect((await cloud.post(`${path}/start`, { version })).status).toBe(200);
  version++;
  expect((await cloud.post(`${path}/steps/0`, { done: true, version })).status).toBe(200);
  version++;
  for (const action of ['resolve', 'close']) {
    expect((await cloud.post(`${path}/${action}`, { version })).status).toBe(200);
    version++;
  }
  const after = await cloud.get<WorkOrderView>(path);
  expect(after).toMatchObject({ state: 'closed', actions: ['reopen'], version });
  expect(after.steps[0]).toMatchObject({ doneBy: 'administrator' });
  expect((await cloud.get<{ items: unknown[] }>('/work-orders?open=true')).items).toEqual([]);
});

test('the live stream shows a committed sample, an order that was clicked and a pending alarm', async () => {
  const ended = new AbortController();
  const response = await cloud.call('/live?site=tower', { signal: ended.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('utf8');
  })().catch(() => {});
  await until(() => text.includes('event: latest'));
  const at = systemClock.now();
  await gateway.telemetry({ index: 0, time: at, gatewayTime: at, value: 71.25, quality: 'good' });
  await until(() => text.includes('"value":71.25'));
  const { version } = await cloud.get<WorkOrderView>('/work-orders/order-1');
  await cloud.post('/work-orders/order-1/reopen', { version });
  await until(() => text.includes('event: work-order') && text.includes('"state":"reopened"'));
  await cloud.post('/alarms/alarm-1/shelve', { comment: 'cleaning', minutes: 30 });
  await until(() => text.includes('event: alarm') && text.includes('"action":"shelve"'));
  await until(() => text.includes('event: tick'));
  ended.abort();
  await reading;
});

test('a report of a panel has the classes of the standards', async () => {
  const report = { id: 'panel:1', equipment: 'pump-1', time: now, gatewayTime: now, category: 'disabled' } as const;
  await gateway.events({ type: 'device-event', event: { ...report, address: '1-5', zone: '1', message: 'Disabled' } });
  const list = await cloud.get<{ items: unknown[] }>('/device-events?site=tower&equipment=pump-1');
  expect(list.items).toMatchObject([{ id: 'panel:1', classes: { gbt26875: 3, nfpa72: 'trouble', en54: 'disabled' } }]);
});

test('what is unknown or of another site is not found', async () => {
  const paths = ['/equipment/tower/pump-2', '/equipment/other/pump-1', '/points/latest?site=other', '/alarms/nothing'];
  paths.push('/work-orders/nothing', '/live?site=other', '/device-events?site=other&equipment=pump-1');
  paths.push(
    `/series?site=tower&equipment=pump-1&point=head&from=1&to=2`,
    '/energy/consumption?site=other&equipment=main-meter&by=day&from=1&to=2',
  );
  for (const path of paths) {
    const response = await cloud.call(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.json()).toMatchObject({ code: 'not-found' });
  }
});

test('a start that fails says why and leaves nothing behind', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'plantroom-cloud-'));
  const start = (port: number) => startCloud({ dataDirectory, port, logger: silentLogger });
  await expect(start(cloud.cloud.port ?? 0)).rejects.toMatchObject({
    code: 'port-in-use',
    hint: expect.stringContaining('--port'),
  });
  const second = await start(0);
  await expect(start(0)).rejects.toBeInstanceOf(PlantroomError);
  await second.stop();
  await rm(dataDirectory, { recursive: true });
});

test('the service stops within 3 seconds, with a stream and a gateway connected', async () => {
  const response = await cloud.call('/live?site=tower');
  const stopping = systemClock.monotonic();
  await cloud.cloud.stop();
  expect(systemClock.monotonic() - stopping).toBeLessThan(3_000);
  await response.body?.cancel().catch(() => {});
});
