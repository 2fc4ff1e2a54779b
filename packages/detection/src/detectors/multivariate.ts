import { MisfitModel, type MisfitState, threshold, without } from './misfit-model.ts';
import { Wander, type WanderState } from './wander.ts';

/** Rows that are learned before the first judgement, unless told. */
const usualTraining = 400;
/** A sensor is named from this part of the largest misfit on. */
const blamed = 0.2;
const largest = 1e30;

export interface MultivariateJudgement {
  /** 0 usual to 1 never seen the like; 0.5 and above is an anomaly. */
  readonly score: number;
  readonly anomaly: boolean;
  /** The surprise in those of an anomaly, also while it is learned in silence. */
  readonly bars: number;
  /** The row itself is rare (one in twenty), so that the anomaly is not only an echo of rows before it. */
  readonly visible: boolean;
  /** The sensors that the anomaly shows in, by their place in the row, the most conspicuous first; else empty. */
  readonly blame: readonly number[];
}

export interface MultivariateState {
  readonly version: 1;
  readonly count: number;
  readonly training: number;
  readonly wander: WanderState;
  /** The rows as they are read, and without the wandering of sensors that wander. */
  readonly levels: MisfitState;
  readonly moves: MisfitState;
}

/**
 * Learns how the sensors of one machine move together, row by row, and says when a row does not fit, and which sensors it
 * shows in. It has to be unlike before in its levels and in its movements: what wanders by nature is somewhere new all the
 * time, and what has settled at a new level moves as ever. An anomaly lasts as long as the rows do not fit.
 * Deterministic; goes on from `state()` as if never stopped.
 */
export class MultivariateDetector {
  readonly #training: number;
  readonly #wander: Wander;
  readonly #levels: MisfitModel;
  readonly #moves: MisfitModel;
  #count: number;

  constructor(sensors: number, training = usualTraining, state?: MultivariateState) {
    this.#training = state?.training ?? training;
    this.#wander = new Wander(sensors, state?.wander);
    this.#levels = new MisfitModel(sensors, this.#training, state?.levels);
    this.#moves = new MisfitModel(sensors, this.#training, state?.moves);
    this.#count = state?.count ?? 0;
  }

  /** Judges a row (one number for each sensor, NaN where there is none) and learns from it. */
  observe(values: ArrayLike<number>): MultivariateJudgement {
    const row = Float64Array.from(values, (value) => (Math.abs(value) <= largest ? value : Number.NaN));
    if (row.every(Number.isNaN)) return { score: 0, anomaly: false, bars: 0, visible: false, blame: [] };
    const levels = this.#levels.observe(row);
    const moves = this.#moves.observe(this.#wander.residual(row));
    this.#wander.learn(without(row, moves.doubted));
    const bars = Math.min(levels.surprise, moves.surprise) / threshold;
    const score = ++this.#count <= this.#training ? 0 : 1 - 2 ** -bars;
    const anomaly = score >= 0.5;
    const shares = levels.shares.map((share, at) => share + (moves.shares[at] ?? 0));
    return { score, anomaly, bars, visible: levels.visible || moves.visible, blame: anomaly ? named(shares) : [] };
  }

  state(): MultivariateState {
    return {
      version: 1,
      count: this.#count,
      training: this.#training,
      wander: this.#wander.state(),
      levels: this.#levels.state(),
      moves: this.#moves.state(),
    };
  }
}

/** The sensors that the misfit shows in, the most conspicuous first. */
function named(shares: ArrayLike<number>): number[] {
  const order = Array.from(shares, (share, sensor) => ({ share, sensor })).sort((a, b) => b.share - a.share);
  return order.filter(({ share }) => share >= blamed * (order[0]?.share ?? 0)).map(({ sensor }) => sensor);
}
