/** Values of the two neighbouring windows whose means are compared. */
const window = 24;
export const kept = 2 * window;
/** Values of the short mean that a level is judged by. */
const short = 6;
const fast = 0.3;
const slow = 0.1;
/** Forgetting of the centre, per value. */
const centreGain = 0.0005;
/** Differences below this part of the largest magnitude are rounding. */
const resolution = 1e-9;

/** What is watched in a series: each is a magnitude, and one that is rarely as large is a surprise. */
export const featureNames = [
  'high',
  'low',
  'level-high',
  'level-low',
  'shift',
  'jump',
  'spike',
  'restless',
  'calm',
  'frozen',
] as const;
export type FeatureName = (typeof featureNames)[number];

/** Shared by all series, since it is read at once. */
const magnitudes = new Float64Array(featureNames.length);

export interface FeaturesState {
  readonly count: number;
  /** Values since the last gap. */
  readonly since: number;
  readonly centre: number;
  readonly fast: number;
  readonly slow: number;
  readonly largest: number;
  /** The last value as it was measured, and how many before it were the same. */
  readonly measured: number;
  readonly same: number;
  /** The last values, the oldest first. */
  readonly recent: readonly number[];
}

/** Magnitudes that tell of spikes, jumps, shifts of level and spread, and of a value that stands still. */
export class Features {
  /** The last values are a ring in it from there on. */
  readonly #memory: Float32Array;
  readonly #from: number;
  readonly #s: { -readonly [key in Exclude<keyof FeaturesState, 'recent'>]: number };

  /** `memory` has room for `kept` values from there on. */
  constructor(memory: Float32Array, from: number, state?: FeaturesState) {
    this.#memory = memory;
    this.#from = from;
    const { recent, ...rest } = state ?? { recent: [], ...nothing };
    this.#s = rest;
    for (const [at, value] of recent.entries()) memory[from + ((rest.since - recent.length + at) % kept)] = value;
  }

  /**
   * Takes what is left of a measured value when its daily and weekly course is gone, and the value as it was measured.
   * Gives the magnitudes by `featureNames`, which hold until the next call on any series.
   */
  add(value: number, measured: number): Float64Array {
    const s = this.#s;
    if (s.count === 0) s.centre = value;
    if (s.since === 0) {
      s.fast = value;
      s.slow = value;
    }
    s.same = s.since > 0 && measured === s.measured ? s.same + 1 : 0;
    s.measured = measured;
    this.#memory[this.#from + (s.since++ % kept)] = value;
    s.largest = Math.max(s.largest, Math.abs(value));
    this.#measure(value);
    s.fast += fast * (value - s.fast);
    s.slow += slow * (value - s.slow);
    s.centre += Math.max(centreGain, 1 / ++s.count) * (value - s.centre);
    return magnitudes;
  }

  /** Nothing is known of what came just before the next value. */
  interrupt(): void {
    this.#s.since = 0;
  }

  state(): FeaturesState {
    const length = Math.min(this.#s.since, kept);
    return { ...this.#s, recent: Array.from({ length }, (_, at) => this.#back(length - 1 - at)) };
  }

  #measure(value: number): void {
    const { centre, since } = this.#s;
    const level = this.#mean(0, short) - centre;
    const mean = this.#mean(0, window);
    const spread = since >= window ? this.#spread(mean) : 0;
    this.#set(0, value - centre);
    this.#set(1, centre - value);
    this.#set(2, level);
    this.#set(3, -level);
    this.#set(4, since >= 2 * window ? Math.abs(mean - this.#mean(window, window)) : 0);
    this.#set(5, Math.abs(value - this.#s.slow));
    this.#set(6, Math.abs(value - this.#s.fast));
    this.#set(7, spread);
    magnitudes[8] = spread > resolution * this.#s.largest ? 1 / spread : 0;
    magnitudes[9] = this.#s.same;
  }

  #set(feature: number, magnitude: number): void {
    magnitudes[feature] = magnitude > resolution * this.#s.largest ? magnitude : 0;
  }

  /** The value so many steps back; 0 is the last one. */
  #back(steps: number): number {
    return this.#memory[this.#from + ((this.#s.since - 1 - steps) % kept)] ?? 0;
  }

  #mean(from: number, length: number): number {
    const values = Math.min(length, this.#s.since - from);
    let sum = 0;
    for (let steps = from; steps < from + values; steps++) sum += this.#back(steps);
    return values > 0 ? sum / values : 0;
  }

  /** The standard deviation of the last window. */
  #spread(mean: number): number {
    let sum = 0;
    for (let steps = 0; steps < window; steps++) sum += (this.#back(steps) - mean) ** 2;
    return Math.sqrt(sum / window);
  }
}

const nothing = { count: 0, since: 0, centre: 0, fast: 0, slow: 0, largest: 0, measured: 0, same: 0 } as const;
