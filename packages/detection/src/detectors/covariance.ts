/** Correlations are shrunk towards none by this, and more while few rows are known: sensors may be copies of each other. */
const shrinkage = 0.02;
/** Spread of a sensor that has never moved, as part of its value. */
const leastSpread = 1e-3;
/** How many spreads away a value counts at most, when it is judged and when it is learned. */
const farthest = 20;
const farthestLearned = 5;
/** Rows after which values are no longer learned as they are. */
const trusted = 50;
/** Rows after which the past begins to fade. */
const memory = 4096;

export interface CovarianceState {
  /** How many numbers each sensor has given. */
  readonly counts: readonly number[];
  readonly mean: readonly number[];
  /** The lower triangle, row by row. */
  readonly covariance: readonly number[];
}

/** Mean and covariance of several sensors, learned row by row, and how far a row lies from them. */
export class Covariance {
  readonly #size: number;
  readonly #mean: Float64Array;
  /** The lower triangle, row by row. */
  readonly #covariance: Float64Array;
  readonly #counts: Float64Array;

  constructor(size: number, state?: CovarianceState) {
    this.#size = size;
    this.#counts = Float64Array.from(state?.counts ?? new Float64Array(size));
    this.#mean = Float64Array.from(state?.mean ?? new Float64Array(size));
    this.#covariance = Float64Array.from(state?.covariance ?? new Float64Array((size * (size + 1)) / 2));
  }

  /** Learns a row; a sensor without a number is left as it is. */
  learn(row: ArrayLike<number>): void {
    const moves = Float64Array.from({ length: this.#size }, (_, at) => this.#moved(row[at] ?? Number.NaN, at));
    const gains = Float64Array.from(this.#counts, (count) => Math.max(1 / memory, 1 / (count + 1)));
    for (let a = 0; a < this.#size; a++) {
      const move = moves[a] ?? 0;
      if (Number.isNaN(move)) continue;
      for (let b = 0; b <= a; b++) {
        const gain = Math.max(gains[a] ?? 1, gains[b] ?? 1);
        const product = move * (moves[b] ?? 0) * (1 - gain);
        const at = place(a, b);
        const known = this.#covariance[at] ?? 0;
        if (!Number.isNaN(product)) this.#covariance[at] = known + gain * (product - known);
      }
      this.#mean[a] = (this.#mean[a] ?? 0) + (gains[a] ?? 1) * move;
      this.#counts[a] = (this.#counts[a] ?? 0) + 1;
    }
  }

  /**
   * How badly each sensor fits what the others let expect: the square of its conditional residual in spreads of that
   * residual, which is also its reconstruction-based contribution to the Mahalanobis distance (Alcala and Qin 2009).
   * An operating point that is new but consistent counts little, as in the Q statistic of principal components.
   */
  misfits(row: ArrayLike<number>): Float64Array {
    const size = this.#size;
    const lower = this.#cholesky();
    const solved = this.#forward(lower, this.#scaled(row));
    const unit = new Float64Array(size);
    return Float64Array.from({ length: size }, (_, at) => {
      unit.fill(0)[at] = 1;
      const column = this.#forward(lower, unit, at);
      let along = 0;
      let own = 0;
      for (let k = at; k < size; k++) {
        along += (column[k] ?? 0) * (solved[k] ?? 0);
        own += (column[k] ?? 0) ** 2;
      }
      return (along * along) / own;
    });
  }

  state(): CovarianceState {
    return { counts: [...this.#counts], mean: [...this.#mean], covariance: [...this.#covariance] };
  }

  #spread(at: number): number {
    const learned = Math.sqrt(Math.max(0, this.#covariance[place(at, at)] ?? 0));
    return Math.max(learned, leastSpread * Math.abs(this.#mean[at] ?? 0), 1e-9);
  }

  #moved(value: number, at: number): number {
    const move = value - (this.#mean[at] ?? 0);
    if ((this.#counts[at] ?? 0) <= trusted) return move;
    const limit = farthestLearned * this.#spread(at);
    return Math.max(-limit, Math.min(limit, move));
  }

  /** Distances from the mean in spreads; a missing value is taken for the mean. */
  #scaled(row: ArrayLike<number>): Float64Array {
    return Float64Array.from({ length: this.#size }, (_, at) => {
      const z = ((row[at] ?? Number.NaN) - (this.#mean[at] ?? 0)) / this.#spread(at);
      return Number.isNaN(z) || this.#counts[at] === 0 ? 0 : Math.max(-farthest, Math.min(farthest, z));
    });
  }

  /** Cholesky's factor of the shrunk correlations. */
  #cholesky(): Float64Array {
    const size = this.#size;
    const lower = new Float64Array((size * (size + 1)) / 2);
    const rows = Math.max(...this.#counts);
    const keep = (1 - shrinkage) * (rows / (rows + size));
    const spreads = Float64Array.from({ length: size }, (_, at) => this.#spread(at));
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        const scale = (spreads[a] ?? 1) * (spreads[b] ?? 1);
        let sum = a === b ? 1 : (keep * (this.#covariance[place(a, b)] ?? 0)) / scale;
        for (let k = 0; k < b; k++) sum -= (lower[place(a, k)] ?? 0) * (lower[place(b, k)] ?? 0);
        lower[place(a, b)] = a === b ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[place(b, b)] ?? 1);
      }
    }
    return lower;
  }

  /** Solves `lower x = right`, where all of `right` before `from` is 0. */
  #forward(lower: Float64Array, right: Float64Array, from = 0): Float64Array {
    const solved = new Float64Array(this.#size);
    for (let a = from; a < this.#size; a++) {
      let sum = right[a] ?? 0;
      for (let k = from; k < a; k++) sum -= (lower[place(a, k)] ?? 0) * (solved[k] ?? 0);
      solved[a] = sum / (lower[place(a, a)] ?? 1);
    }
    return solved;
  }
}

function place(row: number, column: number): number {
  return (row * (row + 1)) / 2 + column;
}
