import { Baseline, type BaselineState, daily, weekly } from './baseline.ts';
import { type FeatureName, Features, type FeaturesState, featureNames, kept } from './features.ts';
import { Tails, type TailsState } from './tails.ts';

/** Values before the first judgement, unless told. */
const usualTraining = 150;
/** How much of a value's surprise counts at once: a lone odd value has to be odder than two in a row. */
const gain = 0.35;
/** The surprise at which a score is a half, and an anomaly. */
const threshold = 3.65;
/** Each anomaly raises that bar by so much; it sinks back as the tails forget, over thousands of values. */
const reserve = 0.2;
const easing = 1 / 4096;
/** A pause so many times the usual one is a gap: what came before it is not compared with what comes after. */
const gap = 30;
const least = 30;
const pauseGain = 0.01;
/** Values after an anomaly in which no other is told: one event, one anomaly. */
const quiet = 120;
/** What is left of the score meanwhile. */
const muted = 0.25;
/** No plant measures more; such a value is no number. */
const largest = 1e30;

/** What the detector says about one value. */
export interface Judgement {
  /** 0 usual to 1 never seen the like; 0.5 and above is an anomaly. */
  readonly score: number;
  readonly anomaly: boolean;
  /** The same, but also while it has been told already. */
  readonly odd: boolean;
  /** The surprise in those of an anomaly, also while it is learned in silence. */
  readonly bars: number;
  /** What about the value is the most surprising; null while nothing is. */
  readonly because: FeatureName | null;
}

const nothing: Judgement = { score: 0, anomaly: false, odd: false, bars: 0, because: null };

export interface UnivariateState {
  readonly version: 1;
  readonly training: number;
  /** The first value; all else is kept as distance from it, so that single precision will do. */
  readonly origin: number;
  readonly day: BaselineState;
  readonly week: BaselineState;
  readonly features: FeaturesState;
  readonly tails: TailsState;
  readonly count: number;
  /** Time of the last value, and the usual pause between two, in ms. */
  readonly time: number;
  readonly pause: number;
  readonly surprise: number;
  readonly reserve: number;
  readonly quiet: number;
}

/**
 * Learns what is usual for one series, value by value, and says how surprising each value is in the light of those
 * before it. Constant memory, no clock, no randomness: the same values give the same scores, also across a restart from
 * `state()`. How it works is in docs/learned-detection.md.
 */
export class UnivariateDetector {
  readonly #day: Baseline;
  readonly #week: Baseline;
  readonly #features: Features;
  readonly #tails: Tails;
  readonly #training: number;
  #origin: number;
  #count: number;
  #time: number;
  #pause: number;
  #surprise: number;
  #reserve: number;
  #quiet: number;

  constructor(training = usualTraining, state?: UnivariateState) {
    this.#training = state?.training ?? training;
    const memory = new Float32Array(daily.slots + weekly.slots + kept);
    this.#day = new Baseline(daily, memory, 0, state?.day);
    this.#week = new Baseline(weekly, memory, daily.slots, state?.week);
    this.#features = new Features(memory, daily.slots + weekly.slots, state?.features);
    this.#tails = new Tails(featureNames.length, state?.tails);
    this.#origin = state?.origin ?? 0;
    this.#count = state?.count ?? 0;
    this.#time = state?.time ?? 0;
    this.#pause = state?.pause ?? 0;
    this.#surprise = state?.surprise ?? 0;
    this.#reserve = state?.reserve ?? 0;
    this.#quiet = state?.quiet ?? 0;
  }

  /** Judges a value (`time` in ms, any order) and learns from it. What is no number is neither judged nor learned. */
  observe(time: number, value: number): Judgement {
    if (!Number.isFinite(time) || !(Math.abs(value) <= largest)) return nothing;
    if (this.#count === 0) this.#origin = value;
    this.#follow(time);
    const distance = value - this.#origin;
    const magnitudes = this.#features.add(this.#week.residual(time, this.#day.residual(time, distance)), distance);
    let sum = 0;
    let most = 0;
    let because: FeatureName | null = null;
    for (const [at, name] of featureNames.entries()) {
      const surprise = this.#tails.surprise(at, magnitudes[at] ?? 0);
      sum += surprise * surprise;
      if (surprise <= most) continue;
      most = surprise;
      because = name;
    }
    this.#tails.add(magnitudes);
    this.#surprise += gain * (Math.sqrt(sum) - this.#surprise);
    return { ...this.#judge(), because };
  }

  state(): UnivariateState {
    return {
      version: 1,
      training: this.#training,
      origin: this.#origin,
      day: this.#day.state(),
      week: this.#week.state(),
      features: this.#features.state(),
      tails: this.#tails.state(),
      count: this.#count,
      time: this.#time,
      pause: this.#pause,
      surprise: this.#surprise,
      reserve: this.#reserve,
      quiet: this.#quiet,
    };
  }

  /** Learns the usual pause between two values, and notices a gap. */
  #follow(time: number): void {
    const pause = time - this.#time;
    const known = this.#count > least;
    if (known && pause > gap * this.#pause) {
      this.#features.interrupt();
      this.#surprise = 0;
    } else if (this.#count > 0 && pause >= 0) {
      this.#pause += Math.max(1 / this.#count, pauseGain) * (pause - this.#pause);
    }
    this.#time = time;
  }

  #judge(): Omit<Judgement, 'because'> {
    const bars = this.#surprise / (threshold + this.#reserve * (1 - easing));
    if (++this.#count <= this.#training) return { score: 0, anomaly: false, odd: false, bars };
    this.#reserve -= easing * this.#reserve;
    const score = 1 - 2 ** -bars;
    const odd = score >= 0.5;
    if (this.#quiet > 0) {
      this.#quiet--;
      return { score: score * muted, anomaly: false, odd, bars };
    }
    if (odd) {
      this.#quiet = quiet;
      this.#reserve += reserve;
    }
    return { score, anomaly: odd, odd, bars };
  }
}
