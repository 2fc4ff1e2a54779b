/** Of the quick mean, per row; and forgetting of the level, and of the two errors that are compared. */
const quickGain = 0.05;
const levelGain = 1 / 4096;
const errorGain = 1 / 400;
/** Rows that the two are compared on before the better one counts. */
const proving = 50;

export interface WanderState {
  readonly counts: readonly number[];
  readonly levels: readonly number[];
  readonly quick: readonly number[];
  readonly levelErrors: readonly number[];
  readonly quickErrors: readonly number[];
}

/**
 * Takes the wandering out of sensors that wander, such as the temperature of a room: what is left is the distance from a
 * quick mean, as far as that has predicted better than the long one. A sensor that keeps its level is left as it is.
 */
export class Wander {
  readonly #counts: Float64Array;
  readonly #levels: Float64Array;
  readonly #quick: Float64Array;
  readonly #levelErrors: Float64Array;
  readonly #quickErrors: Float64Array;

  constructor(sensors: number, state?: WanderState) {
    const arrayOf = (saved: readonly number[] | undefined) => Float64Array.from(saved ?? new Float64Array(sensors));
    this.#counts = arrayOf(state?.counts);
    this.#levels = arrayOf(state?.levels);
    this.#quick = arrayOf(state?.quick);
    this.#levelErrors = arrayOf(state?.levelErrors);
    this.#quickErrors = arrayOf(state?.quickErrors);
  }

  /** The row without its wandering, as far as it was known before. */
  residual(row: Float64Array): Float64Array {
    return row.map((value, at) => value - this.#weight(at) * ((this.#quick[at] ?? 0) - (this.#levels[at] ?? 0)));
  }

  /** Learns from a row; a sensor without a number is left as it is. */
  learn(row: Float64Array): void {
    for (const [at, value] of row.entries()) {
      if (Number.isNaN(value)) continue;
      const count = (this.#counts[at] ?? 0) + 1;
      this.#counts[at] = count;
      const fromLevel = count > 1 ? value - (this.#levels[at] ?? 0) : 0;
      const fromQuick = count > 1 ? value - (this.#quick[at] ?? 0) : 0;
      const gain = Math.max(errorGain, 1 / count);
      this.#levelErrors[at] = (1 - gain) * (this.#levelErrors[at] ?? 0) + gain * Math.abs(fromLevel);
      this.#quickErrors[at] = (1 - gain) * (this.#quickErrors[at] ?? 0) + gain * Math.abs(fromQuick);
      this.#levels[at] = count > 1 ? (this.#levels[at] ?? 0) + Math.max(levelGain, 1 / count) * fromLevel : value;
      this.#quick[at] = count > 1 ? (this.#quick[at] ?? 0) + Math.max(quickGain, 1 / count) * fromQuick : value;
    }
  }

  state(): WanderState {
    return {
      counts: [...this.#counts],
      levels: [...this.#levels],
      quick: [...this.#quick],
      levelErrors: [...this.#levelErrors],
      quickErrors: [...this.#quickErrors],
    };
  }

  /** How much of the quick mean is taken: all of it once it has explained half of the level's error. */
  #weight(at: number): number {
    const level = this.#levelErrors[at] ?? 0;
    if ((this.#counts[at] ?? 0) <= proving || level <= 0) return 0;
    const explained = 1 - (this.#quickErrors[at] ?? 0) / level;
    return Math.max(0, Math.min(1, 2 * explained));
  }
}
