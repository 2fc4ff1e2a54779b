/** Bins an octave, and bins in all: what lies 65,536 times below the largest value seen shares the lowest bin. */
const perOctave = 2;
const bins = 32;
/** The share of values that the tail begins with. */
const tailShare = 0.02;
/** Beyond this many values the counts are halved: about two weeks of values each 5 minutes, then the past fades. */
const memory = 4096;
/** Fewer values than this say nothing about what is rare. */
const least = 30;
/** The mean excess over the tail's begin is at least this part of its distance from the median. */
const leastExcess = 0.3;

export interface TailState {
  /** The bin of the largest value; null before the first one. */
  readonly top: number | null;
  readonly count: number;
  /** How many values fell into each bin from the top down; empty ones at the end are left out. */
  readonly bins: readonly number[];
}

/**
 * How rare a value is among all values before it, in constant memory: a histogram on a logarithmic scale, and beyond its
 * 98 % quantile an exponential tail through the mean excess (peaks over threshold, Pickands 1975; streaming after
 * Siffer 2017). Values are magnitudes, 0 or more.
 */
export class Tail {
  readonly #bins = new Float32Array(bins);
  #top: number | null = null;
  #count = 0;

  constructor(state?: TailState) {
    if (!state) return;
    this.#top = state.top;
    this.#count = state.count;
    this.#bins.set(state.bins.slice(0, bins));
  }

  add(magnitude: number): void {
    this.#count++;
    if (magnitude > 0) {
      const bin = Math.floor(perOctave * Math.log2(magnitude));
      this.#top ??= bin;
      if (bin > this.#top) this.#raiseTop(bin);
      const at = Math.min(bins - 1, this.#top - bin);
      this.#bins[at] = (this.#bins[at] ?? 0) + 1;
    }
    if (this.#count < memory) return;
    this.#count /= 2;
    for (let at = 0; at < bins; at++) this.#bins[at] = (this.#bins[at] ?? 0) / 2;
  }

  /** The decimal logarithm of one in how many values is as large as this one: 0 usual, 3 one in a thousand. */
  surprise(magnitude: number): number {
    if (this.#count < least || this.#top === null || !(magnitude > 0)) return 0;
    const wanted = tailShare * this.#count;
    let above = 0;
    let bin = 0;
    while (bin < bins && above + this.#at(bin) < wanted) above += this.#at(bin++);
    const part = bin < bins ? (wanted - above) / this.#at(bin) : 1;
    const begin = this.#edge(bin - 1 + part);
    if (magnitude <= begin) return -Math.log10((this.#countAbove(magnitude) + 1) / (this.#count + 1));
    const rest = (wanted - above) * (this.#edge(bin - 1 + part / 2) - begin);
    const floor = Math.max(leastExcess * (begin - this.#median(bin, above)), 1e-9 * begin);
    const excess = Math.max((this.#excessAbove(begin, bin) + rest) / wanted, floor);
    return -Math.log10((wanted + 1) / (this.#count + 1)) + (magnitude - begin) / excess / Math.LN10;
  }

  state(): TailState {
    const used = this.#bins.findLastIndex((count) => count > 0) + 1;
    return { top: this.#top, count: this.#count, bins: [...this.#bins.subarray(0, used)] };
  }

  #at(bin: number): number {
    return this.#bins[bin] ?? 0;
  }

  /** The lower edge of a bin counted from the top; -1 is the upper edge of the top bin. */
  #edge(bin: number): number {
    return 2 ** (((this.#top ?? 0) - bin) / perOctave);
  }

  #countAbove(magnitude: number): number {
    const place = (this.#top ?? 0) - perOctave * Math.log2(magnitude) + 1;
    const whole = Math.min(bins, Math.max(0, Math.floor(place)));
    let count = 0;
    for (let bin = 0; bin < whole; bin++) count += this.#at(bin);
    return whole < bins ? count + this.#at(whole) * (place - whole) : count;
  }

  #excessAbove(begin: number, end: number): number {
    let sum = 0;
    for (let bin = 0; bin < end; bin++) {
      const count = this.#at(bin);
      if (count > 0) sum += count * (this.#edge(bin - 0.5) - begin);
    }
    return sum;
  }

  #median(from: number, above: number): number {
    let count = above;
    let bin = from;
    while (bin < bins && count + this.#at(bin) < this.#count / 2) count += this.#at(bin++);
    return bin < bins ? this.#edge(bin - 0.5) : 0;
  }

  /** Moves all bins down to make room; what falls off the end stays in the last one. */
  #raiseTop(bin: number): void {
    const shift = Math.min(bins, bin - (this.#top ?? bin));
    let lost = 0;
    for (let at = bins - shift; at < bins; at++) lost += this.#at(at);
    this.#bins.copyWithin(shift, 0, bins - shift);
    this.#bins.fill(0, 0, shift);
    this.#bins[bins - 1] = this.#at(bins - 1) + lost;
    this.#top = bin;
  }
}
