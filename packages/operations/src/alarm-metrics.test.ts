import type { AlarmState } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlarmTurn, alarmMetrics } from './alarm-metrics.ts';

const hour = 3_600_000;
const states: Readonly<Record<string, AlarmState>> = {
  raise: 'unacknowledged',
  clear: 'normal',
  acknowledge: 'acknowledged',
};
/** `second input identity`, such as `10 raise a`. */
const turns = (...lines: string[]): AlarmTurn[] =>
  lines.map((line) => {
    const [second, input = '', identity = '', to = states[input]] = line.split(' ');
    return { time: Number(second) * 1000, input, identity, alarm: identity, priority: 3, to } as AlarmTurn;
  });
const every = (from: number, step: number, count: number, name = (n: number) => `x${n}`) =>
  Array.from({ length: count }, (_, n) => `${from + n * step} raise ${name(n)}`);

describe('metrics of alarms', () => {
  it('of a quiet period are nothing', () => {
    expect(alarmMetrics([], 0, 24 * hour)).toMatchObject({
      alarms: 0,
      perHour: 0,
      floods: [],
      topTen: [],
      topTenShare: 0,
    });
  });

  it('count what was shown, by day, hour and ten minutes', () => {
    const metrics = alarmMetrics(turns(...every(0, 600, 12), '50 raise hidden suppressed'), 0, 2 * hour);
    expect(metrics).toMatchObject({ alarms: 12, perDay: 144, perHour: 6, perTenMinutes: 1, mostInTenMinutes: 1 });
  });

  it('know a flood: more than 10 in ten minutes, until fewer than 5', () => {
    const busy = [...every(0, 50, 11), ...every(600, 100, 6), ...every(1200, 140, 4), ...every(1800, 10, 20)];
    const metrics = alarmMetrics(turns(...busy), 0, hour);
    expect(metrics.floods).toEqual([
      { from: 0, to: 1_200_000, alarms: 17 },
      { from: 1_800_000, to: 2_400_000, alarms: 20 },
    ]);
    expect(metrics.floodShare).toBeCloseTo(0.5);
    expect(metrics.tenMinutesAboveTen).toBeCloseTo(2 / 6);
    expect(metrics.hoursAboveThirty).toBe(1);
  });

  it('find the busiest ten minutes wherever they begin', () => {
    expect(alarmMetrics(turns(...every(550, 10, 12)), 0, hour)).toMatchObject({ mostInTenMinutes: 12, floods: [] });
  });

  it('name the ten that make the load', () => {
    const load = every(0, 60, 40, (n) => (n < 20 ? 'often' : `once-${n}`));
    const { topTen, topTenShare } = alarmMetrics(turns(...load), 0, hour);
    expect(topTen[0]).toEqual({ identity: 'often', alarms: 20, share: 0.5 });
    expect(topTen).toHaveLength(10);
    expect(topTenShare).toBeCloseTo(29 / 40);
  });

  it('tell chattering, fleeting and stale alarms', () => {
    const metrics = alarmMetrics(
      turns(
        '-90000 raise old',
        '0 raise a',
        '5 clear a',
        '59 raise a',
        '100 raise b',
        '161 clear b',
        '170 raise b',
        '300 raise c',
        '309 clear c',
      ),
      0,
      hour,
    );
    expect(metrics.chattering).toEqual(['a']);
    expect(metrics.fleeting).toBe(2);
    expect(metrics.stale).toEqual([{ identity: 'old', since: -90_000_000 }]);
    expect(alarmMetrics(turns('-90000 raise old', '-80000 clear old'), 0, hour).stale).toEqual([]);
  });

  it('tell how long it took until somebody had seen them', () => {
    const metrics = alarmMetrics(
      turns('0 raise a', '10 raise b', '20 raise c', '30 acknowledge a', '40 acknowledge a', '100 acknowledge b'),
      0,
      hour,
    );
    expect(metrics.toAcknowledge).toEqual({ median: 30_000, ninetieth: 90_000 });
    expect(metrics.unacknowledged).toBe(1);
    expect(alarmMetrics(turns('0 raise a'), 0, hour)).toMatchObject({ toAcknowledge: null, unacknowledged: 1 });
  });

  it('do not count what is hidden, and count it from when it is shown', () => {
    const hidden = ['0 raise a suppressed', '5 clear a suppressed', '10 raise a suppressed', '15 clear a suppressed'];
    expect(alarmMetrics(turns(...hidden, '20 unsuppress a normal'), 0, hour)).toMatchObject({
      ...{ alarms: 0, chattering: [], fleeting: 0, unacknowledged: 0 },
    });
    const old = turns('-100000 raise a suppressed', '-100000 raise b', '-90000 shelve b shelved');
    expect(alarmMetrics(old, 0, hour).stale).toEqual([]);
    const again = [...old, ...turns('10 unsuppress a unacknowledged', '10 unshelve b unacknowledged')];
    const metrics = alarmMetrics([...again, ...turns('40 acknowledge a')], 0, hour);
    expect(metrics.stale).toEqual([{ identity: 'b', since: -100_000_000 }]);
    expect(metrics).toMatchObject({ alarms: 1, toAcknowledge: { median: 30_000 }, unacknowledged: 0 });
    const work = every(0, 1, 20).map((line) => `${line} suppressed`);
    const end = every(1000, 0, 20).map((line) => `${line.replace('raise', 'unsuppress')} unacknowledged`);
    const told = alarmMetrics(turns(...work, ...end), 0, hour);
    expect(told).toMatchObject({ alarms: 20, mostInTenMinutes: 20, unacknowledged: 20 });
    expect(told.floods).toHaveLength(1);
  });

  it('do not wait for what was withdrawn, and see what returns just after the period begins', () => {
    expect(alarmMetrics(turns('0 raise a', '9 withdraw a normal'), 0, hour).unacknowledged).toBe(0);
    const border = turns('-5 raise a', '2 clear a returned-unacknowledged');
    expect([alarmMetrics(border, 0, hour).fleeting, alarmMetrics(border, -hour, 0).fleeting]).toEqual([1, 0]);
  });

  it('add up, whatever happened', () => {
    const turn = fc
      .tuple(
        fc.integer({ min: 0, max: 7199 }),
        fc.constantFrom('raise', 'clear', 'acknowledge'),
        fc.constantFrom(...'abcdefghijkl'),
      )
      .map(([second, input, identity]) => [second, input, identity] as const);
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 200 }), (list) => {
        const sorted = [...list].sort((a, b) => a[0] - b[0]).map((t) => t.join(' '));
        const metrics = alarmMetrics(turns(...sorted), 0, 2 * hour);
        expect(metrics.perHour * 2).toBeCloseTo(metrics.alarms);
        expect(metrics.mostInTenMinutes).toBeLessThanOrEqual(metrics.alarms);
        expect(metrics.topTenShare).toBeLessThanOrEqual(1 + 1e-9);
        expect(metrics.floodShare).toBeLessThanOrEqual(1);
        expect(metrics.unacknowledged).toBeGreaterThanOrEqual(0);
        const sum = metrics.priorities.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(metrics.alarms > 0 ? 1 : 0);
      }),
    );
  });
});
