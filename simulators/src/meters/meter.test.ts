import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Electrical, lineVoltage, soundWiring, total } from './electrical.ts';
import { countersFrom, Meter, type MeterFault } from './meter.ts';

const sound: MeterFault = { ...soundWiring, frozen: false };
const hour = 3_600_000;

function meter(): Meter {
  const counters = countersFrom(1000, 0.9);
  return new Meter({ id: 'm', seed: 5, character: { powerFactor: 0.9, rated: 100 }, counters, power: 0, at: 0 });
}

function measured(power: number, at: number, fault = sound): Electrical {
  const made = meter();
  made.step(power, at, 0, fault);
  return made.electrical;
}

describe('a meter', () => {
  it('shows three consistent phases at any load and time', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 120, noNaN: true }), fc.integer({ min: 0, max: 1e12 }), (power, at) => {
        const e = measured(power, at);
        expect(total(e.active) / 1000).toBeCloseTo(power, 6);
        for (const p of [0, 1, 2] as const) {
          expect(e.voltage[p] * e.current[p]).toBeCloseTo(e.apparent[p], 3);
          expect(e.active[p] ** 2 + e.reactive[p] ** 2).toBeCloseTo(e.apparent[p] ** 2, 0);
          expect(e.active[p] / e.apparent[p]).toBeCloseTo(e.powerFactor[p], 6);
          expect(Math.abs(e.voltage[p] - 220) / 220).toBeLessThan(0.07);
        }
        expect(Math.abs(e.frequency - 50)).toBeLessThan(0.2);
      }),
    );
  });

  it('counts one kWh for one kW over one hour', () => {
    const made = meter();
    for (let i = 0; i < 3600; i += 1) made.step(10, i * 1000, 1000, sound);
    expect(made.counters.import).toBeCloseTo(1010, 6);
    expect(made.counters.export).toBe(0);
    const [a, b, c] = made.counters.importPhase;
    expect(a + b + c).toBeCloseTo(1010, 6);
  });

  it('with a reversed transformer misses that phase twice', () => {
    const made = meter();
    const right = measured(30, 0);
    made.step(30, 0, hour, { ...sound, reversed: 1 });
    expect(made.electrical.active[0]).toBeCloseTo(-right.active[0], 6);
    expect(made.counters.import - 1000).toBeCloseTo(30 - (2 * right.active[0]) / 1000, 6);
    expect(made.counters.exportPhase[0]).toBeCloseTo(right.active[0] / 1000, 6);
  });

  it('with a lost phase shows neither voltage nor current there', () => {
    const e = measured(30, 0, { ...sound, lost: 3 });
    expect([e.voltage[2], e.current[2], e.active[2]]).toEqual([0, 0, 0]);
    expect(e.voltage[0]).toBeGreaterThan(200);
  });

  it('stands still when frozen while current flows', () => {
    const made = meter();
    made.step(30, 0, hour, { ...sound, frozen: true });
    expect(made.counters.import).toBe(1000);
    expect(made.electrical.current[0]).toBeGreaterThan(10);
  });
});

it('takes the line voltage of a symmetric system as √3 times the phase voltage', () => {
  expect(lineVoltage(220, 220)).toBeCloseTo(220 * Math.sqrt(3), 9);
});
