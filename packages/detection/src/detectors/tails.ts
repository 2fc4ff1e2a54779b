/** Bins an octave, and bins in all: what lies 4,096 times below the largest value seen shares the lowest bin. */
const perOctave = 2;
const bins = 24;
/** The share of values that the tail begins with. */
const tailShare = 0.02;
/** Beyond this many values the counts are halved: about two weeks of values each 5 minutes, then the past fades. */
const memory = 4096;
/** Counts are kept in eighths, so that halving takes three times to forget a single value. */
const unit = 8;
/** Fewer values than this say nothing about what is rare. */
const least = 30;
/** The mean excess over the tail's begin is at least this part of its distance from the median. */
const leastExcess = 0.3;

export interface TailsState {
  readonly count: number;
  /** By quantity: the bin of the largest value, null before the first one. */
  readonly tops: readonly (number | null)[];
  /** By quantity: eighths of values in each bin from the top down; empty ones at the end are left out. */
  readonly bins: readonly (readonly number[])[];
}

/**
 * How rare a value of each of several quantities is among all before it, in constant memory: a histogram on a logarithmic
 * scale, and beyond its 98 % quantile an exponential tail through the mean excess (peaks over threshold, Pickands 1975;
 * streaming after Siffer 2017). Values are magnitudes, 0 or more.
 */
export class Tails {
  readonly #bins: Uint16Array;
  readonly #tops: (number | null)[];
  #count: number;

  constructor(quantities: number, state?: TailsState) {
    this.#count = state?.count ?? 0;
    this.#tops = Array.from({ length: quantities }, (_, at) => state?.tops[at] ?? null);
    this.#bins = new Uint16Array(quantities * bins);
    for (const [at, counts] of (state?.bins ?? []).entries()) this.#bins.set(counts.slice(0, bins), at * bins);
  }

  /** The decimal logarithm of one in how many values is as large as this one: 0 usual, 3 one in a thousand. */
  surprise(quantity: number, magnitude: number): number {
    const top = this.#tops[quantity];
    if (this.#count < least || top === null || top === undefined || !(magnitude > 0)) return 0;
    const from = quantity * bins;
    const wanted = tailShare * this.#count;
    let above = 0;
    let bin = 0;
    while (bin < bins && above + this.#at(from + bin) < wanted) above += this.#at(from + bin++);
    const place = bin < bins ? bin - 1 + (wanted - above) / this.#at(from + bin) : bins;
    const begin = edge(top, place);
    if (magnitude <= begin) return -Math.log10((this.#countAbove(from, top, magnitude) + 1) / (this.#count + 1));
    const rest = (wanted - above) * (edge(top, (bin - 1 + place) / 2) - begin);
    const floor = Math.max(leastExcess * (begin - this.#median(from, top, bin, above)), 1e-9 * begin);
    const excess = Math.max((this.#excessAbove(from, top, begin, bin) + rest) / wanted, floor);
    return -Math.log10((wanted + 1) / (this.#count + 1)) + (magnitude - begin) / excess / Math.LN10;
  }

  /** Learns one value of each quantity. */
  add(magnitudes: ArrayLike<number>): void {
    for (let quantity = 0; quantity < this.#tops.length; quantity++) {
      const magnitude = magnitudes[quantity] ?? 0;
      if (!(magnitude > 0)) continue;
      const bin = Math.floor(perOctave * Math.log2(magnitude));
      const top = this.#tops[quantity] ?? bin;
      this.#tops[quantity] = Math.max(top, bin);
      const from = quantity * bins;
      if (bin > top) this.#moveDown(from, bin - top);
      this.#increase(from + Math.min(bins - 1, Math.max(0, top - bin)), unit);
    }
    if (++this.#count < memory) return;
    this.#count /= 2;
    for (let at = 0; at < this.#bins.length; at++) this.#bins[at] = (this.#bins[at] ?? 0) >> 1;
  }

  state(): TailsState {
    const counts = this.#tops.map((_, quantity) => {
      const own = this.#bins.subarray(quantity * bins, (quantity + 1) * bins);
      return [...own.subarray(0, own.findLastIndex((count) => count > 0) + 1)];
    });
    return { count: this.#count, tops: [...this.#tops], bins: counts };
  }

  /** How many values are in a bin. */
  #at(place: number): number {
    return (this.#bins[place] ?? 0) / unit;
  }

  #increase(place: number, by: number): void {
    this.#bins[place] = (this.#bins[place] ?? 0) + by;
  }

  #countAbove(from: number, top: number, magnitude: number): number {
    const place = top - perOctave * Math.log2(magnitude) + 1;
    const whole = Math.min(bins, Math.max(0, Math.floor(place)));
    let count = 0;
    for (let bin = 0; bin < whole; bin++) count += this.#at(from + bin);
    return whole < bins ? count + this.#at(from + whole) * (place - whole) : count;
  }

  #excessAbove(from: number, top: number, begin: number, end: number): number {
    let sum = 0;
    for (let bin = 0; bin < end; bin++) {
      const count = this.#at(from + bin);
      if (count > 0) sum += count * (edge(top, bin - 0.5) - begin);
    }
    return sum;
  }

  #median(from: number, top: number, tail: number, above: number): number {
    let count = above;
    let bin = tail;
    while (bin < bins && count + this.#at(from + bin) < this.#count / 2) count += this.#at(from + bin++);
    return bin < bins ? edge(top, bin - 0.5) : 0;
  }

  /** Makes room at the top; what falls off the end stays in the last bin. */
  #moveDown(from: number, steps: number): void {
    const shift = Math.min(bins, steps);
    let lost = 0;
    for (let bin = bins - shift; bin < bins; bin++) lost += this.#bins[from + bin] ?? 0;
    this.#bins.copyWithin(from + shift, from, from + bins - shift);
    this.#bins.fill(0, from, from + shift);
    this.#increase(from + bins - 1, lost);
  }
}

/** The lower edge of a bin counted from the top; -1 is the upper edge of the top bin. */
function edge(top: number, bin: number): number {
  return 2 ** ((top - bin) / perOctave);
}
