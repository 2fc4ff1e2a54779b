import { describe, expect, test } from 'vitest';
import { equipment } from '../../mock/building.ts';
import { createRecords, neighboursOf } from '../../mock/records.ts';
import { tokenOf } from '../pages/sign-in-page.tsx';
import { alarmsAnHour, byUrgency, foldAlarms } from './alarms.ts';
import { isInService, liftNow, numberOf } from './lift.ts';
import { paths } from './paths.ts';
import { find } from './search.ts';

const now = Date.parse('2026-11-21T06:00:00Z');
const records = createRecords(now);
const searched = { equipment, ...records };

describe('the search', () => {
  test('finds machines by the words of either language', () => {
    expect(find('booster 2', searched)[0]).toMatchObject({ type: 'equipment', equipment: { id: 'booster-2' } });
    expect(find('屋顶', searched)[0]).toMatchObject({ equipment: { id: 'roof-tank' } });
  });

  test('finds orders by number and alarms by what is wrong', () => {
    expect(find('wo-1041', searched)).toMatchObject([{ type: 'order', order: { number: 'WO-1041' } }]);
    expect(find('attempts', searched)).toMatchObject([{ type: 'alarm' }]);
  });

  test('starts with what is wrong, and finds nothing for nonsense', () => {
    expect(find('', searched)[0]?.type).toBe('alarm');
    expect(find('zebra', searched)).toEqual([]);
  });
});

describe('alarms', () => {
  test('are read by urgency, then the newest', () => {
    expect(byUrgency(records.alarms).map((alarm) => alarm.equipment)).toEqual([
      'elevator-5',
      'fire-panel',
      'booster-2',
    ]);
  });

  test('are folded under what explains them or came first, the urgent ones never', () => {
    const [door, ...rest] = records.alarms;
    const [explained, after, shelved] = neighboursOf(records.alarms, now);
    if (!door || !explained || !after || !shelved) throw new Error('the mock has no such alarms');
    const urgent = { ...after, id: 'al-urgent', priority: 2 as const };
    const deep = { ...explained, id: 'al-deep', suppression: { alarm: explained.id, reason: 'explained-by x' } };
    const lost = { ...explained, id: 'al-lost', suppression: { alarm: 'over', reason: 'explained-by x' } };
    const folded = foldAlarms([door, ...rest, explained, after, shelved, urgent, deep, lost]);
    expect(folded.find(({ alarm }) => alarm === door)?.under.map((each) => each.id)).toEqual([
      ...['al-run-time', 'al-tank', 'al-deep'],
    ]);
    expect(folded.map(({ alarm }) => alarm.id)).toEqual(
      [door, ...rest, shelved, urgent, lost].map((alarm) => alarm.id),
    );
    const [a, b] = [explained, deep].map((each, n, all) => ({
      ...each,
      suppression: { alarm: all[1 - n]?.id ?? '', reason: 'each the other' },
    }));
    expect(a && b && foldAlarms([a, b])).toHaveLength(2);
  });

  test('of today count for the hour', () => {
    // 14:00 in Shanghai; two of the three are of today.
    expect(alarmsAnHour(records.alarms, 'Asia/Shanghai', now)).toBeCloseTo(2 / 14);
  });
});

describe('lifts', () => {
  const lift = (values: Record<string, number>, age = 0) =>
    liftNow((point) => {
      const value = values[point];
      if (value === undefined) return undefined;
      return {
        ...{ site: 's', equipment: 'e', point, time: now, gatewayTime: now, changedAt: now, stale: false },
        ...{ value, quality: 'good', reason: null, heardAt: now - age, staleAfter: 60_000 },
      };
    }, now);

  test('serve people in normal mode, without an urgent alarm, while heard of', () => {
    expect(isInService(lift({ floor: 3, mode: 1 }), null)).toBe(true);
    expect(isInService(lift({ floor: 3, mode: 12 }), null)).toBe(false);
    expect(isInService(lift({ floor: 3, mode: 1 }), 2)).toBe(false);
    expect(isInService(lift({ floor: 3, mode: 1 }, 70_000), null)).toBe(false);
  });

  test('that are too old have no position', () => {
    expect(lift({ floor: 3 }, 70_000)).toMatchObject({ floor: undefined, isSilent: true });
    expect(lift({ floor: 3, direction: 2 })).toMatchObject({ floor: 3, direction: 'up', isSilent: false });
  });

  test('are known by their number', () => expect(numberOf({ id: 'elevator-12' }, 1)).toBe(12));
});

test.each([
  ['#token=abc', 'abc'],
  ['https://host:8080/sign-in#token=abc', 'abc'],
  [' abc ', 'abc'],
  ['', undefined],
  ['#', undefined],
])('the token in %j', (text, token) => expect(tokenOf(text)).toBe(token));

test('addresses of pages', () => {
  expect({
    site: paths.site('a'),
    equipment: paths.equipment('a', 'b'),
    alarm: paths.alarm('a', 'x|y'),
    order: paths.order('a', 'o:1'),
  }).toEqual({
    site: '/sites/a',
    equipment: '/sites/a/equipment/b',
    alarm: '/sites/a/alarms?alarm=x%7Cy',
    order: '/sites/a/orders/o%3A1',
  });
});
