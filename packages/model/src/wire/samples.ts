import type { Sample } from '../sample.ts';
import type { FrameHeader } from './header.ts';

/** A sample that names its point by its place in the model revision. */
export interface IndexedSample extends Omit<Sample, 'equipment' | 'point'> {
  readonly index: number;
}

export interface TelemetryFrame {
  readonly header: FrameHeader;
  readonly samples: readonly IndexedSample[];
}

/**
 * The samples of a frame as columns. Rows of one point stand together (a run) and keep their order, so that what is the
 * same for all of them is looked up once.
 */
export interface SampleColumns {
  /** The point of each run, by its place in the model revision. */
  readonly points: readonly number[];
  /** The rows of each run. */
  readonly counts: readonly number[];
  /** ms since 1970 UTC. */
  readonly times: Float64Array;
  /** Gateway time minus time, ms. */
  readonly lags: Float64Array;
  /** NaN where there is no value. */
  readonly values: Float64Array;
  /** Quality codes. */
  readonly qualities: Uint16Array;
  /** Protocol codes by row, where there is one. */
  readonly raws: ReadonlyMap<number, number>;
  /** There when the rows are no samples but stand for some; `values` are their means then. */
  readonly thinned?: ThinnedColumns;
}

/**
 * What rows keep of the samples that they stand for, all of one point and of one step of the wall clock (a minute or a
 * quarter of an hour). Time is that of the first one, the lag leads to the newest gateway time, the quality is the worst;
 * figures are over good and uncertain values, NaN where there is none.
 */
export interface ThinnedColumns {
  /** ms from the first sample to the last. */
  readonly spans: Float64Array;
  readonly minima: Float64Array;
  readonly maxima: Float64Array;
  /** Samples with a value that counts. */
  readonly sizes: Float64Array;
}

export interface ColumnFrame {
  readonly header: FrameHeader;
  readonly samples: SampleColumns;
}

/** More samples than any outbox puts in one frame. */
export const largestFrame = 50_000;
