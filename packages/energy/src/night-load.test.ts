import { type Interval, intervalLength } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { createNightLoad } from './night-load.ts';
import type { EnergyFact } from './types.ts';
import { createUsualLoad } from './usual-load.ts';

const timezone = 'Asia/Shanghai';
const midnight = Date.parse('2026-03-02T00:00:00+08:00');
const day = 86_400_000;

/** 10 kWh a quarter hour at night, 40 by day, with a little unrest; `extra` on top where it applies. */
function play(days: number, extra: (time: number) => number, from = 0) {
  const usual = createUsualLoad({ timezone });
  const night = createNightLoad({ timezone, expected: usual.expected });
  const facts: EnergyFact[] = [];
  for (let start = midnight; start < midnight + days * day; start += intervalLength) {
    const slot = Math.floor((start - midnight) / intervalLength) % 96;
    const kWh = (slot > 28 && slot < 80 ? 40 : 10) + ((start / intervalLength) % 5) * 0.1 + extra(start);
    const interval: Interval = { equipment: 'm', start, kWh, status: 'measured', revision: 1 };
    facts.push(...night.interval(interval));
    usual.add(interval);
  }
  return { facts: facts.filter((f) => f.time >= from), usual };
}

describe('night load', () => {
  it('stays silent over ordinary weeks', () => {
    expect(play(35, () => 0).facts).toEqual([]);
  });

  it('is raised after an hour above the band and over when it is back, with the figures', () => {
    const last = midnight + 28 * day;
    const on = (time: number) => (time >= last + 75 * 60_000 && time < last + 330 * 60_000 ? 12 : 0);
    const { facts } = play(29, on);
    expect(facts.map((f) => [f.active, (f.time - last) / 60_000])).toEqual([
      [true, 135],
      [false, 330],
    ]);
    expect(facts[1]?.detail.en).toBe('Used 377 kWh between 01:15 and 05:30, usually 173');
  });

  it('is told of the sub-meter that was left on, not again of the meter above it', () => {
    const last = midnight + 28 * day;
    const usual = createUsualLoad({ timezone });
    const meters = [{ id: 'main' }, { id: 'sub', parent: 'main' }, { id: 'other', parent: 'main' }];
    const night = createNightLoad({ timezone, expected: usual.expected, meters });
    const told: string[] = [];
    for (let start = midnight; start < midnight + 29 * day; start += intervalLength) {
      const on = start >= last + 75 * 60_000 && start < last + 330 * 60_000 ? 12 : 0;
      for (const [equipment, kWh] of [
        ['main', 30 + on],
        ['sub', 10 + on],
        ['other', 10],
      ] as const) {
        const interval: Interval = { equipment, start, kWh, status: 'measured', revision: 1 };
        told.push(...night.interval(interval).map((fact) => `${fact.equipment} ${fact.active}`));
        usual.add(interval);
      }
    }
    expect(told).toEqual(['sub true', 'sub false']);
  });

  it('does not mistake a busy evening for a night left on', () => {
    const evening = (time: number) => ((time - midnight) % day > 19 * 3_600_000 && time > midnight + 25 * day ? 30 : 0);
    expect(play(30, evening).facts).toEqual([]);
  });

  it('expects nothing before five days of the same kind', () => {
    const { usual } = play(4, () => 0);
    expect(usual.expected('m', midnight + 4 * day)).toBeUndefined();
    expect(usual.expected('unknown', midnight)).toBeUndefined();
  });
});

it('goes on after a restart as if there had been none', () => {
  const whole = play(30, () => 0).usual;
  const again = createUsualLoad({ timezone, initial: JSON.parse(JSON.stringify(whole.state())) });
  expect(again.expected('m', midnight + 30 * day)).toEqual(whole.expected('m', midnight + 30 * day));
});
