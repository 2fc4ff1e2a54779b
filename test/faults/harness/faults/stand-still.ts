import type { Service } from '../plant.ts';
import { type FaultKind, pause } from './fault.ts';

export const standStill = (service: Service): FaultKind => ({
  name: `${service} stands still`,
  weight: 1,
  parts: [service],
  async run({ plant, random, gatewayFalls }) {
    if (service === 'gateway') gatewayFalls();
    plant.signal(service, 'SIGSTOP');
    await pause(random, 1000, 5000);
    plant.signal(service, 'SIGCONT');
  },
});
