import { type KindName, type QualityMark, qualityCode } from '@plantroom/model';
import type { FrameName, StoredFrame, StoredSample, TimeSeriesStore } from './contract.ts';

/** A store under test that can be closed and opened again on the same data. */
export interface StoreUnderTest {
  store(): TimeSeriesStore;
  reopen(): Promise<void>;
}

/** One thing that every store of time series must do; `run` begins with an empty store and throws when it does not. */
export interface ConformanceCase {
  readonly name: string;
  run(under: StoreUnderTest): Promise<void>;
}

export const minute = 60_000;
export const day = 86_400_000;
/** A quarter of an hour before a month's end, so that frames can lie on both sides. */
export const start = Date.UTC(2026, 0, 31, 23, 45);
export const series = { site: 'harbour', equipment: 'pump-1', point: 'flow' };
export const all = { ...series, from: 0, to: 4e12 };

export function frameName(sequence: number, from: Partial<FrameName> = {}): FrameName {
  return { site: 'harbour', gateway: 'gw-1', epoch: 'epoch-0001', sequence, ...from };
}

export function sampleAt(time: number, value: number | null, more: Partial<StoredSample> = {}): StoredSample {
  return { ...series, time, gatewayTime: time + 5, value, quality: 'good', ...more };
}

/** A frame of samples, each a run of its own. */
export function frameOf(frame: FrameName, samples: readonly StoredSample[], kind: KindName = 'pump'): StoredFrame {
  const series = samples.map(({ site, equipment, point }) => ({ site, equipment, point, kind }));
  return {
    frame,
    samples: {
      series,
      counts: samples.map(() => 1),
      times: Float64Array.from(samples, (s) => s.time),
      lags: Float64Array.from(samples, (s) => s.gatewayTime - s.time),
      values: Float64Array.from(samples, (s) => s.value ?? Number.NaN),
      qualities: Uint16Array.from(samples, qualityCode),
    },
  };
}

export const held: QualityMark = { quality: 'uncertain', reason: 'held' };
export const silent: QualityMark = { quality: 'bad', reason: 'no-answer' };
