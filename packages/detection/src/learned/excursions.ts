/** A surprise counts up to so many times that of an anomaly: how long it lasts tells more than how large it is. */
const most = 3;
/** An excursion has to be larger by this than what has come before more than once. */
const margin = 2;
/** How many of the largest excursions are kept; the smallest of them has come before more than once. */
const kept = 2;
/** One smaller than this is no more than noise. */
const least = 1;
/** Half an hour of usual steps ends an excursion. */
const calmSteps = 6;
/** One that is remembered loses half of its size in a quarter of a year. */
const fading = 0.5 ** (1 / (90 * 288));

export interface ExcursionsState {
  readonly steps: number;
  readonly area: number;
  readonly odd: number;
  readonly calm: number;
  readonly told: boolean;
  /** The largest ones that have ended, the largest first. */
  readonly largest: readonly number[];
}

/**
 * Sums up how far and how long a detector's surprise lies above its bar, and remembers the largest of these excursions:
 * what has come more than once is no news, however rare.
 */
export class Excursions {
  readonly #lasting: number;
  readonly #learning: number;
  readonly #training: number;
  readonly #s: { -readonly [key in keyof ExcursionsState]: ExcursionsState[key] };

  /**
   * All in steps: how long an excursion lasts to be told, how long the detector learns and its surprises mean nothing, and
   * how long nothing is told.
   */
  constructor(lasting: number, learning: number, training: number, state?: ExcursionsState) {
    this.#lasting = lasting;
    this.#learning = learning;
    this.#training = training;
    this.#s = { ...(state ?? { steps: 0, area: 0, odd: 0, calm: 0, told: false, largest: [0, 0] }) };
  }

  /** An excursion lasts that is longer, and larger, than what has come before. */
  get isTold(): boolean {
    return this.#s.told;
  }

  /** Takes the surprise of a step in bars (1 is odd). An echo is odd by the steps before it alone, and counts for nothing. */
  add(bars: number, isEcho: boolean): void {
    const s = this.#s;
    if (++s.steps <= this.#learning) return;
    s.largest = s.largest.map((area) => area * fading);
    const isOdd = bars >= 1;
    s.calm = isOdd ? 0 : s.calm + 1;
    if (!isOdd) s.odd = 0;
    else if (!isEcho) {
      s.odd++;
      s.area += Math.min(most, bars) - 1;
    }
    const usual = margin * Math.max(least, s.largest.at(-1) ?? 0);
    if (s.steps > this.#training && s.odd >= this.#lasting && s.area > usual) s.told = true;
    if (s.calm >= calmSteps) this.#end();
  }

  state(): ExcursionsState {
    return { ...this.#s };
  }

  #end(): void {
    const s = this.#s;
    if (s.area > 0) s.largest = [...s.largest, s.area].sort((a, b) => b - a).slice(0, kept);
    s.area = 0;
    s.told = false;
  }
}
