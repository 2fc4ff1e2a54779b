import { type Random, seededRandom } from '@plantroom/base';
import { type KindName, kinds, type PointDefinition } from '@plantroom/model';
import type { IndexedSample, TelemetryFrame } from '@plantroom/model/wire';

/** How many of each kind Harbour Tower has. */
const building: readonly (readonly [KindName, number])[] = [
  ['elevator', 6],
  ['pump', 8],
  ['energy-meter', 12],
  ['environment-sensor', 10],
  ['water-tank', 2],
  ['fire-panel', 1],
];

const header = {
  site: 'harbour-tower',
  gateway: 'gw-1',
  epoch: 'bench-epoch',
  lane: 'telemetry',
  revision: 'bench-revision',
} as const;
const start = Date.UTC(2026, 4, 12, 1, 0, 0);

export function frameOf(samples: readonly IndexedSample[]): TelemetryFrame {
  return { header: { ...header, sequence: 1 }, samples };
}

/** Detectors of the fire panel: 4 loops of 50. An indexed point stands for all of them. */
const indexed = 200;

function definitions(): PointDefinition[] {
  return building.flatMap(([kind, count]) => Array.from({ length: count }, () => pointsOf(kind)).flat());
}

function pointsOf(kind: KindName): PointDefinition[] {
  const points: [string, PointDefinition][] = Object.entries(kinds[kind].points);
  return points.flatMap(([name, point]) =>
    name.includes('[]') ? Array.from({ length: indexed }, () => point) : [point],
  );
}

/** A plausible next value: analog points walk by a few deadbands, counters count, states change now and then. */
function next(point: PointDefinition, before: number, random: Random): number {
  if (point.type === 'state') {
    const codes = Object.keys(point.states).map(Number);
    return random() < 0.01 ? (codes[Math.floor(random() * codes.length)] ?? 0) : before;
  }
  const step = Math.max(point.deadband, 10 ** -point.decimals);
  const moved = point.type === 'counter' ? before + step * random() * 2 : before + step * (random() - 0.5) * 8;
  return Number(moved.toFixed(point.decimals));
}

/**
 * `rounds` readings of every point of the demo building, a second apart, as report by exception leaves them: a value that
 * did not change by its deadband is not there. With one round every point is there once.
 */
export function demoMix(rounds: number, seed = 1): IndexedSample[] {
  const random = seededRandom(seed);
  return definitions().flatMap((point, index) => {
    let value = point.type === 'state' ? 0 : Number((random() * 400).toFixed(point.decimals));
    const out: IndexedSample[] = [];
    for (let round = 0; round < rounds; round++) {
      const moved = next(point, value, random);
      const reported =
        round === 0 || (point.type === 'state' ? moved !== value : Math.abs(moved - value) >= point.deadband);
      if (!reported) continue;
      value = moved;
      const time = start + round * 1000 + Math.floor(random() * 40);
      out.push({ index, time, gatewayTime: time + 2, value, quality: 'good' });
    }
    return out;
  });
}

/** `points` x `readings` two-decimal values of a slow walk, exactly a second apart. */
export function regularReadings(points: number, readings: number, seed = 1): IndexedSample[] {
  const random = seededRandom(seed);
  return Array.from({ length: points }, (_, index) => {
    let value = 20 + random() * 30;
    return Array.from({ length: readings }, (_, n): IndexedSample => {
      value += (random() - 0.5) * 0.2;
      const time = start + n * 1000;
      return { index, time, gatewayTime: time, value: Number(value.toFixed(2)), quality: 'good' };
    });
  }).flat();
}
