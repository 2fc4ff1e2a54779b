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

/** One of those that share what gateways send: what was on its way to it comes again to another. */
export const killWorker: FaultKind = {
  name: 'kill worker',
  weight: 4,
  parts: ['workers'],
  isPossible: (plant) => plant.stores.mosquitto !== undefined,
  async run({ plant, random }) {
    const worker = random() < 0.5 ? 'worker-1' : 'worker-2';
    await plant.kill(worker);
    await pause(random, 0, 4000);
    await plant.startService(worker);
  },
};

export const killBroker: FaultKind = {
  name: 'kill broker',
  weight: 3,
  parts: ['broker'],
  isPossible: (plant) => plant.stores.mosquitto !== undefined,
  async run({ plant, random }) {
    await plant.stores.mosquitto?.pause('SIGKILL');
    await pause(random, 0, 4000);
    await plant.stores.mosquitto?.resume();
  },
};
