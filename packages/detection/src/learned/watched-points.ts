import type { KindName } from '@plantroom/model';

/** What is learned of a kind unless the site says otherwise. */
export interface Watched {
  /** Points that belong to one process: judged together, each by what the others let expect. */
  readonly together: readonly string[];
  /** Points that stand alone: judged by their own past. */
  readonly alone: readonly string[];
  /** Points that can stand alone, but follow the weather or people more than the plant: only where the site names them. */
  readonly named: readonly string[];
  /** The state point that has to be 1 for the points together to mean anything. */
  readonly while?: string;
}

const nothing: Watched = { together: [], alone: [], named: [] };

/**
 * Analogue points that follow the physics of the plant. Left out: fire panels and all that serves the safety of lifts, which
 * no statistics may comment on; counters and states; a meter's load, which has its own baselines; what people set.
 */
export const watchedPoints: Readonly<Record<KindName, Watched>> = {
  pump: {
    together: [
      'speed',
      'flow',
      'head',
      'suctionPressure',
      'dischargePressure',
      'power',
      'currentL1',
      'currentL2',
      'currentL3',
      'vibration',
      'bearingTemperature',
      'motorTemperature',
    ],
    alone: [],
    named: [],
    while: 'running',
  },
  elevator: { together: [], alone: ['machineRoomTemperature'], named: ['driveTemperature'] },
  'environment-sensor': { together: [], alone: ['temperature'], named: ['humidity', 'co2', 'pm25'] },
  'water-tank': { together: [], alone: ['level', 'temperature'], named: [] },
  'energy-meter': nothing,
  'fire-panel': nothing,
};
