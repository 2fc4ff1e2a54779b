import { type LocalTime, localTime } from '../building/local-time.ts';
import { type Noise, noise } from '../building/noise.ts';
import { liftTraffic, lighting, occupancy, ventilation, waterDemand } from '../building/occupancy.ts';
import type { Weather } from '../building/weather.ts';

export const subMeterIds = [
  'chiller-meter',
  'ahu-meter',
  'lift-meter',
  'pump-meter',
  'lighting-low',
  'lighting-high',
  'tenant-low',
  'tenant-mid',
  'tenant-high',
  'data-room',
  'carpark',
] as const;
export type SubMeterId = (typeof subMeterIds)[number];
export type MeterId = 'main-meter' | SubMeterId;
export const meterIds: readonly MeterId[] = ['main-meter', ...subMeterIds];

/** What a circuit draws in kW, from the clock and the outdoor temperature. */
type Demand = (time: LocalTime, outdoor: number) => number;

/** Reversible chillers: cooling above 17 °C outdoors, heating below 12 °C, while the air handlers run; sumps heaters at night. */
const chillers: Demand = (time, outdoor) => {
  const need = 15 * Math.max(0, outdoor - 17) + 9 * Math.max(0, 12 - outdoor);
  return 6 + ventilation(time) * (24 + Math.min(300, need)) * (0.6 + 0.4 * occupancy(time));
};

const demands: Readonly<Record<SubMeterId, Demand>> = {
  'chiller-meter': chillers,
  'ahu-meter': (t) => 4 + 74 * ventilation(t),
  'lift-meter': (t) => 5.8 + 21 * (1 - Math.exp(-4 * liftTraffic(t))),
  'pump-meter': (t) => 1.6 + 17 * waterDemand(t),
  'lighting-low': (t) => 48 * lighting(t),
  'lighting-high': (t) => 43 * lighting(t),
  'tenant-low': (t) => 13 + 66 * occupancy(t),
  'tenant-mid': (t) => 15 + 78 * occupancy(t),
  'tenant-high': (t) => 12 + 58 * occupancy(t),
  'data-room': (_t, outdoor) => 41 + 0.25 * Math.max(0, outdoor - 10),
  carpark: (t) => 7 + 15 * lighting(t) + 6 * occupancy(t),
};

export interface LoadModel {
  /** The circuit's power in kW at an instant, without what was injected. A pure function of seed and time. */
  power(meter: SubMeterId, at: number): number;
}

/** The building's load as it would be without faults; shared by history, catching up and the live meters. */
export function createLoadModel(seed: number, weather: Pick<Weather, 'temperature'>): LoadModel {
  const slow = new Map<SubMeterId, Noise>();
  const fast = new Map<SubMeterId, Noise>();
  for (const meter of subMeterIds) {
    slow.set(meter, noise(`load-slow-${meter}`, seed, 40 * 60_000));
    fast.set(meter, noise(`load-fast-${meter}`, seed, 23_000));
  }
  return {
    power(meter, at) {
      const base = demands[meter](localTime(at), weather.temperature(at));
      return base * (1 + 0.06 * (slow.get(meter)?.(at) ?? 0) + 0.012 * (fast.get(meter)?.(at) ?? 0));
    },
  };
}

/** Transformer and cable losses in kW at a sum of sub-meters in kW: no-load losses and a part that grows with the square. */
export function losses(sum: number): number {
  return 1.9 + 0.000018 * sum * sum;
}
