import { qualityCode } from '../quality.ts';
import { type IndexedSample, largestFrame, type SampleColumns } from './samples.ts';

/** Numbers of one sample: index, time, gateway time, value, quality code, raw; NaN where there is none. */
const width = 6;
/** More than the places in the largest frame; what is left of a key in 16 bits is its place. */
const placesAPoint = 2 ** 16;

/** Samples in any order as one block of numbers: a thread takes it over whole, where objects would be written and read one by one. */
export type PackedSamples = Float64Array<ArrayBuffer>;

/**
 * Gathers samples as numbers, in one block that is used again and again: objects that wait for a second would be copied by
 * the garbage collector, twice each, at every sample of the site.
 */
export class SamplePacker {
  readonly #block: PackedSamples;
  #end = 0;

  /** @param size Samples that it can hold at most. */
  constructor(size: number) {
    this.#block = new Float64Array(size * width);
  }

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  get isFull(): boolean {
    return this.#end === this.#block.length;
  }

  add(index: number, { time, gatewayTime, value, quality, reason, raw }: Omit<IndexedSample, 'index'>): void {
    const block = this.#block;
    const at = this.#end;
    block[at] = index;
    block[at + 1] = time;
    block[at + 2] = gatewayTime;
    block[at + 3] = value ?? Number.NaN;
    block[at + 4] =
      quality === 'good' && reason === undefined
        ? 0
        : qualityCode(reason === undefined ? { quality } : { quality, reason });
    block[at + 5] = raw ?? Number.NaN;
    this.#end = at + width;
  }

  /** What was gathered; begins anew. */
  take(): PackedSamples {
    const packed = this.#block.slice(0, this.#end);
    this.#end = 0;
    return packed;
  }
}

export function packSamples(samples: readonly IndexedSample[]): PackedSamples {
  const packer = new SamplePacker(samples.length);
  for (const sample of samples) packer.add(sample.index, sample);
  return packer.take();
}

/** How many samples there are, and the earliest and latest of their times (ms since 1970 UTC). */
export function spanOf(packed: PackedSamples): { count: number; first: number; last: number } {
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  for (let at = 1; at < packed.length; at += width) {
    const time = packed[at] ?? 0;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { count: packed.length / width, first, last };
}

/** Orders samples by point, then time; those of the same point and time stay in their order. At most 50,000. */
export function columnsOf(packed: PackedSamples): SampleColumns {
  const order = orderOf(packed);
  const length = order.length;
  const points: number[] = [];
  const counts: number[] = [];
  const times = new Float64Array(length);
  const lags = new Float64Array(length);
  const values = new Float64Array(length);
  const qualities = new Uint16Array(length);
  const raws = new Map<number, number>();
  let run = -1;
  for (let row = 0; row < length; row++) {
    const at = (order[row] ?? 0) * width;
    const point = packed[at] ?? 0;
    if (points[run] !== point) {
      run = points.push(point) - 1;
      counts.push(0);
    }
    counts[run] = (counts[run] ?? 0) + 1;
    const time = packed[at + 1] ?? 0;
    times[row] = time;
    lags[row] = (packed[at + 2] ?? 0) - time;
    values[row] = packed[at + 3] ?? Number.NaN;
    qualities[row] = packed[at + 4] ?? 0;
    const raw = packed[at + 5] ?? Number.NaN;
    if (!Number.isNaN(raw)) raws.set(row, raw);
  }
  return { points, counts, times, lags, values, qualities, raws };
}

/** The places of the samples in the order of point and time. */
function orderOf(packed: PackedSamples): Uint16Array {
  const order = orderByPoint(packed);
  for (let row = 1; row < order.length; row++) {
    const [before, at] = [(order[row - 1] ?? 0) * width, (order[row] ?? 0) * width];
    if (packed[before] === packed[at] && (packed[before + 1] ?? 0) > (packed[at + 1] ?? 0))
      return sortByTime(packed, order);
  }
  return order;
}

/** Point and place in one number: numbers are sorted without a call for each comparison, which makes most of the cost. */
function orderByPoint(packed: PackedSamples): Uint16Array {
  const length = packed.length / width;
  if (length > largestFrame) throw new RangeError(`${length} samples are too many for one frame`);
  const keys = new Float64Array(length);
  let isSorted = true;
  for (let place = 0, at = 0; place < length; place++, at += width) {
    const point = packed[at] ?? 0;
    keys[place] = point * placesAPoint + place;
    isSorted &&= place === 0 || (packed[at - width] ?? 0) <= point;
  }
  if (!isSorted) keys.sort();
  const order = new Uint16Array(length);
  for (let row = 0; row < length; row++) order[row] = keys[row] ?? 0;
  return order;
}

/** Rare: a source that gives its readings in another order than it took them. */
function sortByTime(packed: PackedSamples, order: Uint16Array): Uint16Array {
  return order.sort((a, b) => {
    const point = (packed[a * width] ?? 0) - (packed[b * width] ?? 0);
    return point || (packed[a * width + 1] ?? 0) - (packed[b * width + 1] ?? 0) || a - b;
  });
}
