import { describe, expect, it } from 'vitest';
import { judge, type StoredValue } from './oracle.ts';
import { meters, points, type Told, toldValue } from './source.ts';

const start = Date.UTC(2026, 4, 12);
const told = new Map(
  meters.map((meter) => [
    meter,
    new Map(
      Array.from({ length: 50 }, (_, n): [number, Told] => [n, { time: start + n * 200, taken: start + n * 200 }]),
    ),
  ]),
);
const all: StoredValue[] = meters.flatMap((meter) =>
  points.flatMap((point) =>
    [...(told.get(meter) ?? [])].map(([n, { time }]) => ({
      ...{ meter, point, time, value: toldValue(meter, point, n), quality: 0 },
      ...{ minimum: toldValue(meter, point, n), maximum: toldValue(meter, point, n), count: 1 },
    })),
  ),
);
const question = { told, spans: [[start, start + 20_000]] as const, falls: [] };
const clean = { produced: 600, stored: 600, lost: 0, duplicated: 0, misattributed: 0, summed: 0 };
const but = (at: number, change: Partial<StoredValue>) => all.map((row, n) => (n === at ? { ...row, ...change } : row));

describe('the oracle', () => {
  it('finds nothing wrong with what is as it was told', () => expect(judge(all, question)).toEqual(clean));

  it('finds a sample that is missing', () =>
    expect(judge(all.slice(1), question)).toEqual({ ...clean, stored: 599, lost: 1 }));

  it('allows what was under way when the gateway went down, and no more', () => {
    const falls = [start + 5000];
    const without = (n: number) => all.filter((row) => row.time !== start + n * 200);
    expect(judge(without(20), { ...question, falls }).lost).toBe(0);
    expect(judge(without(4), { ...question, falls }).lost).toBe(12);
    expect(judge(without(26), { ...question, falls }).lost).toBe(12);
    const late = new Map(
      [...told].map(([meter, all]) => [meter, new Map([...all].map(([n, t]) => [n, { ...t, taken: t.time + 50 }]))]),
    );
    expect(judge(without(25), { ...question, told: late, falls: [start + 5020] }).lost).toBe(0);
  });

  it('finds a sample that is there twice, at one time or another', () => {
    expect(judge([...all, ...all.slice(0, 2)], question).duplicated).toBe(2);
    const moved = { ...all[7], time: start + 7 * 200 + 1 } as StoredValue;
    expect(judge([...all, moved], question).misattributed).toBe(1);
  });

  it.each<[string, Partial<StoredValue>]>([
    ['another point', { point: 'reactivePower' }],
    ['another meter', { meter: 'm2' }],
    ['another time', { time: start + 9 * 200 }],
    ['a bit that changed', { value: toldValue('m1', 'power', 3) + 2 ** -20 }],
    ['a value that nobody told', { value: toldValue('m1', 'power', 70) }],
  ])('finds %s', (_, change) =>
    expect(judge(but(3, change), question)).toEqual({ ...clean, stored: 599, lost: 1, misattributed: 1 }),
  );

  it('takes what stands for a run of samples for them, once, and sees when it cannot', () => {
    const [first, last] = [toldValue('m1', 'power', 10), toldValue('m1', 'power', 15)];
    const row = { ...(all[10] as StoredValue), value: (first + last) / 2, minimum: first, maximum: last, count: 6 };
    const rest = [...all.slice(0, 10), ...all.slice(16)];
    const thinned = { ...clean, stored: 594, summed: 6 };
    expect(judge([row, ...rest], question)).toEqual(thinned);
    expect(judge([row, ...all.slice(0, 10), ...all.slice(15)], question)).toMatchObject({ duplicated: 1, lost: 0 });
    expect(judge([row, row, ...rest], question).duplicated).toBe(6);
    for (const wrong of [{ time: row.time + 1 }, { count: 7 }, { maximum: toldValue('m2', 'power', 15) }, { value: 0 }])
      expect(judge([{ ...row, ...wrong }, ...rest], question)).toMatchObject({ misattributed: 1, lost: 6 });
  });

  it('takes the time of a gateway whose clock is wrong for right when it says so', () => {
    const hour = 3_600_000;
    const wrong = { time: start + 600 + hour };
    const clockErrors = [hour];
    expect(judge(but(3, { ...wrong, quality: 100 }), { ...question, clockErrors })).toEqual(clean);
    expect(judge(but(3, wrong), { ...question, clockErrors }).misattributed).toBe(1);
    expect(judge(but(3, { ...wrong, quality: 100 }), question).misattributed).toBe(1);
  });
});
