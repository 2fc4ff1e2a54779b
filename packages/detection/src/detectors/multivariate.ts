import { Covariance, type CovarianceState } from './covariance.ts';
import { Tails, type TailsState } from './tails.ts';

/** Rows that are learned before the first judgement, unless told. */
const usualTraining = 400;
/** Of these, the part after which it is learned how far from the usual rows lie; and how many rows at the least. */
const calibrateFrom = 1 / 3;
const least = 30;
/** The running means beside the rows: they show what is small and lasts. */
const slow = 0.1;
/** How much of a row's surprise counts at once. */
const gain = 0.35;
/** The surprise at which a score is a half, and an anomaly. */
const threshold = 2.5;
/** From this surprise on, what is odd about a row is learned in one row of so many, lest a fault that grows is usual. */
const doubt = 1.5;
const doubtful = 8;
/** Of anomalous rows in one of so many: a change for good is usual some day. */
const guarded = 64;
/** The surprise of one row in twenty. */
const visible = 1.3;
/** A sensor is named from this part of the distance on, and the first one always. */
const blamed = 0.2;
const largest = 1e30;

export interface MultivariateJudgement {
  /** 0 usual to 1 never seen the like; 0.5 and above is an anomaly. */
  readonly score: number;
  readonly anomaly: boolean;
  /** The row itself is rare (one in twenty), so that the anomaly is not only an echo of rows before it. */
  readonly visible: boolean;
  /** The sensors that the anomaly shows in, by their place in the row, the most conspicuous first; else empty. */
  readonly blame: readonly number[];
}

export interface MultivariateState {
  readonly version: 1;
  readonly count: number;
  readonly training: number;
  readonly surprise: number;
  /** How many rows in a row have been odd. */
  readonly oddRows: number;
  readonly means: readonly (number | null)[];
  readonly rows: CovarianceState;
  readonly slowRows: CovarianceState;
  readonly tails: TailsState;
}

/**
 * Learns how the sensors of one machine move together, row by row, and says when a row does not fit, and which sensors it
 * shows in. An anomaly lasts as long as the rows do not fit. Deterministic; goes on from `state()` as if never stopped.
 */
export class MultivariateDetector {
  readonly #training: number;
  readonly #rows: Covariance;
  readonly #slowRows: Covariance;
  readonly #tails: Tails;
  /** Running means of the sensors; NaN before the first value. */
  readonly #means: Float64Array;
  #count: number;
  #surprise: number;
  #oddRows: number;

  constructor(sensors: number, training = usualTraining, state?: MultivariateState) {
    this.#training = state?.training ?? training;
    this.#rows = new Covariance(sensors, state?.rows);
    this.#slowRows = new Covariance(sensors, state?.slowRows);
    this.#tails = new Tails(2, state?.tails);
    this.#means = Float64Array.from({ length: sensors }, (_, at) => state?.means[at] ?? Number.NaN);
    this.#count = state?.count ?? 0;
    this.#surprise = state?.surprise ?? 0;
    this.#oddRows = state?.oddRows ?? 0;
  }

  /** Judges a row (one number for each sensor, NaN where there is none) and learns from it. */
  observe(values: ArrayLike<number>): MultivariateJudgement {
    const row = Float64Array.from(values, (value) => (Math.abs(value) <= largest ? value : Number.NaN));
    if (row.every(Number.isNaN)) return { score: 0, anomaly: false, visible: false, blame: [] };
    this.#count++;
    for (const [at, value] of row.entries()) {
      const mean = this.#means[at] ?? Number.NaN;
      if (!Number.isNaN(value)) this.#means[at] = Number.isNaN(mean) ? value : mean + slow * (value - mean);
    }
    const misfits = this.#calibrated ? [this.#rows.misfits(row), this.#slowRows.misfits(this.#means)] : [];
    const distances = misfits.map((sensors) => Math.sqrt(sensors.reduce((sum, one) => sum + one, 0)));
    const surprises = distances.map((distance, at) => this.#tails.surprise(at, distance));
    this.#surprise += gain * (Math.hypot(...surprises) - this.#surprise);
    const silent = this.#count <= this.#training;
    const score = silent ? 0 : 1 - 2 ** (-this.#surprise / threshold);
    const anomaly = score >= 0.5;
    const odd = !silent && this.#surprise >= doubt;
    this.#oddRows = odd ? this.#oddRows + 1 : 0;
    const slower = (surprises[1] ?? 0) > (surprises[0] ?? 0);
    const blame = odd ? named(misfits[slower ? 1 : 0] ?? []) : [];
    const accepted = this.#oddRows > this.#training;
    this.#learn(row, distances, odd && !accepted, blame);
    return { score, anomaly, visible: (surprises[0] ?? 0) >= visible, blame: anomaly ? blame : [] };
  }

  state(): MultivariateState {
    return {
      version: 1,
      count: this.#count,
      training: this.#training,
      surprise: this.#surprise,
      oddRows: this.#oddRows,
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

  /** Of an odd row, only the sensors that are beyond doubt are learned. */
  #learn(row: Float64Array, distances: readonly number[], odd: boolean, blame: readonly number[]): void {
    const means = Float64Array.from(this.#means);
    const every = this.#surprise >= threshold ? guarded : doubtful;
    if (odd && this.#count % every !== 0) {
      for (const sensor of blame) {
        row[sensor] = Number.NaN;
        means[sensor] = Number.NaN;
      }
    }
    if (!odd && this.#calibrated) this.#tails.add(distances);
    this.#rows.learn(row);
    this.#slowRows.learn(means);
  }
}

/** The sensors that the misfit shows in, the most conspicuous first. */
function named(misfits: ArrayLike<number>): number[] {
  const order = Array.from(misfits, (misfit, sensor) => ({ misfit, sensor })).sort((a, b) => b.misfit - a.misfit);
  return order.filter(({ misfit }) => misfit >= blamed * (order[0]?.misfit ?? 0)).map(({ sensor }) => sensor);
}
