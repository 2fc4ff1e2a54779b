import type { Random } from '@plantroom/base';
import { stream } from '../building/noise.ts';
import { Car, type CarCounters, type CarFault } from './car.ts';
import { arrivals, type Passenger } from './passenger.ts';
import { liftRatings } from './shaft.ts';

export interface LiftFaults {
  car(id: string): CarFault;
  /** °C the machine room drifts to when its cooling has failed, else undefined. */
  machineRoom: number | undefined;
}

/** Longest stretch that is worked out in one go, s: doors and stops are placed no more coarsely. */
const finest = 0.2;

/** The six lifts of the tower: a destination-control group that shares the traffic, and their machine room. */
export class LiftPlant {
  readonly cars: readonly Car[];
  /** °C */
  machineRoom: number;
  readonly #random: Random;

  constructor(seed: number, outdoor: number, counters?: Record<string, CarCounters>) {
    this.#random = stream('lift-traffic', seed);
    this.machineRoom = restTemperature(outdoor);
    this.cars = liftRatings.map((rating, index) => {
      const kept = counters?.[rating.id] ?? firstCounters(index);
      return new Car(rating, stream(rating.id, seed), kept, [1, 1, 7, 12, 18, 1][index] ?? 1);
    });
  }

  /** Moves all lifts on by `dt` seconds to the instant `at`. */
  step(at: number, dt: number, outdoor: number, faults: LiftFaults): void {
    for (const car of this.cars) car.fault = faults.car(car.rating.id);
    for (const passenger of arrivals(at, dt, this.#random)) this.#assign(passenger);
    for (const car of this.cars) if (!car.available) this.#reassign(car);
    this.#park();
    this.#warm(dt, outdoor, faults.machineRoom);
    for (let left = dt; left > 1e-9; left -= finest) {
      for (const car of this.cars) car.step(Math.min(finest, left), this.machineRoom);
    }
  }

  /** Electrical power of the drives, the controllers and the machine room's cooling, kW. */
  power(): number {
    return this.cars.reduce((sum, car) => sum + car.power, 2.4);
  }

  #assign(passenger: Passenger): void {
    let best: Car | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const car of this.cars) {
      const cost = car.available ? effort(car, passenger) : Number.POSITIVE_INFINITY;
      if (cost < lowest) [best, lowest] = [car, cost];
    }
    best?.waiting.push(passenger);
  }

  /** People who wait for a car that does not come take another. */
  #reassign(car: Car): void {
    for (const passenger of car.waiting.splice(0)) this.#assign(passenger);
  }

  /** One idle car waits at the lobby, where most trips begin. */
  #park(): void {
    if (this.cars.some((car) => car.available && (car.floor === 1 || car.target === 1))) return;
    const idle = this.cars.filter((car) => car.available && car.idle > 45 && car.waiting.length === 0);
    idle.sort((a, b) => a.floor - b.floor);
    idle[0]?.park(1);
  }

  #warm(dt: number, outdoor: number, failed: number | undefined): void {
    const [goal, seconds] = failed === undefined ? [restTemperature(outdoor), 600] : [failed, 120];
    this.machineRoom += (goal - this.machineRoom) * (1 - Math.exp(-dt / seconds));
  }
}

function restTemperature(outdoor: number): number {
  return Math.max(16, 25 + 0.12 * (outdoor - 20));
}

/** Rough seconds until the car is at the passenger's floor; the service lift is the last choice. */
function effort(car: Car, { from }: Passenger): number {
  const stops = car.waiting.length + car.riding.length;
  return Math.abs(car.floor - from) * 1.7 + stops * 5 + (car.rating.load > 1600 ? 20 : 0);
}

function firstCounters(index: number): CarCounters {
  const share = [1.05, 1.02, 1, 0.97, 0.95, 0.4][index] ?? 1;
  return {
    trips: Math.round(1_180_000 * share),
    runHours: 4_650 * share,
    energy: 38_000 * share,
    doorCycles: Math.round(1_240_000 * share),
    doorReopenings: Math.round(23_500 * share),
  };
}
