import type { Service } from '../plant.ts';
import { type FaultKind, pause } from './fault.ts';

export const standStill = (service: Exclude<Service, 'worker-2'>): FaultKind => ({
  name: `${service} stands still`,
  weight: 1,
  parts: [service === 'worker-1' ? 'workers' : service],
  isPossible: (plant) => plant.services.includes(service),
  async run({ plant, random, gatewayFalls }) {
    if (service === 'gateway') gatewayFalls();
    plant.signal(service, 'SIGSTOP');
    await pause(random, 1000, 5000);
    plant.signal(service, 'SIGCONT');
  },
});
