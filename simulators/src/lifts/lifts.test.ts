import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Car, type CarFault, carModes, soundCar } from './car.ts';
import { Run } from './motion.ts';
import { type LiftFaults, LiftPlant } from './plant.ts';
import { landing, nearestFloor } from './shaft.ts';

const sound = soundCar;
const noFaults: LiftFaults = { car: () => sound, machineRoom: undefined };
const morning = Date.parse('2026-11-18T08:30:00+08:00');
const night = Date.parse('2026-11-18T03:00:00+08:00');

function on(id: string, fault: Partial<CarFault>): LiftFaults {
  return { car: (other) => (other === id ? { ...sound, ...fault } : sound), machineRoom: undefined };
}

function run(plant: LiftPlant, from: number, seconds: number, faults = noFaults, each: () => void = () => {}): void {
  for (let i = 1; i <= seconds * 5; i += 1) {
    plant.step(from + i * 200, 0.2, 18, faults);
    each();
  }
}

function car(plant: LiftPlant, index = 0): Car {
  const found = plant.cars[index];
  if (!found) throw new Error(`no car ${index}`);
  return found;
}

describe('a run', () => {
  const height = fc.double({ min: 0, max: 94, noNaN: true });

  it('reaches its target without jumps, never above rated speed, never steeper than 1 m/s²', () => {
    fc.assert(
      fc.property(height, height, (from, to) => {
        fc.pre(Math.abs(from - to) > 0.01);
        const trip = new Run(from, to, 2.5);
        let last = trip.at(0);
        for (let t = 0.1; t <= trip.duration + 0.2; t += 0.1) {
          const now = trip.at(t);
          expect(Math.abs(now.speed)).toBeLessThanOrEqual(2.5 + 1e-9);
          expect(Math.abs(now.speed - last.speed)).toBeLessThanOrEqual(0.1 + 1e-9);
          expect(Math.abs(now.height - last.height)).toBeLessThanOrEqual(0.25 + 1e-9);
          last = now;
        }
        expect(last.done).toBe(true);
        expect(last.height).toBe(to);
      }),
    );
  });
});

it('numbers floors from landing heights', () => {
  for (let floor = 1; floor <= 24; floor += 1) expect(nearestFloor(landing(floor))).toBe(floor);
  expect(nearestFloor(landing(5) + 1.9)).toBe(5);
});

describe('the lift group', () => {
  it('moves only with closed doors, opens only at a landing, and carries everybody', () => {
    const plant = new LiftPlant(1, 18);
    let most = 0;
    run(plant, morning, 1800, noFaults, () => {
      for (const c of plant.cars) {
        if (c.speed !== 0) expect(c.door.closed).toBe(true);
        if (!c.door.closed) expect(c.inDoorZone).toBe(true);
        expect(c.load).toBeLessThanOrEqual(c.rating.load);
        most = Math.max(most, c.riding.length);
      }
    });
    expect(most).toBeGreaterThan(5);
    const waiting = plant.cars.reduce((sum, c) => sum + c.waiting.length, 0);
    expect(waiting).toBeLessThan(80);
  });

  it('is busy in the morning, nearly still at night', () => {
    const trips = (from: number) => {
      const plant = new LiftPlant(1, 18);
      const before = plant.cars.reduce((sum, c) => sum + c.counters.trips, 0);
      run(plant, from, 1200);
      return plant.cars.reduce((sum, c) => sum + c.counters.trips, 0) - before;
    };
    expect(trips(morning)).toBeGreaterThan(8 * trips(night));
  });

  it('counts up and draws energy', () => {
    const plant = new LiftPlant(1, 18);
    const before = { ...car(plant).counters };
    run(plant, morning, 900);
    const after = car(plant).counters;
    for (const key of ['trips', 'runHours', 'energy', 'doorCycles'] as const)
      expect(after[key]).toBeGreaterThan(before[key]);
  });

  it('does the same for the same seed', () => {
    const [one, two] = [new LiftPlant(9, 18), new LiftPlant(9, 18)];
    for (const plant of [one, two]) run(plant, morning, 300);
    expect(one.cars.map((c) => [c.height, c.counters])).toEqual(two.cars.map((c) => [c.height, c.counters]));
  });
});

describe('lift faults', () => {
  it('a door that will not close reopens again and again, even in a parked car at night', () => {
    const plant = new LiftPlant(1, 18);
    run(plant, night, 60, on('elevator-1', { doorBlocked: true }));
    expect(car(plant).door.reopenings).toBeGreaterThanOrEqual(3);
    expect(car(plant).faultCode).toBe(2);
    run(plant, night + 60_000, 20);
    expect([car(plant).door.closed, car(plant).faultCode]).toEqual([true, 0]);
  });

  it('traps people between floors until they are freed at a landing', () => {
    const plant = new LiftPlant(1, 18);
    const fault = on('elevator-2', { trapped: { alarmAfter: 8, load: 12 } });
    run(plant, night, 40, fault);
    const trapped = car(plant, 1);
    expect(trapped).toMatchObject({ speed: 0, stuck: true, inDoorZone: false, passengerAlarm: true, faultCode: 4 });
    expect(trapped.load).toBeGreaterThan(100);
    expect(trapped.door.closed).toBe(true);
    run(plant, night + 40_000, 60);
    expect(trapped).toMatchObject({ stuck: false, inDoorZone: true, passengerAlarm: false, faultCode: 0 });
    expect(trapped.load).toBe(0);
  });

  it('stops off level by the error', () => {
    const plant = new LiftPlant(1, 18);
    const errors: number[] = [];
    run(plant, morning, 300, on('elevator-1', { levellingError: 0.035 }), () => {
      const c = car(plant);
      if (c.door.opened && c.counters.trips > 1_239_000) errors.push(c.height - landing(c.floor));
    });
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(Math.abs(error - 0.035)).toBeLessThan(0.0021);
  });

  it('takes a car out of service without leaving people in it', () => {
    const plant = new LiftPlant(1, 18);
    run(plant, morning, 300);
    run(plant, morning + 300_000, 300, on('elevator-1', { outOfService: true }));
    expect(car(plant)).toMatchObject({ mode: carModes.outOfService, speed: 0 });
    expect(car(plant).riding).toHaveLength(0);
  });

  it('heats the machine room and the drives', () => {
    const plant = new LiftPlant(1, 18);
    run(plant, morning, 900, { car: () => sound, machineRoom: 48 });
    expect(plant.machineRoom).toBeGreaterThan(45);
    expect(car(plant).driveTemperature).toBeGreaterThan(48);
  });
});
