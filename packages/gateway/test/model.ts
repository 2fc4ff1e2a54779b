import type { ModelRevision } from '@plantroom/model';
import { type IndexedSample, packSamples } from '@plantroom/model/wire';

/** A model revision of one meter with `points` points. */
export function aModel(revision = 'revision-1', points = 3): ModelRevision {
  return {
    revision,
    gateway: 'gw-1',
    site: { id: 'harbour-tower', name: { en: 'Harbour Tower', zh: '海港大厦' }, timezone: 'Asia/Shanghai' },
    equipment: [
      {
        id: 'main-meter',
        kind: 'energy-meter',
        name: { en: 'Main meter', zh: '总表' },
        place: { en: 'B1', zh: 'B1' },
        profile: 'test',
        connection: 'meter-bus',
        ratings: {},
      },
    ],
    points: Array.from({ length: points }, (_, i) => ({
      equipment: 'main-meter',
      point: `power${i}`,
      period: 1000,
      maximumSilence: 60_000,
    })),
    catalogue: [],
  };
}

export function aSample(index: number, time: number, value: number | null = time): IndexedSample {
  return { index, time, gatewayTime: time, value, quality: 'good' };
}

/** What the reporter gives to the log. */
export function telemetry(...samples: readonly IndexedSample[]) {
  return { lane: 'telemetry' as const, samples: packSamples(samples) };
}
