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

describe('a clock that was wrong', () => {
  const hour = 60;
  const tenYears = 10 * 365 * 24 * hour;
  const meters = [{ id: 'm' }];

  /** A reading each minute, 1 kWh each; from minute `from` to `to` the clock is wrong by `off` minutes. Both steps are told. */
  function runWrong(from: number, to: number, off: number, end: number) {
    const metering = createMetering({ timezone: 'UTC', meters });
    const out: Interval[] = [];
    for (let minute = 0; minute <= end; minute++) {
      if (minute === from) out.push(...metering.move(minutes(from), off * 60_000, minutes(from + off)));
      if (minute === to) out.push(...metering.move(minutes(from + off), -off * 60_000, minutes(to)));
      const named = minute >= from && minute < to ? minute + off : minute;
      out.push(...metering.reading(reading(named, 100 + minute)), ...metering.tick(minutes(named)));
    }
    return out;
  }
  const within = (out: Interval[], end: number) =>
    [...final(out).values()]
      .filter((i) => i.start >= start && i.start < minutes(end))
      .sort((a, b) => a.start - b.start);

  it.each([hour, -hour, tenYears, -tenYears, 7, -7])('by %i minutes splits and doubles no interval', (off) => {
    const end = 8 * hour;
    const out = runWrong(5 * hour + 3, 5 * hour + 50, off, end);
    const inTime = within(out, end);
    expect(inTime.map((i) => [(i.start - start) / 60_000, i.kWh])).toEqual(
      Array.from({ length: 32 }, (_, n) => [n * 15, 15]),
    );
    expect([...final(out).values()].filter((i) => !inTime.includes(i)).every((i) => i.kWh === null)).toBe(true);
    expect(inTime.slice(20, 23).every((i) => i.status === 'estimated')).toBe(true);
    expect(inTime.slice(26).every((i) => i.status === 'measured')).toBe(true);
  });

  it('at a start after a power cut leaves a gap that is spread, wherever the time had been', () => {
    for (const off of [-2 * hour + 2, -30, 3 * hour, tenYears]) {
      const metering = createMetering({ timezone: 'UTC', meters });
      const out: Interval[] = [];
      for (let minute = 0; minute <= 8 * hour; minute++) {
        if (minute > 3 * hour && minute < 5 * hour) continue;
        if (minute === 6 * hour) out.push(...metering.move(minutes(5 * hour + off), -off * 60_000, minutes(minute)));
        const named = minute >= 5 * hour && minute < 6 * hour ? minute + off : minute;
        out.push(...metering.reading(reading(named, 100 + minute)), ...metering.tick(minutes(named)));
      }
      expect(within(out, 8 * hour).map((i) => i.kWh)).toEqual(Array.from({ length: 32 }, () => 15));
    }
  });

  it('before a restart keeps no reading back until that time comes', () => {
    const before = createMetering({ timezone: 'UTC', meters });
    for (let minute = 0; minute <= 40; minute++) before.reading(reading(tenYears + minute, 100 + minute));
    const after = createMetering({ timezone: 'UTC', meters, initial: JSON.parse(JSON.stringify(before.state())) });
    expect(after.move(Number.POSITIVE_INFINITY, 0, minutes(60))).toEqual([]);
    const out: Interval[] = [];
    for (let minute = 60; minute <= 120; minute++) out.push(...after.reading(reading(minute, 200 + minute)));
    expect(out.map((i) => i.kWh)).toEqual([15, 15, 15, 15]);
  });

  it('changes nothing where nothing is wrong', () => {
    const metering = createMetering({ timezone: 'UTC', meters });
    for (let minute = 0; minute <= 40; minute++) metering.reading(reading(minute, 100 + minute));
    const state = JSON.stringify(metering.state());
    expect(metering.move(Number.POSITIVE_INFINITY, 0, minutes(41))).toEqual([]);
    expect(JSON.stringify(metering.state())).toBe(state);
  });

  it('at any moment, for any time, leaves the sum of the intervals what the register says', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.oneof(
          fc.integer({ min: -400, max: 400 }),
          fc.integer({ min: 0, max: 3500 }),
          fc.integer({ min: -tenYears, max: tenYears }),
        ),
        (from, length, off) => {
          const end = from + length + Math.min(Math.abs(off), 4000) + 60;
          const closed = Math.floor(end / 15) * 15;
          // What a wrong time has spread over days that are still to come is replaced when they come.
          const newest = [...final(runWrong(from + 1, from + 1 + length, off, end)).values()].filter(
            (i) => i.start < minutes(closed),
          );
          expect(newest.reduce((sum, i) => sum + (i.kWh ?? 0), 0)).toBeCloseTo(closed, 4);
        },
      ),
      { numRuns: 40 },
    );
  });
});
