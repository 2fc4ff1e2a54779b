/** A course that comes again: of the day in half hours, of the week in hours. */
export interface Course {
  readonly period: number;
  readonly slots: number;
  /** How much of one period's deviation the profile takes over. */
  readonly gain: number;
}

const hour = 3_600_000;
export const daily: Course = { period: 24 * hour, slots: 48, gain: 0.15 };
export const weekly: Course = { period: 168 * hour, slots: 168, gain: 0.3 };

/** How many mean deviations one period may pull the profile at most. */
const reach = 3;
/** Forgetting, per value: of the level and the spread, and of the two errors that say whether the profile is of use. */
const levelGain = 0.002;
const errorGain = 0.003;
/** Values that the profile is compared on before it is used. */
const proving = 50;

export interface BaselineState {
  readonly count: number;
  readonly level: number;
  readonly spread: number;
  /** Usual value of each slot of the course (in UTC); null where none was seen yet. */
  readonly profile: readonly (number | null)[];
  /** The slot that runs, -1 before the first; the sum and number of its values so far. */
  readonly slot: number;
  readonly sum: number;
  readonly inSlot: number;
  readonly compared: number;
  readonly profileError: number;
  readonly levelError: number;
}

/**
 * What is usual at this time of the day, or of the week. The profile counts as far as it has predicted better than the
 * plain level, so that a series without such a course is left as it is; one odd day pulls it only so far.
 */
export class Baseline {
  readonly #course: Course;
  /** The profile is the part of it from there on. */
  readonly #memory: Float32Array;
  readonly #from: number;
  readonly #s: { -readonly [key in Exclude<keyof BaselineState, 'profile'>]: number };

  /** `memory` has room for the slots of the course from there on: one block for a series is smaller than many. */
  constructor(course: Course, memory: Float32Array, from: number, state?: BaselineState) {
    this.#course = course;
    this.#memory = memory;
    this.#from = from;
    const { profile, ...rest } = state ?? { profile: [], ...nothing };
    for (let slot = 0; slot < course.slots; slot++) memory[from + slot] = profile[slot] ?? Number.NaN;
    this.#s = rest;
  }

  /** The value less the course as it was known before; then learns from the value. */
  residual(time: number, value: number): number {
    const s = this.#s;
    if (s.count === 0) s.level = value;
    const { period, slots } = this.#course;
    const slot = Math.floor(((time - Math.floor(time / period) * period) * slots) / period);
    if (slot !== s.slot) this.#enter(slot);
    s.sum += value;
    s.inSlot++;
    const usual = this.#usual(slot);
    const weight = Number.isNaN(usual) ? 0 : this.#compare(value, usual);
    const residual = weight > 0 ? value - weight * (usual - s.level) : value;
    const gain = Math.max(levelGain, 1 / ++s.count);
    s.spread += gain * (Math.abs(value - s.level) - s.spread);
    s.level += gain * (value - s.level);
    return residual;
  }

  state(): BaselineState {
    const profile = Array.from({ length: this.#course.slots }, (_, slot) => this.#usual(slot));
    return { ...this.#s, profile: profile.map((value) => (Number.isNaN(value) ? null : value)) };
  }

  /** NaN where nothing was seen yet. */
  #usual(slot: number): number {
    return this.#memory[this.#from + slot] ?? Number.NaN;
  }

  /** A slot is over: the profile takes its mean over, in part. */
  #enter(slot: number): void {
    const s = this.#s;
    if (s.inSlot > 0) {
      const mean = s.sum / s.inSlot;
      const usual = this.#usual(s.slot);
      const limit = reach * s.spread;
      const pull = Math.max(-limit, Math.min(limit, mean - usual));
      this.#memory[this.#from + s.slot] = Number.isNaN(usual) ? mean : usual + this.#course.gain * pull;
    }
    s.slot = slot;
    s.sum = 0;
    s.inSlot = 0;
  }

  /** How far the profile is to be trusted: the part of the level's error that it has explained. */
  #compare(value: number, usual: number): number {
    const s = this.#s;
    const gain = Math.max(errorGain, 1 / ++s.compared);
    s.profileError += gain * (Math.abs(value - usual) - s.profileError);
    s.levelError += gain * (Math.abs(value - s.level) - s.levelError);
    if (s.compared <= proving || s.levelError <= 0) return 0;
    return Math.max(0, 1 - s.profileError / s.levelError);
  }
}

const nothing = {
  count: 0,
  level: 0,
  spread: 0,
  slot: -1,
  sum: 0,
  inSlot: 0,
  compared: 0,
  profileError: 0,
  levelError: 0,
} as const;
