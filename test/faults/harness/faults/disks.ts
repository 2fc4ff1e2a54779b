import type { Plant } from '../plant.ts';
import { type FaultKind, pause } from './fault.ts';
import { keepsData } from './power-cuts.ts';

const hasData = (service: 'gateway' | 'cloud', plant: Plant) => service === 'gateway' || keepsData(plant);

const full = (service: 'gateway' | 'cloud', weight: number): FaultKind => ({
  name: `disk full at the ${service}`,
  weight,
  parts: [service],
  isPossible: (plant) => plant.disks[service].small !== undefined && hasData(service, plant),
  async run({ plant, random }) {
    const disk = plant.disks[service].small;
    disk?.fill();
    await pause(random, 4000, 10_000);
    disk?.empty();
    // The log is tried again after two seconds.
    await pause(random, 3000, 3000);
  },
});

const readOnly = (service: 'gateway' | 'cloud', weight: number): FaultKind => ({
  name: `read-only disk at the ${service}`,
  weight,
  parts: [service],
  isPossible: (plant) => plant.disks[service].faulty !== undefined && hasData(service, plant),
  async run({ plant, random }) {
    const disk = plant.disks[service].faulty;
    disk?.refuseWrites(random() < 0.5 ? 'EROFS' : 'EIO');
    await pause(random, 3000, 8000);
    disk?.takeWrites();
    await pause(random, 3000, 3000);
  },
});

export const diskFaults: readonly FaultKind[] = [
  full('gateway', 2),
  full('cloud', 1),
  readOnly('gateway', 2),
  readOnly('cloud', 1),
];
