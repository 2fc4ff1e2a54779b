import { kinds, pointDefinition } from '@plantroom/model';
import type { EquipmentBinding } from '../../binding.ts';
import type { Reading } from '../../contract.ts';
import { bad, createJudge, type Judge, type Judged } from '../../judge.ts';
import { parametersOf } from '../../parameters.ts';
import { expandPoint } from '../../point-path.ts';
import type { SparkplugProfile } from '../../profiles/schema.ts';
import { fill } from '../messages.ts';
import type { ToldMetric } from './edge-node.ts';

interface Point {
  readonly name: string;
  readonly judge: Judge;
  last: Reading | undefined;
  /** Told since the last confirmation, which need not repeat it. */
  isNew: boolean;
}

/** The points of one equipment, and what its edge node told of them last. */
export class ToldPoints {
  readonly equipment: string;
  readonly points: readonly string[];
  readonly #byMetric = new Map<string, Point[]>();

  constructor(binding: EquipmentBinding, profile: SparkplugProfile) {
    this.equipment = binding.id;
    const parameters = parametersOf(binding);
    for (const [name, map] of Object.entries(profile.points)) {
      for (const { name: point, indexes } of expandPoint(name).points) {
        const definition = pointDefinition(kinds[binding.kind], point);
        if (!definition) continue;
        const metric = fill(map.metric, indexes);
        const judge = createJudge(map, definition, parameters, 64);
        this.#byMetric.set(metric, [
          ...(this.#byMetric.get(metric) ?? []),
          { name: point, judge, last: undefined, isNew: false },
        ]);
      }
    }
    this.points = [...this.#byMetric.values()].flat().map((p) => p.name);
  }

  /** Readings of what was told; a value that the broker had kept, or an old one, is no current value. */
  told(metrics: readonly ToldMetric[], retained: boolean): Reading[] {
    return metrics.flatMap((metric) =>
      (this.#byMetric.get(metric.name) ?? []).map((point) => {
        const judged = judge(point.judge, metric, retained);
        const time = metric.time === undefined ? {} : { sourceTime: metric.time };
        const reading = { equipment: this.equipment, point: point.name, ...time, ...judged };
        if (!metric.historical) Object.assign(point, { last: reading, isNew: true });
        return reading;
      }),
    );
  }

  /** What was told before and still holds, as it was told. */
  confirmed(): Reading[] {
    const old = this.#all().filter((point) => !point.isNew);
    for (const point of this.#all()) point.isNew = false;
    return old.flatMap(({ last }) => (last?.quality === 'good' ? [last] : []));
  }

  /**
   * What was told before and may hold no longer; only a new value ends the doubt. The doubt is of now: at the time of the value
   * it would stand behind what has confirmed the value since, and nobody would hear of it.
   */
  doubted(): Reading[] {
    return this.#all().flatMap((point) => {
      if (point.last?.quality !== 'good') return [];
      const { sourceTime: _, ...held } = point.last;
      point.last = { ...held, quality: 'uncertain', reason: 'held' };
      return [point.last];
    });
  }

  /** After a death only a birth says what holds. */
  forget(): void {
    for (const point of this.#all()) point.last = undefined;
  }

  #all(): Point[] {
    return [...this.#byMetric.values()].flat();
  }
}

function judge(judgeOf: Judge, metric: ToldMetric, retained: boolean): Judged {
  if (metric.state === 'null') return bad('not-available');
  if (metric.state === 'bad') return bad('device-exception');
  const judged = judgeOf(metric.raw);
  if (judged.quality !== 'good') return judged;
  if (metric.state === 'stale') return { ...judged, quality: 'uncertain', reason: 'stale' };
  return retained ? { ...judged, quality: 'uncertain', reason: 'held' } : judged;
}
