import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WaterFaults, WaterPlant } from './plant.ts';
import { type Pump, type PumpFault, soundPump } from './pump.ts';
import { flowAt, flowInto, headAt, type PumpRating, shaftPower } from './pump-curve.ts';
import { pumpRatings } from './ratings.ts';
import { Tank } from './tank.ts';

const healthy = soundPump;
const noFaults: WaterFaults = { pump: () => healthy, fireMainLeak: 0, tankLeak: 0, flooding: 0 };
const noon = Date.parse('2026-11-18T12:00:00+08:00');

function rating(id: string): PumpRating {
  const found = pumpRatings.find((r) => r.id === id);
  if (!found) throw new Error(id);
  return found;
}

function pump(plant: WaterPlant, id: string): Pump {
  const found = plant.pumps.get(id);
  if (!found) throw new Error(id);
  return found;
}

/** Runs a plant for some seconds; `each` looks at it after every step. */
function run(plant: WaterPlant, seconds: number, faults = noFaults, each: () => void = () => {}): void {
  for (let i = 1; i <= seconds; i += 1) {
    plant.step(noon + i * 1000, 1, 21, faults);
    each();
  }
}

describe('a pump curve', () => {
  const share = fc.double({ min: 0.3, max: 1, noNaN: true });

  it('obeys the affinity laws: flow with n, head with n², power with n³', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pumpRatings), share, fc.double({ min: 0, max: 1.2, noNaN: true }), (p, n, x) => {
        const flow = x * p.ratedFlow;
        expect(headAt(p, n, n * flow)).toBeCloseTo(n ** 2 * headAt(p, 1, flow), 6);
        expect(shaftPower(p, n, n * flow)).toBeCloseTo(n ** 3 * shaftPower(p, 1, flow), 6);
      }),
    );
  });

  it('passes through the rated and the shut-off point', () => {
    for (const p of pumpRatings) {
      expect(headAt(p, 1, 0)).toBe(p.shutOffHead);
      expect(headAt(p, 1, p.ratedFlow)).toBeCloseTo(p.ratedHead, 9);
      expect(flowAt(p, 1, p.ratedHead)).toBeCloseTo(p.ratedFlow, 9);
      expect(flowAt(p, 1, p.shutOffHead + 1)).toBe(0);
    }
  });

  it('meets the system curve', () => {
    const p = rating('sump-pump-1');
    const flow = flowInto(p, 1, 9, 0.005);
    expect(headAt(p, 1, flow)).toBeCloseTo(9 + 0.005 * flow ** 2, 9);
  });
});

describe('a tank', () => {
  it('keeps every litre: volume is what was there, plus what came, less what went and ran over', () => {
    const steps = fc.array(fc.tuple(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 900 })), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.nat(6), (flows, first) => {
        const tank = new Tank({ id: 't', area: 3, depth: 2, lowFloat: 0.3, highFloat: 1.7 }, first);
        for (const [inflow, outflow, dt] of flows) {
          tank.step(inflow, outflow, dt);
          expect(tank.volume).toBeGreaterThanOrEqual(0);
          expect(tank.volume).toBeLessThanOrEqual(6 + 1e-9);
        }
        expect(tank.volume).toBeCloseTo(first + tank.totalIn - tank.totalOut - tank.totalOver, 6);
      }),
    );
  });
});

describe('the water plant', () => {
  it('holds the set pressure through a working noon with the pumps on their curves', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 120);
    run(plant, 3600, noFaults, () => {
      expect(Math.abs(plant.boosters.pressure - 10.8)).toBeLessThan(0.9);
      for (const p of plant.boosters.pumps) {
        if (p.flow > 0) expect(p.head / 10.2 + 0.35).toBeCloseTo(plant.boosters.pressure, 1);
      }
    });
  });

  it('delivers through the pumps what the taps take, but for the vessel', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 60);
    let pumped = 0;
    let taken = 0;
    run(plant, 3600, noFaults, () => {
      pumped += plant.boosters.pumps.reduce((sum, p) => sum + p.flow, 0) / 3600;
      taken += plant.boosters.flow / 3600;
    });
    expect(Math.abs(pumped - taken)).toBeLessThan(0.2);
  });

  it('keeps the fire main between the jockey pump’s limits with a few starts an hour, and more than 15 with a leak', () => {
    const plant = new WaterPlant(1, 21);
    const starts = () => pump(plant, 'jockey-pump').counters.starts;
    const before = starts();
    run(plant, 7200, noFaults, () => expect(plant.fireMain.pressure).toBeGreaterThan(10.2));
    expect(starts() - before).toBeGreaterThanOrEqual(1);
    expect(starts() - before).toBeLessThanOrEqual(10);
    const sound = starts();
    run(plant, 3600, { ...noFaults, fireMainLeak: 1.2 });
    expect(starts() - sound).toBeGreaterThan(15);
    expect(pump(plant, 'fire-pump-1').running).toBe(false);
  });

  it('starts the fire pumps when the main loses its pressure', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 60, { ...noFaults, fireMainLeak: 60 });
    expect(pump(plant, 'fire-pump-1').running).toBe(true);
    expect(pump(plant, 'fire-pump-1').flow).toBeGreaterThan(50);
  });

  it('cycles the sump pumps in turn, and floods when more comes than they can lift', () => {
    const plant = new WaterPlant(1, 21);
    const before = [...plant.pumps.values()].map((p) => p.counters.starts);
    run(plant, 3 * 3600, noFaults, () => expect(plant.sump.pit.depth).toBeLessThan(1.3));
    const after = [...plant.pumps.values()].map((p) => p.counters.starts);
    const cycles = [6, 7].map((i) => (after[i] ?? 0) - (before[i] ?? 0));
    expect(Math.min(...cycles)).toBeGreaterThan(0);
    expect(Math.abs((cycles[0] ?? 0) - (cycles[1] ?? 0))).toBeLessThanOrEqual(1);
    run(plant, 600, { ...noFaults, flooding: 150 });
    expect(plant.sump.pit.depth).toBeGreaterThan(1.7);
    expect(plant.sump.pumps.every((p) => p.running)).toBe(true);
  });

  it('gives the same figures for the same seed', () => {
    const [one, two, other] = [new WaterPlant(7, 21), new WaterPlant(7, 21), new WaterPlant(8, 21)];
    for (const plant of [one, two, other]) run(plant, 300);
    expect(one.state()).toEqual(two.state());
    expect(one.state()).not.toEqual(other.state());
  });
});

describe('pump faults', () => {
  const on = (id: string, fault: Partial<PumpFault>): WaterFaults => ({
    ...noFaults,
    pump: (other) => (other === id ? { ...healthy, ...fault } : healthy),
  });

  it('dry run: no flow, little power, suction lost, and the others carry the load', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 120, on('booster-1', { forced: true, dry: { tripAfter: 0, since: 60 } }));
    const dry = pump(plant, 'booster-1');
    expect(dry.running).toBe(true);
    expect(dry.flow).toBe(0);
    expect(dry.power).toBeGreaterThan(0.5);
    expect(dry.power).toBeLessThan(0.45 * 11.2);
    expect(dry.suction).toBe(-0.6);
    expect(plant.boosters.pressure).toBeGreaterThan(10);
  });

  it('dry run with a trip: stops with the code', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 10, on('sump-pump-1', { forced: true, dry: { tripAfter: 5, since: 6 } }));
    expect([pump(plant, 'sump-pump-1').running, pump(plant, 'sump-pump-1').tripCode]).toEqual([false, 3]);
  });

  it('bearing wear: vibration and bearing temperature rise', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 3600, on('jockey-pump', { forced: true, worn: { vibration: 7.5, ramp: 30, since: 3600 } }));
    expect(pump(plant, 'jockey-pump').vibration).toBeGreaterThan(6.6);
    expect(pump(plant, 'jockey-pump').bearingTemperature).toBeGreaterThan(60);
  });

  it('a lost phase: no current there, more in the others', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 10, on('fire-pump-2', { forced: true, lostPhase: 2 }));
    const [l1, l2, l3] = pump(plant, 'fire-pump-2').currents;
    expect(l2).toBe(0);
    expect(Math.min(l1, l3)).toBeGreaterThan(100);
  });

  it('tripped and switched off: commanded, not running; the second pump takes over', () => {
    for (const fault of [{ tripped: true }, { off: true }]) {
      const plant = new WaterPlant(1, 21);
      run(plant, 2 * 3600, on('sump-pump-1', fault), () => expect(pump(plant, 'sump-pump-1').running).toBe(false));
      expect(plant.sump.pit.depth).toBeLessThan(1.5);
    }
  });

  it.each<[string, Partial<PumpFault>, (p: Pump) => boolean]>([
    ['an overload', { overload: 0.25 }, (p) => p.currents[0] > 1.15 * 4.8],
    ['an unbalance', { unbalance: 0.3 }, (p) => p.currents[0] > 1.25 * p.currents[1]],
    ['a locked rotor', { locked: true }, (p) => p.currents[1] > 4 * 4.8 && p.flow === 0],
    ['a shut valve', { shut: true }, (p) => p.flow === 0 && p.head > 0.95 * 20],
    ['a bearing that seizes', { seizes: 110 }, (p) => p.bearingTemperature > 82],
  ])('shows %s on its gauges', (_, fault, shows) => {
    const plant = new WaterPlant(1, 21);
    run(plant, 1200, on('sump-pump-1', { forced: true, ...fault }));
    expect(shows(pump(plant, 'sump-pump-1'))).toBe(true);
  });

  it('a gauge that is stuck stands while the others move, and water runs back through a leaking check valve', () => {
    const plant = new WaterPlant(1, 21);
    const seen = { flow: new Set<number>(), power: new Set<number>() };
    run(plant, 100, on('sump-pump-1', { forced: true, stuck: 'flow' }), () => {
      seen.flow.add(pump(plant, 'sump-pump-1').shown.flow);
      seen.power.add(pump(plant, 'sump-pump-1').shown.power);
    });
    expect(seen.flow.size).toBe(1);
    expect(seen.power.size).toBeGreaterThan(50);
    run(plant, 60, on('fire-pump-1', { backflow: 0.05 }));
    expect(pump(plant, 'fire-pump-1').shown.flow).toBeGreaterThan(0.02 * 144);
  });

  it('a burst roof tank empties', () => {
    const plant = new WaterPlant(1, 21);
    run(plant, 900, { ...noFaults, tankLeak: 240 });
    expect(plant.roofTank.level).toBeLessThan(0.3);
  });
});
