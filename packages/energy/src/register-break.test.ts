import { type Interval, intervalLength } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { createMetering } from './metering.ts';
import { classifyBreak } from './register-break.ts';
import type { Meter } from './types.ts';

const start = Date.parse('2026-03-02T00:00:00Z');
type Row = readonly [minute: number, kWh: number];

function run(rows: readonly Row[], meter: Omit<Meter, 'id'> = {}): Interval[] {
  const metering = createMetering({ timezone: 'Asia/Kolkata', meters: [{ id: 'm', ...meter }] });
  return rows.flatMap(([minute, value]) =>
    metering.reading({ equipment: 'm', time: start + minute * 60_000, value, quality: 'good' }),
  );
}
const short = (i: Interval) => [(i.start - start) / 60_000, i.kWh, i.status, i.reason ?? ''];

describe('a register that went back', () => {
  const quarter = intervalLength;
  it.each([
    ['at its stated end', { id: 'm', registerMaximum: 1_000_000 }, 999_995, 5, { reason: 'rollover', used: 10 }],
    ['at a power of ten', { id: 'm' }, 99_998, 4, { reason: 'rollover', used: 6 }],
    ['to nothing', { id: 'm' }, 54_321, 0.5, { reason: 'reset', used: 0.5 }],
    ['to nothing from 97 % of a power of ten', { id: 'm' }, 97_000, 0, { reason: 'reset', used: 0 }],
    ['to nothing from a small figure', { id: 'm' }, 980, 0.5, { reason: 'reset', used: 0.5 }],
    ['to another figure', { id: 'm' }, 54_321, 1200, { reason: 'replacement', used: 0 }],
  ] as const)('%s', (_, meter, before, after, expected) => {
    expect(classifyBreak(meter, before, after, quarter)).toEqual(expected);
  });
});

describe('an interval', () => {
  it('is never a spike, however wild a single reading is', () => {
    const rows: Row[] = [
      [0, 100],
      [5, 101],
      [6, 88_888_888],
      [7, 101.5],
      [15, 102],
    ];
    expect(run(rows).map(short)).toEqual([[0, 2, 'measured', '']]);
  });

  it('is missing while nobody knows: between the readings of two meters', () => {
    const rows: Row[] = [
      [0, 5000],
      [15, 5001],
      [60, 1200],
      [75, 1202],
    ];
    expect(run(rows).map(short)).toEqual([
      [0, 1, 'measured', ''],
      [15, null, 'missing', 'replacement'],
      [30, null, 'missing', 'replacement'],
      [45, null, 'missing', 'replacement'],
      [60, 2, 'measured', ''],
    ]);
  });

  it('is an estimate when the register rolled over in a gap, and the sum is right', () => {
    const rows: Row[] = [
      [0, 99_990],
      [60, 6],
      [75, 10],
    ];
    const out = run(rows);
    expect(out.slice(0, 4).map((i) => [i.status, i.reason])).toEqual(Array(4).fill(['estimated', 'rollover']));
    expect(out.reduce((sum, i) => sum + (i.kWh ?? 0), 0)).toBeCloseTo(20, 6);
  });

  it('is measured by a 15-minute meter that is some minutes late now and then', () => {
    const rows: Row[] = [
      [7, 10],
      [22, 12],
      [39, 14],
      [52, 16],
      [67, 18],
    ];
    expect(run(rows).map((i) => i.status)).toEqual(['estimated', 'measured', 'measured', 'measured']);
  });
});
