import { Covariance, type CovarianceState } from './covariance.ts';
import { Tails, type TailsState } from './tails.ts';

/** Of the training, the part after which it is learned how far from the usual rows lie; and how many rows at the least. */
const calibrateFrom = 1 / 3;
const least = 30;
/** The running means beside the rows: they show what is small and lasts. */
const slow = 0.1;
/** How much of a row's surprise counts at once. */
const gain = 0.35;
/** The surprise of an anomaly. */
export const threshold = 2.2;
/** From this surprise on, what is odd about a row is learned in one row of so many, lest a fault that grows is usual. */
const doubt = 1.5;
const doubtful = 8;
/** Of anomalous rows in one of so many: a change for good is usual some day. */
const guarded = 64;
/** An oddity of at most so many rows has passed by itself: how far they lay is learned when it is over. */
const passing = 64;
/** Of a row itself, and of the running means. */
const distancesOfRow = 2;
/** It is over after so many usual rows. */
const over = 6;
/** A sensor is not learned in doubt from this part of the largest misfit on. */
const suspect = 0.2;
/** The surprise of one row in twenty. */
const visible = 1.3;

export interface MisfitState {
  readonly count: number;
  readonly surprise: number;
  /** How many rows in a row have been odd. */
  readonly oddRows: number;
  /** Two distances of each odd row of late, until it is known whether they pass; null once they are too many. */
  readonly pending?: readonly number[] | null;
  readonly usualRows?: number;
  readonly means: readonly (number | null)[];
  readonly rows: CovarianceState;
  readonly slowRows: CovarianceState;
  readonly tails: TailsState;
}

/** What one model says about a row. */
export interface Misfit {
  readonly surprise: number;
  /** The row itself is rare, so that the surprise is not only an echo of rows before it. */
  readonly visible: boolean;
  /** By sensor, its part of the misfit; zeros while nothing can be said. */
  readonly shares: Float64Array;
  /** The sensors that were not learned from this row. */
  readonly doubted: readonly number[];
}

/** Learns how sensors move together, row by row, and says how surprising a row's misfit is. */
export class MisfitModel {
  readonly #sensors: number;
  readonly #training: number;
  readonly #rows: Covariance;
  readonly #slowRows: Covariance;
  readonly #tails: Tails;
  /** Running means of the sensors; NaN before the first value. */
  readonly #means: Float64Array;
  #count: number;
  #surprise: number;
  #oddRows: number;
  #pending: number[] | null;
  #usualRows: number;

  constructor(sensors: number, training: number, state?: MisfitState) {
    this.#sensors = sensors;
    this.#training = training;
    this.#rows = new Covariance(sensors, state?.rows);
    this.#slowRows = new Covariance(sensors, state?.slowRows);
    this.#tails = new Tails(distancesOfRow, state?.tails);
    this.#means = Float64Array.from({ length: sensors }, (_, at) => state?.means[at] ?? Number.NaN);
    this.#count = state?.count ?? 0;
    this.#surprise = state?.surprise ?? 0;
    this.#oddRows = state?.oddRows ?? 0;
    this.#pending = state?.pending === null ? null : [...(state?.pending ?? [])];
    this.#usualRows = state?.usualRows ?? 0;
  }

  observe(row: Float64Array): Misfit {
    this.#count++;
    for (const [at, value] of row.entries()) {
      const mean = this.#means[at] ?? Number.NaN;
      if (!Number.isNaN(value)) this.#means[at] = Number.isNaN(mean) ? value : mean + slow * (value - mean);
    }
    const misfits = this.#calibrated ? [this.#rows.misfits(row), this.#slowRows.misfits(this.#means)] : [];
    const distances = misfits.map((sensors) => Math.sqrt(sensors.reduce((sum, one) => sum + one, 0)));
    const [own = 0, slower = 0] = distances.map((distance, at) => this.#tails.surprise(at, distance));
    this.#surprise += gain * (Math.hypot(own, slower) - this.#surprise);
    const odd = this.#count > this.#training && this.#surprise >= doubt;
    this.#oddRows = odd ? this.#oddRows + 1 : 0;
    const shares = sharesOf(misfits[slower > own ? 1 : 0] ?? new Float64Array(this.#sensors));
    const doubted = odd && this.#oddRows <= this.#training ? this.#doubted(shares) : undefined;
    if (this.#calibrated) this.#learnDistances(distances, doubted !== undefined);
    this.#rows.learn(without(row, doubted));
    this.#slowRows.learn(without(this.#means, doubted));
    return { surprise: this.#surprise, visible: own >= visible, shares, doubted: doubted ?? [] };
  }

  state(): MisfitState {
    return {
      count: this.#count,
      surprise: this.#surprise,
      oddRows: this.#oddRows,
      pending: this.#pending,
      usualRows: this.#usualRows,
      means: Array.from(this.#means, (mean) => (Number.isNaN(mean) ? null : mean)),
      rows: this.#rows.state(),
      slowRows: this.#slowRows.state(),
      tails: this.#tails.state(),
    };
  }

  /** Enough rows are known for a distance from them to mean something. */
  get #calibrated(): boolean {
    return this.#count > Math.max(least, this.#training * calibrateFrom);
  }

  /** Which sensors of an odd row are not to be learned; in few rows none, so that nothing is refused for ever. */
  #doubted(shares: Float64Array): number[] {
    const every = this.#surprise >= threshold ? guarded : doubtful;
    if (this.#count % every === 0) return [];
    const most = Math.max(...shares);
    return [...shares.keys()].filter((at) => (shares[at] ?? 0) >= suspect * most);
  }

  /** How far odd rows lie is learned when they have passed by themselves: else what comes each day would stay a surprise. */
  #learnDistances(distances: readonly number[], isDoubted: boolean): void {
    this.#usualRows = isDoubted ? 0 : this.#usualRows + 1;
    if (!isDoubted) this.#tails.add(distances);
    else if (this.#pending && this.#pending.length < passing * distancesOfRow) this.#pending.push(...distances);
    else this.#pending = null;
    if (this.#usualRows < over || this.#pending?.length === 0) return;
    const { length } = this.#pending ?? [];
    for (let at = 0; at < length; at += distancesOfRow)
      this.#tails.add((this.#pending ?? []).slice(at, at + distancesOfRow));
    this.#pending = [];
  }
}

/** The row, without these sensors. */
export function without(row: Float64Array, sensors: readonly number[] = []): Float64Array {
  const rest = Float64Array.from(row);
  for (const sensor of sensors) rest[sensor] = Number.NaN;
  return rest;
}

function sharesOf(misfits: Float64Array): Float64Array {
  const whole = misfits.reduce((sum, one) => sum + one, 0);
  return whole > 0 ? misfits.map((one) => one / whole) : misfits;
}
