import { createDetection } from '@plantroom/detection';
import type { DeviceEvent } from '@plantroom/model';
import { expect, test } from 'vitest';
import { MisfitFacts } from './misfit-facts.ts';

const now = Date.UTC(2026, 0, 1);
const misfit = { en: 'not JSON', zh: '不是 JSON' };

test('many reports that do not fit are one alarm, told again a minute later at the soonest, which asks for one job three times an hour at most', () => {
  const panel = { id: 'panel', kind: 'fire-panel' as const };
  const detection = createDetection({
    site: 's',
    equipment: [{ ...panel, connection: 'bus', points: [], ratings: {} }],
    startedAt: now,
    newAlarmId: (identity, at) => `alarm of ${identity} at ${at}`,
    newOrderId: (alarm, again) => `order ${again ?? ''} of ${alarm}`,
  });
  const facts = new MisfitFacts();
  const hear = (at: number, equipment = 'panel') => {
    const event: DeviceEvent = {
      ...{ id: `${at}`, equipment, time: at, gatewayTime: at, category: 'fault' },
      ...{ address: '', zone: '', message: '[not JSON] {' },
    };
    const told = facts.of(event, misfit).map((fact) => detection.fact(fact));
    return { alarms: told.flatMap((t) => t.alarms), orders: told.flatMap((t) => t.orders) };
  };
  const first = hear(now);
  expect(first.alarms.at(-1)).toMatchObject({
    facts: { active: false, latched: true },
    detail: { en: 'Report not understood: [not JSON] {', zh: '报告无法识别（不是 JSON）：[not JSON] {' },
  });
  expect(first.orders).toHaveLength(1);
  for (let second = 1; second < 60; second++) expect(hear(now + second * 1000)).toEqual({ alarms: [], orders: [] });
  const again = hear(now + 60_000);
  expect(again.alarms.map((a) => a.id)).toContain(first.alarms[0]?.id);
  expect(again.orders).toMatchObject([{ alarm: first.orders[0]?.alarm }]);
  const later = Array.from({ length: 30 }, (_, n) => hear(now + (n + 2) * 60_000).orders).flat();
  expect(later).toHaveLength(1);
  expect(detection.open()).toHaveLength(1);
  expect(hear(now + 3_000_000, 'lift')).toEqual({ alarms: [], orders: [] });
});
