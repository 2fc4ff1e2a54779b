import type { KindName, QualityMark } from '@plantroom/model';
import type { RejectionCode, SampleColumns } from '@plantroom/model/wire';

/** A sample as it is stored; ids are checked before they come here. */
export interface StoredSample extends QualityMark {
  readonly site: string;
  readonly equipment: string;
  readonly point: string;
  /** ms since 1970 UTC. */
  readonly time: number;
  readonly gatewayTime: number;
  readonly value: number | null;
}

export const unknownKind = 'unknown';

/** What names a series; checked before it comes here, and again where it enters a line or a query. */
export interface SeriesName {
  readonly site: string;
  readonly equipment: string;
  readonly point: string;
  /** The equipment's kind, or `unknownKind` when the model does not list the equipment. */
  readonly kind: KindName | typeof unknownKind;
}

/** The samples of a frame as they came, with the series of each run of rows. */
export interface StoredColumns extends Omit<SampleColumns, 'points' | 'raws'> {
  readonly series: readonly SeriesName[];
}

/** A frame for the store. */
export interface StoredFrame {
  readonly frame: FrameName;
  readonly samples: StoredColumns;
}

/** A frame that the store will never take as it is, because of a sample in it. */
export interface RefusedFrame {
  readonly frame: FrameName;
  readonly code: RejectionCode;
  readonly reason: string;
}

/** What names a frame for ever; written in the same transaction as its samples where the store can. */
export interface FrameName {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
  readonly sequence: number;
}

export interface SeriesQuery {
  readonly site: string;
  readonly equipment: string;
  readonly point: string;
  /** Inclusive, ms since 1970 UTC. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface RawRow extends QualityMark {
  readonly time: number;
  readonly value: number | null;
  /** There when the row stands for samples that the gateway had to thin; time is that of the first, `value` the mean. */
  readonly thinned?: { readonly minimum: number | null; readonly maximum: number | null; readonly count: number };
}

/**
 * One step with at least one sample; figures are over good and uncertain values. Samples that a gateway has thinned count
 * by their number in the step of the first; `last` is of samples alone.
 */
export interface StepRow {
  readonly time: number;
  readonly mean: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly last: number | null;
  /** Samples with a value. */
  readonly count: number;
  /** The worst quality code. */
  readonly quality: number;
}

export interface LatestRow extends StoredSample {
  readonly changedAt: number;
}

/** Where samples are kept. One conformance suite runs against every store. */
export interface TimeSeriesStore {
  /**
   * Stores the samples of frames, durably when it resolves. A frame that is stored already changes nothing. Gives the
   * frames that it refuses, of which some samples may be stored. Throws when it cannot answer for all others; any of
   * them may then be stored, and all may come again.
   */
  write(frames: readonly StoredFrame[]): Promise<RefusedFrame[]>;
  /** At most `limit` rows in the order of time. */
  raw(query: SeriesQuery, limit: number): Promise<RawRow[]>;
  /** Steps of `interval` ms, aligned to multiples of it since 1970 UTC plus `offset`; steps without samples are left out. */
  steps(query: SeriesQuery, interval: number, offset: number): Promise<StepRow[]>;
  /** The newest sample of every point that is not later than `until`, for the start of the process. */
  latest(until: number): Promise<LatestRow[]>;
  close(): Promise<void>;
}
