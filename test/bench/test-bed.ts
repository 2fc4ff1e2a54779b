import { gaussian, seededRandom } from '@plantroom/base';

/** Faults of the test bed, with the sensors that each shows in. */
export const bedFaults = {
  'valve closing': ['flow', 'pressure', 'current'],
  imbalance: ['acceleration 1', 'acceleration 2'],
  cavitation: ['acceleration 1', 'flow', 'pressure'],
  'hot bearing': ['temperature'],
  'flow 2 % low': ['flow'],
  'motor current 0.35 A high': ['current'],
} as const satisfies Record<string, readonly string[]>;
export type BedFault = keyof typeof bedFaults;

export const bedSensors = [
  'acceleration 1',
  'acceleration 2',
  'current',
  'pressure',
  'temperature',
  'ambient',
  'voltage',
  'flow',
] as const;

export const bedRows = 1150;

export interface BedRun {
  readonly rows: readonly (readonly number[])[];
  /** First row of the fault, and the first after it. */
  readonly from: number;
  readonly to: number;
}

/**
 * A pump that circulates water on a test bed, one row a second: demand and friction wander, the water warms, all is noisy.
 * Made up for this bench, after the looks of public test beds; no reading is taken from one.
 */
export function runTestBed(seed: number, fault: BedFault | undefined): BedRun {
  const random = seededRandom(seed);
  const noise = () => gaussian(random);
  const from = 570 + Math.floor(random() * 60);
  const to = from + 380;
  const base = {
    a1: 0.02 + random() * 0.2,
    a2: 0.03 + random() * 0.3,
    current: 1 + random(),
    flow: 32 + random() * 30,
  };
  const warming = (random() - 0.3) * 0.02;
  let [demand, friction, water, ambient] = [0, 0, 70 + random() * 20, 25 + random() * 3];
  const rows = Array.from({ length: bedRows }, (_, row) => {
    demand = 0.95 * demand + 0.3 * noise();
    friction = 0.995 * friction + 0.05 * noise();
    water += warming + 0.03 * noise();
    ambient += 0.003 * noise();
    const rise = row < to ? Math.max(0, Math.min(1, (row - from) / 20)) : Math.max(0, 1 - (row - to) / 20);
    const when = (name: BedFault) => (fault === name ? rise : 0);
    const [valve, cavitation] = [when('valve closing'), when('cavitation')];
    const a1 =
      base.a1 * (1 + 0.03 * noise()) * (1 + 0.25 * when('imbalance')) * (1 + 0.15 * cavitation * Math.abs(noise()));
    return [
      a1,
      base.a2 * (1 + 0.03 * noise()) * (1 + 0.15 * when('imbalance')),
      base.current +
        0.03 * demand +
        0.02 * friction +
        0.15 * noise() -
        0.05 * valve +
        0.35 * when('motor current 0.35 A high'),
      0.05 + 0.006 * demand + 0.156 * noise() + 0.25 * valve + 0.3 * cavitation * noise(),
      water + 6 * when('hot bearing') * Math.min(1, (row - from) / 300),
      ambient,
      230 + 6.4 * noise(),
      base.flow * (1 - 0.06 * valve) +
        0.1 * demand +
        0.35 * noise() -
        0.7 * when('flow 2 % low') +
        0.8 * cavitation * noise(),
    ];
  });
  return { rows, from, to };
}
