import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Random, seededRandom } from '@plantroom/base';
import { createDetection, type Detection, type DetectionEquipment, ratingUnits, Watch } from '@plantroom/detection';
import { type KindName, kindNames, kinds, type PointDefinition, pointDefinition, type Sample } from '@plantroom/model';
import { atMost, type Bench, type Figure, orientation } from './figure.ts';

/** Points of the site, unless told. */
const usual = '500';
/** Simulated seconds of samples, each second of all points, before the measurement and in it. */
const warmUp = 500;
const measured = 4000;
const start = Date.UTC(2026, 4, 12, 1, 0, 0);
const period = 1000;
const cadence = { period, maximumSilence: 60_000 };
/** Detectors that a fire panel has here; an indexed point stands for all of them. */
const detectors = 20;

/** Machines of all kinds in turn, with every point of their kind, until there are enough. */
function plant(points: number): DetectionEquipment[] {
  const machines: DetectionEquipment[] = [];
  for (let left = points; left > 0; left -= machines.at(-1)?.points.length ?? left) {
    const kind = kindNames[machines.length % kindNames.length] ?? 'pump';
    const names = Object.keys(kinds[kind].points).flatMap(expanded).slice(0, left);
    const ratings = Object.fromEntries(Object.keys(ratingUnits).map((name) => [name, 100]));
    machines.push({
      id: `${kind}-${machines.length}`,
      kind,
      ratings,
      points: names.map((point) => ({ point, cadence })),
    });
  }
  return machines;
}

function expanded(name: string): string[] {
  if (!name.includes('[]')) return [name];
  return Array.from({ length: detectors }, (_, n) => name.replaceAll('[]', `[${n + 1}]`));
}

function definitionOf(kind: KindName, point: string): PointDefinition {
  const definition = pointDefinition(kinds[kind], point);
  if (!definition) throw new Error(`${kind} has no ${point}`);
  return definition;
}

/** A number that is another one each second; states rest, as they mostly do. */
function valueAt(definition: PointDefinition, second: number, random: Random): number {
  if (definition.type === 'state') return 0;
  if (definition.type === 'counter') return second * definition.deadband;
  const [low, high] = definition.range;
  return low + (high - low) * 0.3 + random() * definition.deadband * 4;
}

/** One batch for each machine and second, made beforehand so that only detection is measured. */
function second(machines: readonly DetectionEquipment[], at: number, random: Random): Sample[][] {
  const time = start + at * period;
  return machines.map(({ id, kind, points }) =>
    points.map(({ point }): Sample => {
      const value = valueAt(definitionOf(kind, point), at, random);
      return { equipment: id, point, time, gatewayTime: time, value, quality: 'good' };
    }),
  );
}

function make(equipment: readonly DetectionEquipment[]): Detection {
  return createDetection({
    site: 'bench',
    equipment,
    startedAt: start,
    newAlarmId: (identity, at) => `a-${identity}-${at}`.slice(-64),
    newOrderId: (alarm, again) => `o${again ?? ''}-${alarm}`.slice(0, 64),
  });
}

/** Bytes in use, without what is garbage; buffers are freed behind a collection's back, so it is asked for some times. */
async function used(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 4; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that one of these takes, the mean of several. */
async function bytesOf(make: () => unknown): Promise<number> {
  const kept: unknown[] = new Array(8).fill(undefined);
  const before = await used();
  for (const at of kept.keys()) kept[at] = make();
  const bytes = (await used()) - before;
  return bytes / kept.length;
}

/** CPU of this process in µs a sample: all detectors of the sample's machine, and a tick each second. */
function timeASample(detection: Detection, watch: Watch, equipment: readonly DetectionEquipment[]): number {
  const random = seededRandom(7);
  let samples = 0;
  let spent = 0;
  for (let at = 0; at < warmUp + measured; at++) {
    const batches = second(equipment, at, random);
    const before = process.cpuUsage();
    for (const batch of batches) {
      detection.ingest(batch);
      watch.samples(batch);
    }
    for (const fact of watch.tick(start + at * period)) detection.fact(fact);
    detection.tick(start + at * period);
    const { user, system } = process.cpuUsage(before);
    if (at < warmUp) continue;
    spent += user + system;
    for (const batch of batches) samples += batch.length;
  }
  return spent / samples;
}

/** `--points 500` is the size of the site. */
export const bench: Bench = {
  about: 'one sample through all detectors of its machine, every number changing each second, in a site with all kinds',
  async run({ points = usual }) {
    const figures: Figure[] = [];
    for (const size of points.split(',').map(Number)) {
      const equipment = plant(size);
      const detection = make(equipment);
      const cost = timeASample(detection, new Watch(equipment), equipment);
      const rules = await bytesOf(() => make(equipment));
      const learned = await bytesOf(() => new Watch(equipment));
      const named = (what: string) => `${size} points: ${what}`;
      figures.push(
        atMost(named('detection, CPU a sample'), cost, 'µs', 1),
        atMost(named('memory a point'), (rules + learned) / size / 1024, 'KiB', 2),
        orientation(named('of it for what is learned'), learned / size / 1024, 'KiB'),
        orientation(named('machines'), equipment.length, ''),
        orientation(named('alarms that the swinging numbers raised, open at the end'), detection.open().length, ''),
      );
    }
    return figures;
  },
};
