import type { Language } from '@plantroom/model';
import type { AlarmView } from '@plantroom/model/api';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import i18next from 'i18next';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { equipment, site } from '../../mock/building.ts';
import { completenessDaysOf, statementOf } from '../../mock/completeness.ts';
import { consumptionOf, intervalsOf } from '../../mock/energy.ts';
import { createRecords, gatewayAt } from '../../mock/records.ts';
import { latestAt } from '../../mock/values.ts';
import { keys } from '../api/keys.ts';
import { mergeLatest } from '../api/latest-state.ts';
import { startTexts } from '../i18n/setup.ts';
import { createAppRouter } from '../router.tsx';
import { windowOf } from '../util/energy-period.ts';
import { partsOf, saidByStages } from '../util/stage-reasons.ts';
import { dayStart } from '../util/time.ts';
import { mayBeToken } from './sign-in-page.tsx';

const now = Date.parse('2026-11-21T06:10:00Z');
const meter = 'main-meter';

/** The demo's building as the cache holds it once everything was answered, `silence` ms ago. */
function cacheOf(silence: number): QueryClient {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const heard = now - silence;
  const { alarms, orders } = createRecords(now);
  const machines = equipment.map((machine) => ({
    ...machine,
    priority: alarms.find((alarm) => alarm.equipment === machine.id)?.priority ?? null,
  }));
  client.setQueryData(keys.sites, [site]);
  client.setQueryData(keys.session, { user: { id: 'demo', name: 'Demo', role: 'engineer' }, expiresAt: now });
  client.setQueryData(keys.equipment(site.id), machines);
  client.setQueryData(keys.latest(site.id), mergeLatest({}, latestAt(heard)));
  client.setQueryData(keys.openAlarms(site.id), alarms);
  client.setQueryData(keys.allAlarms(site.id), { pages: [{ items: alarms, next: null }], pageParams: [undefined] });
  client.setQueryData(keys.openOrders(site.id), orders);
  client.setQueryData(keys.gateways(site.id), [gatewayAt(heard)]);
  client.setQueryData([...keys.completeness(site.id), 'yesterday'], statementOf(undefined, now));
  client.setQueryData([...keys.completeness(site.id), '2026-11-19'], statementOf('2026-11-19', now));
  client.setQueryData([...keys.completeness(site.id), 'days'], completenessDaysOf(now));
  for (const order of orders) client.setQueryData(keys.order(order.id), order);
  const today = { from: dayStart(now, site.timezone), to: dayStart(now, site.timezone, 1) };
  const key = [...keys.energy(site.id), meter, 'intervals', today.from, today.to];
  client.setQueryData(key, intervalsOf(meter, today.from, today.to, now));
  const { from, to } = windowOf('30', 0, now, site.timezone);
  client.setQueryData(
    [...keys.energy(site.id), meter, 'day', from, to],
    consumptionOf(meter, 'day', { from, to }, now),
  );
  return client;
}

type Change = (client: QueryClient) => void;

async function render(path: string, language: Language, silence = 0, change?: Change): Promise<string> {
  await i18next.changeLanguage(language);
  const client = cacheOf(silence);
  change?.(client);
  const router = createAppRouter(client, createMemoryHistory({ initialEntries: [`/sites/${site.id}${path}`] }));
  await router.load();
  const html = renderToString(
    createElement(QueryClientProvider, { client }, createElement(RouterProvider, { router })),
  );
  return html.replaceAll('<!-- -->', '').replace(/<script.*?<\/script>/gs, '');
}

/** What a reader sees and hears: text without tags. */
const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

beforeAll(() => startTexts('en'));
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
});
afterEach(() => vi.useRealTimers());

describe('the overview', () => {
  test('says in one sentence what runs, what does not and what is due', async () => {
    const english = textOf(await render('', 'en'));
    expect(english).toContain('35 machines running as they should');
    expect(english).toMatch(/1 not answering\s*, 3 alarms\s*, 3 orders open, the next due in 22 min\. Outdoors/);
    const chinese = textOf(await render('', 'zh'));
    expect(chinese).toMatch(/35 台设备\s*运行正常/);
    expect(chinese).toMatch(/3 张工单\s*未关闭/);
  });

  test('draws every system from its data', async () => {
    const html = await render('', 'en');
    expect(html).toMatch(/aria-label="Elevator 5: floor 6, stopped, load 0 %"/);
    expect(html).toContain('5 of 6 in service');
    expect(html).toContain('3 running, 5 standing by');
    expect(html).toContain('200 devices, 1 disabled');
    expect(html.match(/class="dot"/g)).toHaveLength(199);
    expect(html).toContain('no data');
    expect(html.match(/class="bar-over"/g)).toHaveLength(17);
  });

  test('begins with a fire, draws its device and puts it before other emergencies', async () => {
    const [other] = createRecords(now).alarms;
    if (!other) throw new Error('The mock has no alarm.');
    const emergency: AlarmView = { ...other, priority: 1, raisedAt: now };
    const fire: AlarmView = {
      ...emergency,
      ...{ id: 'al-fire', equipment: 'fire-panel', fault: 'fire-panel.device-fire', subject: '2-31' },
      ...{ raisedAt: now - 60_000, detail: { en: 'Fire alarm of device 2-31', zh: '2-31 号探测器火警' } },
    };
    const burn: Change = (client) => client.setQueryData(keys.openAlarms(site.id), [emergency, fire]);
    const html = await render('', 'en', 0, burn);
    const sentence = html.match(/data-testid="sentence">(.*?)<\/p>/s)?.[1] ?? '';
    expect(textOf(sentence).trim()).toMatch(/^Fire alarm at loop 2 device 31\. 36 machines/);
    expect(html).toContain('200 devices, 1 fire, 1 disabled');
    expect(html.match(/class="device-fire"/g)).toHaveLength(1);
    const order = [...html.matchAll(/alarm=([\w-]+)"[^>]*class="plain"|class="plain"[^>]*alarm=([\w-]+)"/g)];
    expect(order.map(([, a, b]) => a ?? b)[0]).toBe('al-fire');
    expect(textOf(await render('', 'zh', 0, burn))).toContain('回路 2 探测点 31 火警。');
    const panelOnly: Change = (client) => {
      const latest = latestAt(now).map((each) => (each.point === 'fire' ? { ...each, value: 1 } : each));
      client.setQueryData(keys.latest(site.id), mergeLatest({}, latest));
    };
    expect(textOf(await render('', 'en', 0, panelOnly))).toMatch(/Fire alarm at Fire (?:alarm )?panel\./i);
  });

  test('counts the same lifts in its sentence and on their card', async () => {
    const [first] = createRecords(now).alarms;
    if (!first) throw new Error('The mock has no alarm.');
    const minor: AlarmView = { ...first, id: 'al-minor', equipment: 'elevator-2', priority: 4 };
    const gone: AlarmView = {
      ...first,
      id: 'al-gone',
      equipment: 'elevator-3',
      facts: { ...first.facts, active: false },
    };
    const html = await render('', 'en', 0, (client) => {
      client.setQueryData(keys.openAlarms(site.id), [minor, gone]);
      const latest = latestAt(now).map((each) =>
        each.equipment === 'elevator-4' && each.point === 'mode' ? { ...each, value: 12 } : each,
      );
      client.setQueryData(keys.latest(site.id), mergeLatest({}, latest));
    });
    expect(html).toContain('4 of 6 in service');
    // All but the lift with an alarm, the lift that is switched off and the silent sensor.
    expect(textOf(html)).toContain(`${equipment.length - 3} machines running as they should`);
  });

  test('names an energy alarm with its machine, and takes no other for one', async () => {
    const [first] = createRecords(now).alarms;
    if (!first) throw new Error('The mock has no alarm.');
    const detail = { en: 'Used 180 kWh between 01:00 and 05:30, usually 96', zh: '01:00 至 05:30 用电 180 kWh' };
    const night: AlarmView = {
      ...first,
      priority: 3,
      equipment: 'chiller-meter',
      fault: 'energy-meter.night-load',
      detail,
    };
    const finding = async (...alarms: AlarmView[]) => {
      const html = await render('', 'en', 0, (client) => client.setQueryData(keys.openAlarms(site.id), alarms));
      return textOf(html.match(/class="finding">(.*?)<\/p>/s)?.[1] ?? '').trim();
    };
    expect(await finding(first, night)).toMatch(/^Chiller.*: Used 180 kWh between 01:00 and 05:30, usually 96\./);
    expect(await finding(first)).toBe('');
  });

  test('never looks fresh when it is not', async () => {
    const html = await render('', 'en', 10 * 60_000);
    expect(html).not.toContain('data-freshness="fresh"');
    expect(html.match(/data-freshness="stale"/g)?.length).toBeGreaterThan(10);
    expect(textOf(html)).toContain('0 machines running as they should');
    expect(html).not.toContain('class="car"');
    expect(html).not.toContain('class="dot"');
    expect(textOf(html)).toContain('no usable value for 10 min');
  });

  test('never counts a machine that does not answer as running, though the gateway tells of it', async () => {
    const dead: Change = (client) => {
      const latest = latestAt(now).map((each) => {
        const isDead = each.equipment.startsWith('elevator') || each.equipment.startsWith('booster');
        const lost = { value: null, quality: 'bad', reason: 'no-answer', changedAt: now - 300_000 } as const;
        return isDead ? { ...each, ...lost } : each;
      });
      client.setQueryData(keys.latest(site.id), mergeLatest({}, latest));
      client.setQueryData(keys.openAlarms(site.id), []);
    };
    const lost = equipment.filter(({ id }) => id.startsWith('elevator') || id.startsWith('booster')).length;
    const text = textOf(await render('', 'en', 0, dead));
    expect(text).toContain(`${equipment.length - lost - 1} machines running as they should`);
    expect(text).toContain(`${lost + 1} not answering`);
    expect(text).toContain('no data for 5 min');
    expect(text).not.toMatch(/of 6 in service|no value yet/);
    const list = textOf(await render('/equipment', 'en', 0, dead));
    expect(list).toContain(`, ${lost + 1} not answering.`);
    expect(list.match(/5 min ago/g)).toHaveLength(lost);
    expect(textOf(await render('/equipment/elevator-1', 'zh', 0, dead))).toContain('已 5 分钟无有效数据');
  });

  test('shows no English in Chinese, but names', async () => {
    const text = textOf((await render('', 'zh')).replace(/<title>[^<]*<\/title>/g, ''));
    const words = new Set(text.match(/[A-Za-z]{3,}/g));
    for (const known of ['Plantroom', 'Harbour', 'Tower', 'kWh', 'ppm', 'Ctrl', 'English', 'Demo', 'MPa', 'UTC'])
      words.delete(known);
    expect([...words]).toEqual([]);
  });
});

const firstOfEachKind = [...Map.groupBy(equipment, (machine) => machine.kind).values()].flatMap(
  ([first]) => first ?? [],
);

describe('every page', () => {
  const pages = [
    '',
    '/equipment',
    ...firstOfEachKind.map((machine) => `/equipment/${machine.id}`),
    '/alarms',
    '/orders',
    ...createRecords(now).orders.map((order) => `/orders/${order.id}`),
    '/energy',
    '/gateways',
    '/completeness',
    '/completeness?day=2026-11-19',
  ];

  test.each(pages)('%s is drawn in both languages, with one heading and named controls', async (path) => {
    for (const language of ['en', 'zh'] as const) {
      const html = await render(path, language);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html).toContain('<nav');
      expect(html).not.toMatch(/undefined|NaN|\[object|\{\{/);
      for (const [, attributes = '', content = ''] of html.matchAll(/<button([^>]*)>(.*?)<\/button>/g))
        expect(`${attributes.match(/aria-label="[^"]+"/) ?? ''}${textOf(content).trim()}`).not.toBe('');
    }
  });

  test('that does not exist says so', async () => {
    expect(textOf(await render('/equipment/gone', 'en'))).toContain('There is no such page');
  });
});

describe('a statement of a day', () => {
  test('says plainly that it is complete, or names every hole with its cause', async () => {
    expect(textOf(await render('/completeness?day=2026-11-19', 'en'))).toMatch(
      /Complete\. Everything that was to be expected of Thu,? 19 Nov is stored: [\d,]+ samples of \d+ points\. .*Nothing is missing/,
    );
    const english = await render('/completeness', 'en');
    expect(textOf(english)).toMatch(
      /Not complete\. Fri,? 20 Nov has 4 holes; 9\d\.\d+ % of the time of all points is known\./,
    );
    expect(textOf(english)).toMatch(/15:00 to 16:00 1 h unknown/);
    expect(textOf(english)).toMatch(/07:00 to 24:00 17 h device gave no value check the device/);
    expect(english.match(/class="missing/g)?.length).toBeGreaterThanOrEqual(4);
    expect(english).toContain('/api/v1/completeness/statement.csv?site=harbour-tower&amp;day=2026-11-20');
    const chinese = textOf(await render('/completeness', 'zh'));
    expect(chinese).toContain('数据不完整。');
    expect(chinese).toContain('设备无有效数值');
  });
});

describe('a day that is not over', () => {
  test('says until when it was examined, and rounds no hole away', async () => {
    const change: Change = (client) => {
      const made = statementOf('2026-11-20', now);
      const today = { ...made, examinedTo: made.from + 12 * 3_600_000 };
      const gateways = today.gateways.map((gateway) => ({ ...gateway, coverage: 1 }));
      client.setQueryData([...keys.completeness(site.id), 'yesterday'], { ...today, gateways });
    };
    const html = await render('/completeness', 'en', 0, change);
    expect(textOf(html)).toMatch(/99\.99 % of the time of all points is known\. Examined until 12:00\./);
    expect(html).toMatch(/class="day-column begun"[^>]*aria-label="Sat,? 21 Nov: begun, not over yet"/);
    expect(textOf(await render('/completeness', 'zh', 0, change))).toContain('已检查至 12:00。');
  });
});

test('what hides an alarm is called by the names of the fault and the machine', async () => {
  await i18next.changeLanguage('zh');
  const texts = { t: (key: string, values?: object) => String(i18next.t(key, { ...values })) };
  const said = (stage: string, reason: string) => saidByStages([{ stage, reason }], texts, (what) => `<${what}>`);
  expect(said('explain', 'explained-by energy-meter.supply-lost of main-meter')).toEqual([
    '由“<energy-meter.supply-lost of main-meter>”引起。',
  ]);
  expect(said('maintain', 'maintenance: change of oil')[0]).not.toContain('<');
  expect(partsOf('explained-by energy-meter.supply-lost of main-meter')).toEqual({
    ...{ fault: 'energy-meter.supply-lost', equipment: 'main-meter' },
  });
  expect(partsOf('explained-by elevator.silent')).toEqual({ fault: 'elevator.silent', equipment: undefined });
  expect(mayBeToken('short')).toBe(false);
});

describe('what is open', () => {
  test('can be acknowledged from the list and leads to its order', async () => {
    const html = await render('/alarms', 'en');
    expect(html).toContain('aria-label="Acknowledge Elevator 5, Door will not close, 4 attempts at 6F"');
    expect(html.match(/aria-label="Acknowledge/g)).toHaveLength(1);
    expect(html).toContain('WO-1042');
  });

  test('is done by steps, under two clocks', async () => {
    const text = textOf(await render('/orders/wo-wo-1042', 'en'));
    expect(text).toContain('0 of 4 done');
    expect(text).toContain('at risk');
    expect(text).toContain('82 % of the time used');
    expect(text).toContain('Accept');
    expect(text).toContain('Raised by the fault');
  });

  test('tells what people did in the past tense, and warns of resolving what is still wrong', async () => {
    const english = textOf(await render('/orders/wo-wo-1038', 'en'));
    expect(english).toMatch(/Accepted Demo/);
    expect(english).toContain('The alarm is still active.');
    expect(textOf(await render('/orders/wo-wo-1038', 'zh'))).toContain('报警仍未恢复。');
    expect(english).toMatch(/3 of 3 steps are not done\.|4 of 4 steps are not done\./);
    const over: Change = (client) => client.setQueryData(keys.openAlarms(site.id), []);
    expect(textOf(await render('/orders/wo-wo-1038', 'en', 0, over))).not.toContain('still active');
  });
});

describe('a gateway that is not heard, though the broker’s last word was that it is online', () => {
  const silent: Change = (client) =>
    client.setQueryData(keys.gateways(site.id), [{ ...gatewayAt(now), heardAt: now - 75_000 }]);

  test('is not called online, and what it said last is marked and has its age', async () => {
    const html = await render('/gateways', 'en', 0, silent);
    const text = textOf(html);
    expect(text).toContain('0 of 1 gateway online');
    expect(text).toContain('not heard');
    expect(text).toMatch(/waiting on site, as of 1 min ago/);
    expect(text).not.toContain('oldest');
    expect(html).toContain('class="big stale"');
    expect(text).toContain('the broker between it and this service');
  });

  test('makes the fire panel say as of when', async () => {
    expect(await render('', 'en', 0, silent)).toContain('200 devices, 1 disabled, as of 14:08:45');
    expect(await render('', 'en')).not.toContain('as of 14:');
  });
});

describe('a gateway’s clock', () => {
  test('is told as it stands, and aloud when it is long in doubt', async () => {
    expect(textOf(await render('/gateways', 'en'))).toContain('set by the machine’s time service');
    const clock = { systemOffset: 0, cloudOffset: null, lastJump: { at: now, by: -3_600_000 } };
    const doubtful = { ...clock, state: 'unsynchronised', source: 'none', doubtfulFor: 7_200_000 } as const;
    const correction = { from: now - 9e11, to: now - 8e11, by: 8e11, source: 'cloud' } as const;
    const change: Change = (client) =>
      client.setQueryData(keys.gateways(site.id), [
        { ...gatewayAt(now), clock: doubtful, corrections: [{ ...correction, from: now - 1000, by: 20 }, correction] },
      ]);
    const english = textOf(await render('/gateways', 'en', 0, change));
    expect(english).toContain('Clock in doubt confirmed by nobody for 2 h');
    expect(english).toContain('−1 h, 21 Nov 2026, 14:10:00');
    expect(english).toContain('16 Jul 2001');
    expect(english.match(/Named by a wrong time/g)).toHaveLength(1);
    const chinese = textOf(await render('/gateways', 'zh', 0, change));
    expect(chinese).toContain('已有 2 小时未经时间源确认');
  });
});
