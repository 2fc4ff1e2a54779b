import type { Plant } from '../plant.ts';
import { type FaultKind, pause, restartGateway } from './fault.ts';

/** Where others keep the cloud's data, it has no disk. */
export const keepsData = ({ stores }: Plant) => !(stores.influx && stores.postgres);

/** Any part of what no sync has covered is lost, its end cut off, a bit of it another. */
export const gatewayPowerCut: FaultKind = {
  name: 'power cut of the gateway',
  weight: 4,
  parts: ['gateway'],
  isPossible: (plant) => plant.disks.gateway.faulty !== undefined,
  run: (context) => restartGateway(context, () => {}, context.random),
};

export const cloudPowerCut: FaultKind = {
  name: 'power cut of the cloud',
  weight: 3,
  parts: ['cloud'],
  isPossible: (plant) => plant.disks.cloud.faulty !== undefined && keepsData(plant),
  async run({ plant, random }) {
    await plant.kill('cloud', { powerCut: random });
    await pause(random, 0, 2000);
    await plant.startService('cloud');
  },
};
