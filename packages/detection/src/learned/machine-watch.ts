import { type Evidence, kinds, type LocalText, pointDefinition, type Sample, staleAfter } from '@plantroom/model';
import { effectiveParameters } from '../availability.ts';
import { MultivariateDetector, type MultivariateState } from '../detectors/multivariate.ts';
import { UnivariateDetector, type UnivariateState } from '../detectors/univariate.ts';
import { library } from '../faults/index.ts';
import type { DetectionEquipment, ExternalFact } from '../types.ts';
import { Excursions, type ExcursionsState } from './excursions.ts';
import { watchedPoints } from './watched-points.ts';

/** The detectors take a mean of each point in so many ms: what they look for lasts longer, and so they cost next to nothing. */
export const step = 300_000;
const perDay = 86_400_000 / step;
const perMinute = 60_000 / step;
const asUsual: LocalText = { en: 'As usual', zh: '与以往一致' };

/** The name of what is judged together. */
const allTogether = '';

/** A point that is watched: its mean in the running step, and what was last known of it. */
interface Gauge {
  readonly point: string;
  readonly staleAfter: number;
  sum: number;
  count: number;
  last: number;
  heard: number;
}

export interface MachineWatchState {
  /** The points judged together, in the order of their detector's rows. */
  readonly points: readonly string[];
  readonly together: MultivariateState | null;
  readonly alone: Readonly<Record<string, UnivariateState>>;
  /** By point; of the points judged together, by ''. */
  readonly excursions?: Readonly<Record<string, ExcursionsState>>;
  readonly active: boolean;
  /** What was said last. */
  readonly detail: LocalText;
}

/** What is learned of one machine, and when it has long been unlike that. */
export class MachineWatch {
  readonly #equipment: DetectionEquipment;
  readonly #gauges = new Map<string, Gauge>();
  readonly #points: readonly string[];
  readonly #together: MultivariateDetector | undefined;
  readonly #alone = new Map<string, UnivariateDetector>();
  readonly #while: string | undefined;
  readonly #excursions = new Map<string, Excursions>();
  #running = false;
  /** It ran through the whole step so far. */
  #ran = false;
  #active: boolean;
  #detail: LocalText;

  constructor(equipment: DetectionEquipment, state?: MachineWatchState) {
    this.#equipment = equipment;
    const fault = library[equipment.kind].find(({ id }) => id === unusualOf(equipment));
    const parameters = fault ? effectiveParameters(fault, equipment.parameters?.[fault.id]) : {};
    const training = Math.round((parameters.training ?? 0) * perDay);
    // In the first half all is learned as it comes. In the second a row that is odd is already doubted, as it will be later:
    // only so do the excursions of that time tell what is to be expected.
    const learning = Math.round(training / 2);
    const lasting = Math.max(1, Math.round((parameters.lasting ?? 0) * perMinute));
    const watched = watchedPoints[equipment.kind];
    const together = this.#addGauges(watched.together);
    this.#points = together.length > 1 ? together : [];
    const known = state?.together && isSame(state.points, this.#points) ? state.together : undefined;
    if (this.#points.length > 0) this.#together = new MultivariateDetector(this.#points.length, learning, known);
    const alone = Array.isArray(equipment.learn) ? [...watched.alone, ...watched.named] : watched.alone;
    for (const point of this.#addGauges(alone))
      this.#alone.set(point, new UnivariateDetector(training, state?.alone[point]));
    this.#while = equipment.points.some(({ point }) => point === watched.while) ? watched.while : undefined;
    for (const name of [...(this.#together ? [allTogether] : []), ...this.#alone.keys()]) {
      // A detector that begins anew, for its points are others, has no past to compare with.
      const past = name === allTogether && !known ? undefined : state?.excursions?.[name];
      this.#excursions.set(name, new Excursions(lasting, learning, training, past));
    }
    this.#active = state?.active ?? false;
    this.#detail = state?.detail ?? asUsual;
  }

  get isIdle(): boolean {
    return !this.#together && this.#alone.size === 0;
  }

  get isActive(): boolean {
    return this.#active;
  }

  sample({ point, value, quality, time, gatewayTime }: Sample): void {
    if (value === null || quality === 'bad' || gatewayTime - time > step) return;
    if (point === this.#while) {
      this.#running = value === 1;
      this.#ran &&= this.#running;
      return;
    }
    const gauge = this.#gauges.get(point);
    if (!gauge) return;
    gauge.sum += value;
    gauge.count++;
    gauge.last = value;
    gauge.heard = gatewayTime;
  }

  /** Ends a step: judges its means. Nothing is said when nothing could be judged. */
  close(now: number): ExternalFact | undefined {
    const means = new Map([...this.#gauges.values()].map((gauge) => [gauge.point, takeMean(gauge, now)]));
    let isJudged = false;
    const blame: string[] = [];
    if (this.#together && (this.#while === undefined || this.#ran)) {
      const row = this.#points.map((point) => means.get(point) ?? Number.NaN);
      if (!row.every(Number.isNaN)) {
        const { anomaly, bars, visible, blame: places } = this.#together.observe(row);
        isJudged = true;
        if (this.#isTold(allTogether, bars, !visible) && anomaly)
          blame.push(...places.map((at) => this.#points[at] ?? ''));
      }
    }
    for (const [point, detector] of this.#alone) {
      const mean = means.get(point) ?? Number.NaN;
      if (Number.isNaN(mean)) continue;
      const { odd, bars } = detector.observe(now, mean);
      isJudged = true;
      if (this.#isTold(point, bars, false) && odd) blame.push(point);
    }
    this.#ran = this.#running;
    return isJudged ? this.#conclude(now, blame, means) : undefined;
  }

  /** Nothing more will be said of it. */
  end(now: number): ExternalFact {
    this.#active = false;
    return this.#fact(now, []);
  }

  state(): MachineWatchState {
    return {
      points: this.#points,
      together: this.#together?.state() ?? null,
      alone: Object.fromEntries([...this.#alone].map(([point, detector]) => [point, detector.state()])),
      excursions: Object.fromEntries([...this.#excursions].map(([name, excursions]) => [name, excursions.state()])),
      active: this.#active,
      detail: this.#detail,
    };
  }

  /** The points of these that the equipment has and that the site has not taken out. */
  #addGauges(points: readonly string[]): string[] {
    const { learn = true } = this.#equipment;
    return points.filter((name) => {
      const found = this.#equipment.points.find(({ point }) => point === name);
      if (!found || learn === false || (learn !== true && !learn.includes(name))) return false;
      const gauge = { point: name, staleAfter: staleAfter(found.cadence), sum: 0, count: 0, last: Number.NaN };
      this.#gauges.set(name, { ...gauge, heard: Number.NEGATIVE_INFINITY });
      return true;
    });
  }

  #isTold(name: string, bars: number, isEcho: boolean): boolean {
    const excursions = this.#excursions.get(name);
    excursions?.add(bars, isEcho);
    return excursions?.isTold ?? false;
  }

  /** Told again at each step, so that it does not matter which fact got lost. */
  #conclude(now: number, blame: readonly string[], means: ReadonlyMap<string, number>): ExternalFact {
    const before = this.#active;
    this.#active = [...this.#excursions.values()].some(({ isTold }) => isTold);
    // What an alarm says stays as it is from its beginning to its end.
    if (this.#active && !before) this.#detail = this.#words(blame);
    const evidence = blame.map((point): Evidence => ({ point, value: means.get(point) ?? null, time: now }));
    return this.#fact(now, evidence);
  }

  #fact(now: number, evidence: readonly Evidence[]): ExternalFact {
    return {
      equipment: this.#equipment.id,
      fault: unusualOf(this.#equipment),
      subject: '',
      time: now,
      active: this.#active,
      detail: this.#detail,
      evidence,
    };
  }

  #words(blame: readonly string[]): LocalText {
    const labels = blame.map((point) => pointDefinition(kinds[this.#equipment.kind], point)?.label);
    const en = labels.map((label) => label?.en).join(', ');
    const zh = labels.map((label) => label?.zh).join('、');
    return this.#together
      ? { en: `Do not fit the other readings: ${en}`, zh: `与其他测点关系异常：${zh}` }
      : { en: `Unlike what is usual at this time: ${en}`, zh: `偏离同时段以往规律：${zh}` };
  }
}

function unusualOf({ kind }: DetectionEquipment): string {
  return `${kind}.unusual`;
}

/** The mean of the step; a point that reports changes only and says nothing is as it was, until it is stale. */
function takeMean(gauge: Gauge, now: number): number {
  const { sum, count, last, heard } = gauge;
  gauge.sum = 0;
  gauge.count = 0;
  if (count > 0) return sum / count;
  return now - heard <= gauge.staleAfter ? last : Number.NaN;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((point, at) => point === b[at]);
}
