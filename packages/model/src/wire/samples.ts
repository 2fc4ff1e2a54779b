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
}

export interface ColumnFrame {
  readonly header: FrameHeader;
  readonly samples: SampleColumns;
}

/** More samples than any outbox puts in one frame. */
export const largestFrame = 50_000;
