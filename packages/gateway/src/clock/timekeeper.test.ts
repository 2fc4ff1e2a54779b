import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Correction, SavedTime, SystemTime } from './contract.ts';
import { earliest, Timekeeper } from './timekeeper.ts';

const noon = Date.UTC(2026, 10, 28, 12);
const hour = 3_600_000;
const tenYears = 3652 * 24 * hour;
const minute = 60_000;

/** A machine whose clock shows `noon` when it has run for a minute, unless told otherwise. */
function machine({ wall = noon, synchronised = true, saved }: Partial<SystemTime> & { saved?: SavedTime } = {}) {
  const at = { wall, monotonic: minute, synchronised };
  const keeper = new Timekeeper('boot-1', at, saved);
  const corrections: object[] = [];
  const note = (correction: object | undefined) => {
    if (correction) corrections.push(correction);
  };
  note(keeper.look(at));
  return {
    keeper,
    corrections,
    at,
    now: () => keeper.timeAt(at.monotonic),
    state: () => keeper.report(at.monotonic).state,
    /** Lets time pass, a second at a time. */
    run(ms: number) {
      for (let passed = 0; passed < ms; passed += 1000) {
        at.wall += 1000;
        at.monotonic += 1000;
        note(keeper.look(at));
      }
    },
    jump(by: number) {
      at.wall += by;
      note(keeper.look(at));
    },
    /** The cloud shows this, half a round trip after the question. */
    hear(time: number, roundTrip = 100) {
      note(keeper.hear({ time: time - roundTrip / 2, sent: at.monotonic - roundTrip, received: at.monotonic }));
    },
  };
}

test.each([hour, -hour, tenYears, -tenYears])('a clock that jumps by %i ms does not move a confirmed time', (by) => {
  const m = machine();
  m.run(minute);
  const before = m.now();
  m.jump(by);
  m.run(5 * minute);
  expect(m.now() - before).toBe(5 * minute);
  expect(m.keeper.report(m.at.monotonic)).toMatchObject({
    state: 'holding',
    systemOffset: by,
    jumps: 1,
    lastJump: { at: before, by },
    doubtfulFor: 5 * minute,
  });
  // The cloud shows the time that we have: the system's clock is the one that is wrong.
  m.hear(m.now());
  m.run(minute);
  expect(m.state()).toBe('holding');
  m.jump(-by);
  expect(m.state()).toBe('synchronised');
  expect(m.now() - before).toBe(6 * minute);
  // Only the confirmation at the start.
  expect(m.corrections).toHaveLength(1);
});

test('a machine that was suspended has its time again once the cloud shows it too', () => {
  const m = machine();
  m.run(minute);
  const before = m.now();
  m.jump(hour);
  m.run(10_000);
  m.hear(before + hour + 10_000);
  expect(m.state()).toBe('synchronised');
  expect(m.now()).toBe(before + hour + 10_000);
  expect(m.corrections.at(-1)).toEqual({ from: before, to: before + 10_000, by: hour, source: 'system' });
});

test('without a cloud, an NTP client that stands by another time for a quarter of an hour is believed', () => {
  const m = machine();
  m.jump(hour);
  m.run(14 * minute);
  expect(m.now()).toBe(noon + 14 * minute);
  m.run(2 * minute);
  expect(m.now()).toBe(noon + hour + 16 * minute);
  const other = machine();
  other.at.synchronised = false;
  other.jump(hour);
  other.run(hour);
  expect(other.now()).toBe(noon + hour);
});

test('a cloud whose clock is wrong moves nothing that an NTP client has confirmed', () => {
  const m = machine();
  m.hear(noon + tenYears);
  m.run(hour);
  m.hear(noon + tenYears + hour);
  expect(m.now()).toBe(noon + hour);
  expect(m.keeper.report(m.at.monotonic)).toMatchObject({
    state: 'synchronised',
    cloudOffset: { by: tenYears, within: 50 },
  });
});

test('a start in 1970 goes on after what was saved, until the cloud tells the time', () => {
  const saved = machine().keeper.save(minute);
  const m = machine({ wall: 5000, synchronised: false, saved: { ...saved, bootId: 'boot-0' } });
  expect(m.now()).toBe(noon + minute);
  expect(m.state()).toBe('unsynchronised');
  m.run(10_000);
  expect(m.now()).toBe(noon + minute + 10_000);
  m.hear(noon + hour, 3000);
  expect(m.state()).toBe('synchronised');
  expect(m.now()).toBe(noon + hour);
  expect(m.corrections).toEqual([
    { from: noon + minute, to: noon + minute + 10_000, by: hour - minute - 10_000, source: 'cloud' },
  ]);
});

test('a start years after what was saved is none', () => {
  const saved = { ...machine().keeper.save(minute), bootId: 'boot-0' };
  const year = 365 * 24 * hour;
  expect(machine({ wall: noon + year, synchronised: false, saved }).now()).toBe(noon + year);
  expect(machine({ wall: noon + tenYears, synchronised: false, saved }).now()).toBe(noon + minute);
  expect(machine({ wall: noon + tenYears, synchronised: true, saved }).now()).toBe(noon + tenYears);
});

test('an unconfirmed time follows a clock that is set, though not to before what was saved, and an NTP client is believed', () => {
  expect(machine({ wall: 5000, synchronised: false }).now()).toBe(earliest);
  const m = machine({ wall: 5000, synchronised: false });
  m.jump(noon - 5000);
  expect(m.now()).toBe(noon);
  expect(m.state()).toBe('unsynchronised');
  m.run(3000);
  m.at.synchronised = true;
  m.jump(hour);
  expect(m.now()).toBe(noon + hour + 3000);
  expect(m.corrections).toEqual([
    { from: earliest, to: earliest, by: noon - earliest, source: 'none' },
    { from: noon, to: noon + 3000, by: hour, source: 'system' },
  ]);
  const late = machine({ synchronised: false, saved: { ...m.keeper.save(0), bootId: 'boot-0' } });
  late.jump(-hour);
  expect(late.now()).toBe(m.keeper.timeAt(0) + minute);
});

test('a process that starts again in the same run of the machine keeps its time, whatever was done to the clock', () => {
  const first = machine();
  first.run(minute);
  const saved = first.keeper.save(first.at.monotonic);
  const again = new Timekeeper('boot-1', { wall: 5000, monotonic: 3 * minute, synchronised: true }, saved);
  again.look({ wall: 5000, monotonic: 3 * minute, synchronised: true });
  expect(again.timeAt(3 * minute)).toBe(noon + 2 * minute);
  expect(again.report(3 * minute)).toMatchObject({ state: 'holding', source: 'system', jumps: 1 });
});

test('an unconfirmed time is doubtful from the first process of that run of the machine on', () => {
  const first = machine({ synchronised: false });
  first.run(minute);
  const saved = first.keeper.save(first.at.monotonic);
  const again = new Timekeeper(
    'boot-1',
    { wall: noon + 2 * minute, monotonic: 3 * minute, synchronised: false },
    saved,
  );
  const told = again.hear({ time: noon + hour, sent: 3 * minute, received: 3 * minute });
  expect(told).toEqual({ from: noon, to: noon + 2 * minute, by: hour - 2 * minute, source: 'cloud' });
});

test('without an NTP client time follows the cloud in small steps, and in a large one only when it is not alone', () => {
  const m = machine({ synchronised: false });
  m.hear(noon);
  expect(m.corrections).toEqual([{ from: noon, to: noon, by: 0, source: 'cloud' }]);
  m.run(minute);
  m.hear(noon + minute + 800);
  expect(m.now()).toBe(noon + minute + 750);
  m.hear(noon + tenYears);
  expect(m.state()).toBe('holding');
  m.run(5000);
  m.hear(noon + minute + 5800);
  expect(m.state()).toBe('synchronised');
  // An answer that took too long says nothing.
  m.hear(noon + hour, 60_000);
  expect(m.state()).toBe('synchronised');
  m.run(16 * minute);
  m.hear(noon + 10 * hour);
  m.run(16 * minute);
  m.hear(noon + 10 * hour + 16 * minute);
  expect(m.now()).toBe(noon + 10 * hour + 16 * minute);
});

test('what a monotonic clock drifts in weeks without a word is no jump of the cloud’s clock', () => {
  const m = machine({ synchronised: false });
  m.hear(noon);
  const weeks = 21 * 24 * hour;
  m.at.wall += weeks;
  m.at.monotonic += weeks;
  m.hear(noon + weeks + 90_000);
  expect(m.state()).toBe('synchronised');
  // Followed as far as the answer proves, half its round trip short.
  expect(m.now()).toBe(noon + weeks + 90_000 - 50);
  m.hear(noon + weeks + 180_000);
  expect(m.state()).toBe('holding');
});

test('a clock that is slewed is followed', () => {
  const m = machine();
  for (let n = 0; n < 60; n++) m.jump(30);
  expect(m.now()).toBe(noon + 1800);
  expect(m.keeper.report(m.at.monotonic)).toMatchObject({ state: 'synchronised', jumps: 0 });
});

test('whatever the clocks show, gateway time steps by a second or more only when that is told, and by as much as is told', () => {
  const span = fc.oneof(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -tenYears, max: tenYears }));
  const step = fc.oneof(
    fc.record({ run: fc.integer({ min: 1, max: 20 * minute }) }),
    fc.record({ jump: span }),
    fc.record({ mark: fc.boolean() }),
    fc.record({ cloud: fc.oneof(fc.constant(0), span), trip: fc.integer({ min: 0, max: 12_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, synchronised) => {
      const at = { wall: noon, monotonic: minute, synchronised };
      const keeper = new Timekeeper('boot-1', at);
      let base = keeper.base;
      const check = (correction: Correction | undefined) => {
        const stepped = keeper.base - base;
        base = keeper.base;
        if (correction) expect(Math.abs(stepped - correction.by)).toBeLessThanOrEqual(0.5);
        else expect(Math.abs(stepped)).toBeLessThan(1000 + 1e-4 * at.monotonic);
        expect(keeper.timeAt(at.monotonic)).toBeGreaterThanOrEqual(earliest);
      };
      for (const one of steps) {
        if ('run' in one) {
          at.wall += one.run;
          at.monotonic += one.run;
        } else if ('jump' in one) at.wall += one.jump;
        else if ('mark' in one) at.synchronised = one.mark;
        else {
          at.wall += one.trip;
          at.monotonic += one.trip;
          const time = noon + at.monotonic + one.cloud;
          check(keeper.hear({ time, sent: at.monotonic - one.trip, received: at.monotonic }));
        }
        check(keeper.look(at));
        const saved = keeper.save(at.monotonic);
        expect(new Timekeeper('boot-1', at, saved).timeAt(at.monotonic)).toBe(keeper.timeAt(at.monotonic));
      }
    }),
    { numRuns: 500 },
  );
});
