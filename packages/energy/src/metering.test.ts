import { type Interval, intervalLength } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetering } from './metering.ts';
import type { Meter, RegisterReading } from './types.ts';

const start = Date.parse('2026-03-02T00:00:00Z');
const minutes = (n: number) => start + n * 60_000;

function reading(minute: number, value: number | null, quality: RegisterReading['quality'] = 'good'): RegisterReading {
  return { equipment: 'm', time: minutes(minute), value, quality };
}

function run(readings: RegisterReading[], meter: Partial<Meter> = {}) {
  const metering = createMetering({ timezone: 'Asia/Shanghai', meters: [{ id: 'm', ...meter }] });
  return readings.flatMap((r) => metering.reading(r));
}

const short = (i: Interval) => [(i.start - start) / 60_000, i.kWh, i.status, i.reason ?? '', i.revision];

describe('intervals from a register', () => {
  it('lie on quarter hours and are the register differences, on the line between readings around a boundary', () => {
    const out = run([
      reading(0, 100),
      reading(10, 101),
      reading(20, 102),
      reading(30, 104),
      reading(40, 104.5),
      reading(46, 105),
    ]);
    expect(out.map(short)).toEqual([
      [0, 1.5, 'measured', '', 1],
      [15, 2.5, 'measured', '', 1],
      [30, 0.916667, 'measured', '', 1],
    ]);
  });

  it('call the first, incomplete quarter hour partial', () => {
    expect(run([reading(5, 50), reading(15, 51)]).map(short)).toEqual([[0, 1, 'estimated', 'partial', 1]]);
  });

  it('spread a gap over its quarter hours, never as a spike', () => {
    const out = run([reading(0, 10), reading(15, 11), reading(75, 19), reading(90, 20)]);
    expect(out.map(short)).toEqual([
      [0, 1, 'measured', '', 1],
      [15, 2, 'estimated', 'gap', 1],
      [30, 2, 'estimated', 'gap', 1],
      [45, 2, 'estimated', 'gap', 1],
      [60, 2, 'estimated', 'gap', 1],
      [75, 1, 'measured', '', 1],
    ]);
  });

  it('count on through a rollover', () => {
    const out = run([reading(0, 999_990), reading(15, 999_995), reading(30, 5), reading(45, 15)], {
      registerMaximum: 1_000_000,
    });
    expect(out.map(short)).toEqual([
      [0, 5, 'measured', '', 1],
      [15, 10, 'measured', 'rollover', 1],
      [30, 10, 'measured', '', 1],
    ]);
  });

  it('count what a reset register shows, and nothing across a replaced meter', () => {
    expect(run([reading(0, 5000), reading(15, 5001), reading(30, 0.5), reading(45, 2)]).map(short)).toEqual([
      [0, 1, 'measured', '', 1],
      [15, 0.5, 'estimated', 'reset', 1],
      [30, 1.5, 'measured', '', 1],
    ]);
    expect(run([reading(0, 5000), reading(15, 5001), reading(30, 1200), reading(45, 1202)]).map(short)).toEqual([
      [0, 1, 'measured', '', 1],
      [15, 0, 'estimated', 'replacement', 1],
      [30, 2, 'measured', '', 1],
    ]);
  });

  it('let a single wild reading go', () => {
    const readings = [reading(0, 100), reading(14, 101), reading(16, 3), reading(30, 102), reading(45, 103)];
    expect(run(readings).reduce((sum, i) => sum + (i.kWh ?? 0), 0)).toBe(3);
    const upward = [reading(0, 100), reading(14, 101), reading(16, 999_999), reading(30, 102), reading(45, 103)];
    expect(run(upward, { maximumPower: 100 }).reduce((sum, i) => sum + (i.kWh ?? 0), 0)).toBe(3);
  });

  it('ignore readings without a trustworthy value', () => {
    const out = run([
      reading(0, 1),
      reading(7, null, 'bad'),
      reading(8, Number.NaN),
      reading(9, 0, 'bad'),
      reading(15, 2),
    ]);
    expect(out.map(short)).toEqual([[0, 1, 'measured', '', 1]]);
  });

  it('are corrected by a late reading with a higher revision', () => {
    const metering = createMetering({ timezone: 'UTC', meters: [{ id: 'm' }] });
    for (const r of [reading(0, 0), reading(60, 8)]) metering.reading(r);
    const corrected = metering.reading(reading(15, 5));
    expect(corrected.map(short)).toEqual([
      [0, 5, 'measured', '', 2],
      [15, 1, 'estimated', 'gap', 2],
      [30, 1, 'estimated', 'gap', 2],
      [45, 1, 'estimated', 'gap', 2],
    ]);
  });

  it('are missing when nothing comes, and filled in when it does', () => {
    const metering = createMetering({ timezone: 'UTC', meters: [{ id: 'm' }] });
    for (const r of [reading(0, 0), reading(15, 1)]) metering.reading(r);
    expect(metering.tick(minutes(44))).toEqual([]);
    expect(metering.tick(minutes(45)).map(short)).toEqual([[15, null, 'missing', 'gap', 1]]);
    expect(metering.tick(minutes(46))).toEqual([]);
    expect(metering.reading(reading(45, 3)).map(short)).toEqual([
      [15, 1, 'estimated', 'gap', 2],
      [30, 1, 'estimated', 'gap', 1],
    ]);
  });
});

const pattern = fc.array(fc.record({ wait: fc.integer({ min: 1, max: 200 }), kWh: fc.integer({ min: 0, max: 50 }) }), {
  minLength: 2,
  maxLength: 60,
});

function readingsOf(steps: { wait: number; kWh: number }[]): RegisterReading[] {
  let [time, value] = [0, 1000];
  return steps.map(({ wait, kWh }) => {
    time += wait;
    value += kWh;
    return reading(time, value);
  });
}

/** The newest revision of each interval. */
function final(out: Interval[]): Map<number, Interval> {
  const kept = new Map<number, Interval>();
  for (const i of out) if ((kept.get(i.start)?.revision ?? 0) < i.revision) kept.set(i.start, i);
  return kept;
}

describe('whatever the pattern of readings', () => {
  it('the sum of the intervals is the difference of the register up to the last boundary', () => {
    fc.assert(
      fc.property(pattern, (steps) => {
        const readings = [...readingsOf(steps)];
        const lastTime = readings.at(-1)?.time ?? 0;
        const closing = Math.ceil((lastTime + 1) / intervalLength) * intervalLength;
        const end = (readings.at(-1)?.value ?? 0) + 7;
        const out = run([...readings, { equipment: 'm', time: closing, value: end, quality: 'good' }]);
        const sum = [...final(out).values()].reduce((total, i) => total + (i.kWh ?? 0), 0);
        expect(sum).toBeCloseTo(end - (readings[0]?.value ?? 0), 4);
      }),
    );
  });

  it('a restart at any point changes nothing', () => {
    fc.assert(
      fc.property(pattern, fc.nat(), (steps, cut) => {
        const readings = readingsOf(steps);
        const options = { timezone: 'UTC', meters: [{ id: 'm' }] };
        const at = cut % readings.length;
        const first = createMetering(options);
        const before = readings.slice(0, at).flatMap((r) => first.reading(r));
        const second = createMetering({ ...options, initial: JSON.parse(JSON.stringify(first.state())) });
        const after = readings.slice(at).flatMap((r) => second.reading(r));
        expect([...before, ...after]).toEqual(run(readings));
      }),
    );
  });

  it('no interval is published twice at one revision, and revisions count up', () => {
    fc.assert(
      fc.property(pattern, fc.infiniteStream(fc.nat({ max: 5 })), (steps, swaps) => {
        const readings = readingsOf(steps);
        const shuffled = readings
          .map((r, i) => ({ r, key: i + (swaps.next().value ?? 0) }))
          .sort((a, b) => a.key - b.key)
          .map(({ r }) => r);
        const seen = new Map<number, number>();
        for (const i of run(shuffled)) {
          expect(i.revision).toBe((seen.get(i.start) ?? 0) + 1);
          seen.set(i.start, i.revision);
        }
      }),
    );
  });
});
