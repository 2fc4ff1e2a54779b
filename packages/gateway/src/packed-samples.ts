import { qualityCode, qualityOfCode, type Sample } from '@plantroom/model';
import type { IndexedSample } from '@plantroom/model/wire';

/** Numbers of one sample: index, time, gateway time, value, quality code, raw; NaN where there is none. */
const width = 6;

/** Samples as one block of numbers: a thread takes it over whole, where objects would be written and read one by one. */
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

  add(index: number, { time, gatewayTime, value, quality, reason, raw }: Omit<Sample, 'equipment' | 'point'>): void {
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

export function unpackSamples(packed: PackedSamples): IndexedSample[] {
  const samples: IndexedSample[] = [];
  for (let at = 0; at < packed.length; at += width) {
    const value = packed[at + 3] ?? Number.NaN;
    const code = packed[at + 4] ?? 0;
    const raw = packed[at + 5] ?? Number.NaN;
    const known = {
      index: packed[at] ?? 0,
      time: packed[at + 1] ?? 0,
      gatewayTime: packed[at + 2] ?? 0,
      value: Number.isNaN(value) ? null : value,
      quality: 'good' as const,
    };
    const plain = code === 0 && Number.isNaN(raw);
    samples.push(plain ? known : { ...known, ...qualityOfCode(code), ...(Number.isNaN(raw) ? {} : { raw }) });
  }
  return samples;
}
