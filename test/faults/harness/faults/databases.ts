import { seededRandom } from '@plantroom/base';
import type { DatabaseMood } from '../stores/influx-proxy.ts';
import { type FaultKind, pause } from './fault.ts';

/** The database answers so to all writes, or to half of them. */
const influx = (mood: DatabaseMood, weight: number): FaultKind => ({
  name: mood === 'hangs' || mood === 'answer lost' ? `InfluxDB ${mood}` : `InfluxDB answers ${mood}`,
  weight,
  parts: ['time series'],
  isPossible: (plant) => plant.stores.influx !== undefined,
  async run({ plant, random }) {
    const half = seededRandom(random() * 2 ** 32);
    const isHit = random() < 0.5 ? () => half() < 0.5 : () => true;
    plant.stores.influx?.proxy.become(mood, isHit);
    await pause(random, 3000, 8000);
    plant.stores.influx?.proxy.become('open');
  },
});

/** Shortest and longest, ms: most outages are short, some last for minutes. */
const outage = (name: string, weight: number, shortest: number, longest: number): readonly FaultKind[] => [
  {
    name: `InfluxDB away ${name}`,
    weight,
    parts: ['time series'],
    isPossible: (plant) => plant.stores.influx !== undefined,
    async run({ plant, random }) {
      plant.stores.influx?.proxy.become('down');
      await Promise.all([plant.stores.influx?.restart(), pause(random, shortest, longest)]);
      plant.stores.influx?.proxy.become('open');
    },
  },
  {
    name: `PostgreSQL away ${name}`,
    weight,
    parts: ['records'],
    isPossible: (plant) => plant.stores.postgres !== undefined,
    async run({ plant, random }) {
      // Without a goodbye: it recovers from its own log.
      await plant.stores.postgres?.pause('SIGQUIT');
      await pause(random, shortest, longest);
      await plant.stores.postgres?.resume();
    },
  },
];

export const databaseFaults: readonly FaultKind[] = [
  influx('500', 2),
  influx('503', 2),
  influx('400 partial', 2),
  influx('413', 2),
  influx('hangs', 1),
  influx('answer lost', 2),
  ...outage('for seconds', 2, 1000, 8000),
  ...outage('for minutes', 0.3, 120_000, 240_000),
];
