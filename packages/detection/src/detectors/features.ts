/** Values of the two neighbouring windows whose means are compared. */
const window = 24;
/** Values of the short mean that a level is judged by. */
const short = 6;
const fast = 0.3;
const slow = 0.1;
/** Forgetting of the centre, per value. */
const centreGain = 0.0005;
/** Differences below this part of the largest magnitude are rounding. */
const resolution = 1e-9;

/** What is watched in a series: each is a magnitude, and one that is rarely as large is a surprise. */
export const featureNames = ['high', 'low', 'level-high', 'level-low', 'shift', 'jump', 'spike'] as const;
export type FeatureName = (typeof featureNames)[number];

export interface FeaturesState {
  readonly count: number;
  readonly centre: number;
  readonly fast: number;
  readonly slow: number;
  readonly largest: number;
  /** The last values, the oldest first. */
  readonly recent: readonly number[];
}

/** Magnitudes that tell of spikes, jumps and shifts of level, from the last 48 values and some running means. */
export class Features {
  /** By `featureNames`; of the last value. */
  readonly values = new Float64Array(featureNames.length);
  readonly #recent = new Float32Array(2 * window);
  #count = 0;
  #centre = 0;
  #fast = 0;
  #slow = 0;
  #largest = 0;

  constructor(state?: FeaturesState) {
    if (!state) return;
    this.#count = state.count;
    this.#centre = state.centre;
    this.#fast = state.fast;
    this.#slow = state.slow;
    this.#largest = state.largest;
    const first = this.#count - state.recent.length;
    for (const [at, value] of state.recent.entries()) this.#recent[(first + at) % this.#recent.length] = value;
  }

  add(value: number): void {
    if (this.#count === 0) {
      this.#centre = value;
      this.#fast = value;
      this.#slow = value;
    }
    this.#recent[this.#count++ % this.#recent.length] = value;
    this.#largest = Math.max(this.#largest, Math.abs(value));
    const away = value - this.#centre;
    const level = this.#mean(0, short) - this.#centre;
    const shift = this.#count >= 2 * window ? this.#mean(0, window) - this.#mean(window, window) : 0;
    this.#set(0, away);
    this.#set(1, -away);
    this.#set(2, level);
    this.#set(3, -level);
    this.#set(4, Math.abs(shift));
    this.#set(5, Math.abs(value - this.#slow));
    this.#set(6, Math.abs(value - this.#fast));
    this.#fast += fast * (value - this.#fast);
    this.#slow += slow * (value - this.#slow);
    this.#centre += Math.max(centreGain, 1 / this.#count) * away;
  }

  state(): FeaturesState {
    const length = Math.min(this.#count, this.#recent.length);
    const recent = Array.from({ length }, (_, at) => this.#back(length - 1 - at));
    const [count, centre, largest] = [this.#count, this.#centre, this.#largest];
    return { count, centre, fast: this.#fast, slow: this.#slow, largest, recent };
  }

  #set(feature: number, magnitude: number): void {
    this.values[feature] = magnitude > resolution * this.#largest ? magnitude : 0;
  }

  /** The value so many steps back; 0 is the last one. */
  #back(steps: number): number {
    return this.#recent[(this.#count - 1 - steps) % this.#recent.length] ?? 0;
  }

  #mean(from: number, length: number): number {
    const values = Math.min(length, this.#count - from);
    let sum = 0;
    for (let steps = from; steps < from + values; steps++) sum += this.#back(steps);
    return sum / values;
  }
}
