import { createDetection } from '@plantroom/detection';
import { expect, test } from 'vitest';
import { certificateFacts } from './certificate-watch.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const lift = { id: 'lift-1', kind: 'elevator' as const };

test('a certificate is told 30 days before its end, on one equipment, until a newer one is there', () => {
  const detection = createDetection({
    site: 's',
    equipment: [{ ...lift, connection: 'lifts', points: [], ratings: {} }],
    startedAt: now,
    newAlarmId: (identity) => `alarm of ${identity}`,
    newOrderId: (alarm) => `order of ${alarm}`,
  });
  const look = (at: number, notAfter: number) => {
    const certificates = [
      { whose: 'server' as const, notAfter },
      { whose: 'own' as const, notAfter: now + 999 * day },
    ];
    return certificateFacts([{ id: 'lifts', equipment: lift, certificates }], at).map((fact) => detection.fact(fact));
  };
  const end = now + 40 * day;
  expect(look(now, end).flatMap((r) => r.alarms)).toEqual([]);
  const told = look(now + 11 * day, end);
  expect(told.flatMap((r) => r.alarms)).toMatchObject([
    {
      fault: 'elevator.certificate-expiring',
      subject: 'server',
      priority: 3,
      detail: { en: expect.stringContaining('2026-02-10') },
    },
  ]);
  expect(told.flatMap((r) => r.orders)).toHaveLength(1);
  expect(look(now + 12 * day, end).flatMap((r) => [...r.alarms, ...r.orders])).toEqual([]);
  expect(look(now + 41 * day, end).flatMap((r) => r.alarms)).toMatchObject([
    { detail: { en: expect.stringContaining('ended on') } },
  ]);
  const renewed = look(now + 42 * day, now + 400 * day).flatMap((r) => r.alarms);
  expect(renewed.at(-1)).toMatchObject({ facts: { active: false } });
});
