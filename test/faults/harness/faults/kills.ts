import { type FaultKind, pause, restartGateway } from './fault.ts';

export const killGateway: FaultKind = {
  name: 'kill gateway',
  weight: 3,
  parts: ['gateway'],
  run: (context) => restartGateway(context),
};

/** The cloud's process is ingest and broker too. */
export const killCloud: FaultKind = {
  name: 'kill cloud',
  weight: 3,
  parts: ['cloud'],
  async run({ plant, random }) {
    await plant.kill('cloud');
    await pause(random, 0, 3000);
    await plant.startService('cloud');
  },
};

export const killBoth: FaultKind = {
  name: 'kill both',
  weight: 1,
  parts: ['gateway', 'cloud'],
  async run(context) {
    await context.plant.kill('cloud');
    await restartGateway(context);
    await context.plant.startService('cloud');
  },
};
