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
  epoch: '215f320da52ce3ad',
  lane: 'telemetry',
  revision: 'da93ca3e2e499d1deb119447c6abac2d',
} as const;
const start = Date.UTC(2026, 4, 12, 1, 0, 0);

export function frameOf(samples: readonly IndexedSample[]): TelemetryFrame {
  return { header: { ...header, sequence: 1 }, samples };
}

/** Detectors of the fire panel: 4 loops of 50. An indexed point stands for all of them. */
const indexed = 200;

interface Machine {
  readonly kind: KindName;
  readonly points: readonly PointDefinition[];
}

function machines(): Machine[] {
  return building.flatMap(([kind, count]) => Array.from({ length: count }, () => ({ kind, points: pointsOf(kind) })));
}

function pointsOf(kind: KindName): PointDefinition[] {
  const points: [string, PointDefinition][] = Object.entries(kinds[kind].points);
  return points.flatMap(([name, point]) =>
    name.includes('[]') ? Array.from({ length: indexed }, () => point) : [point],
  );
}

/** Modbus has the gateway's time; OPC UA sources stamp up to a publishing interval before, MQTT devices a few ms. */
const longestLag: Readonly<Partial<Record<KindName, number>>> = {
  elevator: 600,
  'environment-sensor': 5,
  'water-tank': 5,
};

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
 * did not change by its deadband is not there. With one round every point is there once. The points of a machine are read
 * together; one machine in twenty stops answering half-way, and each of its points says so once.
 */
export function demoMix(rounds: number, seed = 1): IndexedSample[] {
  const random = seededRandom(seed);
  let index = 0;
  return machines().flatMap(({ kind, points }, machine) => {
    const phase = Math.floor(random() * 1000);
    const reads = Array.from({ length: rounds }, (_, round) => {
      const lag = Math.floor(random() * (longestLag[kind] ?? 0));
      const gatewayTime = start + round * 1000 + phase + Math.floor(random() * 4);
      return { time: gatewayTime - lag, gatewayTime };
    });
    const last = machine % 20 === 7 ? Math.ceil(rounds / 2) : rounds;
    return points.flatMap((point) => readingsOf(point, index++, reads, last, random));
  });
}

function readingsOf(
  point: PointDefinition,
  index: number,
  reads: readonly Pick<IndexedSample, 'time' | 'gatewayTime'>[],
  last: number,
  random: Random,
): IndexedSample[] {
  const out: IndexedSample[] = [];
  let value = point.type === 'state' ? 0 : Number((random() * 400).toFixed(point.decimals));
  for (const [round, read] of reads.entries()) {
    if (round === last) return [...out, { index, ...read, value: null, quality: 'bad', reason: 'no-answer' }];
    const moved = next(point, value, random);
    const isReported = point.type === 'state' ? moved !== value : Math.abs(moved - value) >= point.deadband;
    if (round > 0 && !isReported) continue;
    value = moved;
    out.push({ index, ...read, value, quality: 'good' });
  }
  return out;
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
