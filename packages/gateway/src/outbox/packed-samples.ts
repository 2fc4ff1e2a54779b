import { qualityCode, qualityOfCode } from '@plantroom/model';
import type { IndexedSample } from '@plantroom/model/wire';

/** Numbers of one sample: index, time, gateway time, value, quality code, raw; NaN where there is none. */
const width = 6;

/** Samples as one block of numbers: a thread takes it over whole, where objects would be written and read one by one. */
export type PackedSamples = Float64Array<ArrayBuffer>;

export function packSamples(samples: readonly IndexedSample[]): PackedSamples {
  const packed = new Float64Array(samples.length * width);
  let at = 0;
  for (const sample of samples) {
    packed[at] = sample.index;
    packed[at + 1] = sample.time;
    packed[at + 2] = sample.gatewayTime;
    packed[at + 3] = sample.value ?? Number.NaN;
    packed[at + 4] = sample.quality === 'good' && sample.reason === undefined ? 0 : qualityCode(sample);
    packed[at + 5] = sample.raw ?? Number.NaN;
    at += width;
  }
  return packed;
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
