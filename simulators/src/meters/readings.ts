import { atLocalHour, day, quarter } from '../building/local-time.ts';
import { hash } from '../building/noise.ts';
import { type LoadModel, losses, type MeterId, type SubMeterId, subMeterIds } from './load-model.ts';

export type Readings = Record<MeterId, number>;

/** kW below which a circuit does not fall in a span of time: what was left on. */
export interface LeftOn {
  meter: SubMeterId;
  from: number;
  to: number;
  power: number;
}

/** Registers do not start at 0: meters were installed years before. kWh, whole, by seed. */
export function firstReadings(seed: number): Readings {
  const years = 3 + (hash('meter-age', seed) % 100) / 50;
  const yearly: Readings = {
    'main-meter': 0,
    'chiller-meter': 760_000,
    'ahu-meter': 240_000,
    'lift-meter': 92_000,
    'pump-meter': 66_000,
    'lighting-low': 150_000,
    'lighting-high': 135_000,
    'tenant-low': 290_000,
    'tenant-mid': 340_000,
    'tenant-high': 260_000,
    'data-room': 380_000,
    carpark: 120_000,
  };
  for (const meter of Object.keys(yearly) as MeterId[]) {
    yearly[meter] = Math.round(yearly[meter] * years * (0.95 + (hash(meter, seed) % 1000) / 10_000));
  }
  // The main meter was exchanged not long ago; a 32-bit float of Wh would count in steps of 1 kWh above 8.6 GWh.
  yearly['main-meter'] = 410_000 + (hash('main-meter', seed) % 50_000);
  return yearly;
}

/** The most recent whole night before `end`: chillers that nobody switched off, 01:15 to 05:30. */
export function nightOfTheChillers(end: number): LeftOn {
  const today = atLocalHour(end, 5.5) <= end ? end : end - day;
  return { meter: 'chiller-meter', from: atLocalHour(today, 1.25), to: atLocalHour(today, 5.5), power: 120 };
}

/** Adds the energy of [from, to) to the readings in place; kWh. Steps of at most five minutes, midpoint rule. */
export function addEnergy(readings: Readings, model: LoadModel, from: number, to: number, leftOn: LeftOn[] = []): void {
  const step = 5 * 60_000;
  for (let at = from; at < to; at += step) {
    const length = Math.min(step, to - at);
    const middle = at + length / 2;
    let sum = 0;
    for (const meter of subMeterIds) {
      const floor = leftOn.find((l) => l.meter === meter && middle >= l.from && middle < l.to)?.power ?? 0;
      const power = Math.max(floor, model.power(meter, middle));
      readings[meter] += (power * length) / 3_600_000;
      sum += power;
    }
    readings['main-meter'] += ((sum + losses(sum)) * length) / 3_600_000;
  }
}

/** The last full quarter of an hour at or before an instant. */
export function floorToQuarter(at: number): number {
  return Math.floor(at / quarter) * quarter;
}
