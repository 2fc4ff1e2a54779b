import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, systemClock } from '@plantroom/base';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alarmOf, model, orderOf, PlayedGateway, startTestCloud, type TestCloud } from '../test-kit.ts';

let cloud: TestCloud;
let origin: string;
/** The service's clock runs with the wall clock until a test moves it. */
const clock = new (class extends ManualClock {
  shift = 0;
  override now() {
    return systemClock.now() + this.shift;
  }
})();

beforeAll(async () => {
  const webDirectory = await mkdtemp(join(tmpdir(), 'plantroom-web-'));
  await mkdir(join(webDirectory, 'assets'));
  await writeFile(join(webDirectory, 'index.html'), '<!doctype html><title>Plantroom</title>');
  await writeFile(join(webDirectory, 'assets', 'index-Ab12Cd34.js'), 'export {};');
  cloud = await startTestCloud({ webDirectory, clock });
  origin = cloud.base.replace('/api/v1', '');
  const gateway = await PlayedGateway.connect(cloud.cloud, connectAsync);
  const now = systemClock.now();
  await gateway.events({ type: 'model', model });
  await gateway.events({ type: 'alarm', alarm: alarmOf(now) }, { type: 'work-order', order: orderOf(now) });
  await gateway.close();
});

afterAll(() => cloud?.stop());

interface Operation {
  readonly security?: readonly unknown[];
}
async function operations(): Promise<{ method: string; path: string; operation: Operation }[]> {
  const { paths } = await cloud.get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json');
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** A request without a credential, unless the headers have one. */
function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${cloud.base}${path}`, init);
}

function signIn(token: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return ask('/session', { method: 'POST', headers, body: JSON.stringify({ token }) });
}

describe('who may come in', () => {
  test('every operation of the OpenAPI document but health and sign-in needs a credential', async () => {
    const all = await operations();
    expect(all.length).toBeGreaterThan(25);
    for (const { method, path, operation } of all) {
      const isOpen = operation.security?.length === 0;
      expect([path, isOpen]).toEqual([
        path,
        path.endsWith('/health') || (path.endsWith('/session') && method === 'POST'),
      ]);
      if (isOpen) continue;
      const response = await fetch(origin + path.replaceAll(/\{\w+\}/g, 'x'), { method });
      expect([method, path, response.status]).toEqual([method, path, 401]);
      expect(await response.json()).toMatchObject({ code: 'not-signed-in' });
    }
    expect((await ask('/openapi.json')).status).toBe(401);
    expect((await ask('/health')).status).toBe(200);
  });

  test('a wrong token, a session token as bearer and a broken header are refused', async () => {
    const wrong = ['Bearer aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Basic YWRtaW46YWRtaW4=', 'Bearer', ''];
    for (const authorization of wrong) expect((await ask('/sites', { headers: { authorization } })).status).toBe(401);
    const token = await cloud.cloud.createSignInToken();
    expect((await ask('/sites', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });

  test('a sign-in link opens one session, once; the cookie is for us alone; signing out ends it', async () => {
    const token = await cloud.cloud.createSignInToken();
    const first = await signIn(token);
    expect(await first.json()).toMatchObject({ user: { id: 'administrator', role: 'administrator' } });
    const setCookie = first.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200']) expect(setCookie).toContain(part);
    const second = await signIn(token);
    expect(second.status).toBe(401);
    expect(await second.json()).toMatchObject({ code: 'sign-in-refused' });

    const cookie = setCookie.split(';', 1)[0] ?? '';
    expect((await ask('/session', { headers: { cookie } })).status).toBe(200);
    expect((await ask('/session', { method: 'DELETE', headers: { cookie } })).status).toBe(204);
    expect((await ask('/session', { headers: { cookie } })).status).toBe(401);
  });

  test('links and sessions end by themselves', async () => {
    const late = await cloud.cloud.createSignInToken();
    const cookie =
      (await signIn(await cloud.cloud.createSignInToken())).headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    clock.shift = 15 * 60_000 + 1;
    expect((await signIn(late)).status).toBe(401);
    expect((await ask('/session', { headers: { cookie } })).status).toBe(200);
    clock.shift = 12 * 3_600_000 + 1_000;
    expect((await ask('/session', { headers: { cookie } })).status).toBe(401);
    clock.shift = 0;
  });

  test('a role does what its work needs and no more', async () => {
    const viewer = await cloud.cloud.createApiToken({ id: 'v', name: 'V', role: 'viewer' });
    const technician = await cloud.cloud.createApiToken({ id: 't', name: 'T', role: 'technician' });
    const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    expect((await cloud.call('/alarms', as(viewer))).status).toBe(200);
    for (const path of ['/alarms/alarm-1/acknowledge', '/work-orders/order-1/accept'])
      expect((await cloud.post(path, { version: 1 }, as(viewer))).status).toBe(403);
    expect((await cloud.post('/alarms/alarm-1/shelve', {}, as(technician))).status).toBe(403);
    expect((await cloud.post('/work-orders/order-1/cancel', { version: 1 }, as(technician))).status).toBe(403);
    expect((await cloud.post('/alarms/alarm-1/acknowledge', {}, as(technician))).status).toBe(202);
  });

  test('a thousand attempts to sign in are cut off', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => signIn('x'.repeat(43))));
    const limited = answers.find((a) => a.status === 429);
    expect(await limited?.json()).toMatchObject({ code: 'too-many-requests' });
  });
});

describe('what may be said', () => {
  const path = '/work-orders/order-1/accept';

  test.each([
    ['null', { version: null }],
    ['true', { version: true }],
    ['a text', { version: '1' }],
    ['an array', { version: [1] }],
    ['infinity', '{"version":1e999}'],
    ['an unknown property', { version: 1, state: 'closed' }],
    ['nothing', {}],
    ['an array as body', []],
    ['no JSON', '{'],
    ['an empty body', ''],
    ['another prototype', '{"version":1,"__proto__":{"a":1}}'],
  ])('%s is refused, never coerced', async (_name, body) => {
    const init = typeof body === 'string' ? { body } : {};
    const response = await cloud.post(path, body, init);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'invalid-request' });
    expect(await cloud.get('/work-orders/order-1')).toMatchObject({ state: 'raised', version: 1 });
  });

  test('only JSON is read, so that a form on another site can do nothing', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await cloud.post(path, { version: 1 }, { headers: { 'content-type': type } })).status).toBe(415);
  });

  test('a body that is too large is refused', async () => {
    const response = await cloud.post(path, { version: 1, comment: 'x'.repeat(100_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'too-large' });
  });

  test.each([
    '/points/latest?site=Tower',
    `/points/latest?site=${encodeURIComponent("x' OR 1=1 --")}`,
    '/points/latest?equipmnt=pump-1',
    '/equipment/tower/..%2f..',
    '/alarms?open=1',
    '/alarms?limit=0',
    '/alarms?limit=1e3',
    '/series?site=tower&equipment=pump-1&point=speed&from=2&to=1',
    '/series?site=tower&equipment=pump-1&point=speed&from=yesterday&to=2',
    '/series?site=tower&equipment=pump-1&point=speed;drop&from=1&to=2',
    '/series?site=tower&equipment=pump-1&point=speed&from=0&to=86400000&interval=7200001',
    '/series?site=tower&equipment=pump-1&point=speed&from=0&to=86400000&interval=999',
  ])('%s does not fit', async (path) => {
    const response = await cloud.call(path);
    expect([path, response.status]).toEqual([path, 400]);
  });

  test('an answer that would be too long is refused with what to do', async () => {
    const base = '/series?site=tower&equipment=pump-1&point=speed&from=0';
    for (const path of [`${base}&to=86400000&interval=1000`, `${base}&to=900000000000`])
      expect(await (await cloud.call(path)).json()).toMatchObject({ code: 'too-many-steps', status: 422 });
  });
});

describe('the dashboard', () => {
  test('pages get index.html, which is asked for again; hashed assets are kept', async () => {
    for (const path of ['/', '/sites/tower', '/sign-in']) {
      const response = await fetch(origin + path);
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
      expect(await response.text()).toContain('<title>Plantroom</title>');
    }
    const asset = await fetch(`${origin}/assets/index-Ab12Cd34.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  test('a missing file, an unknown API address and a way out of the folder are 404', async () => {
    for (const path of ['/assets/gone.js', '/api/v1/nothing', '/api/v2/sites', '/..%2f..%2fetc%2fpasswd.txt'])
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);
  });
});

describe('metrics of alarms', () => {
  test('are those of the journal, for a site and a period', async () => {
    const now = systemClock.now();
    const gateway = await PlayedGateway.connect(cloud.cloud, connectAsync);
    const alarm = { ...alarmOf(now), id: 'alarm-metrics', subject: 'L2' };
    const transition = {
      time: now,
      input: 'raise',
      from: 'normal',
      to: 'unacknowledged',
      actor: null,
      comment: '',
    } as const;
    await gateway.events({ type: 'alarm', alarm, transition: { ...transition, reasons: [] } });
    await gateway.close();
    const period = `from=${now - 3_600_000}&to=${now + 1000}`;
    expect(await cloud.get(`/alarm-metrics?site=${model.site.id}&${period}`)).toMatchObject({
      ...{ alarms: 1, isCut: false, mostInTenMinutes: 1, unacknowledged: 1, toAcknowledge: null },
      topTen: [{ fault: alarm.fault, subject: 'L2', alarms: 1, share: 1 }],
    });
    const journal = await cloud.get<{ items: object[] }>(`/alarms/${alarm.id}/journal`);
    expect(journal.items).toMatchObject([{ version: alarm.version, input: 'raise' }]);
    const headers = { authorization: `Bearer ${await cloud.cloud.createApiToken()}` };
    for (const wrong of [
      `site=nowhere&${period}`,
      `site=${model.site.id}&from=5&to=5`,
      `site=${model.site.id}&from=0&to=${now}`,
    ])
      expect((await ask(`/alarm-metrics?${wrong}`, { headers })).ok).toBe(false);
  });
});
