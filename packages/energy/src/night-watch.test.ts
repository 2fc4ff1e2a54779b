import { intervalLength } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { createNightLoad } from './night-load.ts';
import type { EnergyFact, NightLoadState } from './types.ts';

const timezone = 'Asia/Shanghai';
const midnight = Date.parse('2026-03-02T00:00:00+08:00');
const day = 86_400_000;

/** Nights of so many kWh a quarter hour; nothing is expected of single quarter hours, so that only whole nights count. */
function play(nights: readonly number[], restartAt = -1): EnergyFact[] {
  const make = (initial?: NightLoadState) => createNightLoad({ timezone, expected: () => undefined, initial });
  let watch = make();
  return nights.flatMap((kWh, index) => {
    if (index === restartAt) watch = make(JSON.parse(JSON.stringify(watch.state())));
    const facts: EnergyFact[] = [];
    for (let slot = 0; slot < 96; slot += 1) {
      const start = midnight + index * day + slot * intervalLength;
      const interval = { equipment: 'm', start, kWh: slot < 20 ? kWh : 50, status: 'measured', revision: 1 } as const;
      facts.push(...watch.interval(interval));
    }
    return facts;
  });
}
const usual = Array.from({ length: 14 }, (_, index) => 10 + (index % 3) * 0.1);
const told = (facts: readonly EnergyFact[]) =>
  facts.map((fact) => [Math.floor((fact.time - midnight) / day), fact.active]);

describe('whole nights', () => {
  it('are told from the third high one in a row until one is back', () => {
    const facts = play([...usual, 12, 12, 12, 12, 10]);
    expect(told(facts)).toEqual([
      [16, true],
      [17, true],
      [18, false],
    ]);
    expect(facts[0]?.detail).toEqual({
      en: 'Night load 48 kW for 3 nights, usually 40.4 kW',
      zh: '连续 3 晚夜间负荷 48 kW，平时 40.4 kW',
    });
  });

  it('say nothing at two high nights, at 15 %, or while few nights are known', () => {
    expect(play([...usual, 12, 12, 10, 12])).toEqual([]);
    expect(play([...usual, 11.6, 11.6, 11.6, 11.6])).toEqual([]);
    expect(play([10, 10, 10, 20, 20, 20, 20])).toEqual([]);
  });

  it('go on after a restart', () => {
    expect(play([...usual, 12, 12, 12, 10], 15)).toEqual(play([...usual, 12, 12, 12, 10]));
  });
});
