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
  readonly thinned?: {
    readonly minimum: number | null;
    readonly maximum: number | null;
    readonly count: number;
    /** ms from the first sample to the last. */
    readonly span: number;
  };
}

/** The lengths of rollups: 1 minute, 15 minutes (both aligned in UTC), 1 day of the site's wall clock. */
export const rollupWidths = ['minute', 'quarter', 'day'] as const;
export type RollupWidth = (typeof rollupWidths)[number];

/** Days for which rollups are kept, by width; Infinity for ever. */
export type RollupRetention = { readonly [W in RollupWidth]?: number | undefined };
/** Days for which samples and rollups are kept; Infinity for ever. */
export type Retention = { readonly samples: number } & { readonly [W in RollupWidth]: number };

/** What is kept unless told: 90 days of samples, 2 years of minutes, 5 years of quarters, days for ever. */
export const usualRetention: Retention = {
  ...{ samples: 90, minute: 730, quarter: 1830, day: Number.POSITIVE_INFINITY },
};

/**
 * What a point's samples say of one stretch of time. A value stands until the next sample, or until the point counts as
 * stale; figures are over good and uncertain values that stood in the stretch, whether they came in it or before.
 */
export interface Rollup {
  /** The start. */
  readonly time: number;
  /** Each value by the time it stood. */
  readonly mean: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** The values that stood first and last; thinned samples have none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Samples with a good or uncertain value that came in the stretch; thinned ones by their number. */
  readonly count: number;
  /** Samples that came in the stretch and were bad. */
  readonly bad: number;
  /** ms for which a good or uncertain value stood. */
  readonly covered: number;
  /** ms for which the newest word was that there is no value. */
  readonly silent: number;
  /** The worst quality code of what came or stood. */
  readonly quality: number;
}

/** One point's rows of a scan over a site. */
export interface ScannedSeries {
  readonly equipment: string;
  readonly point: string;
  /** In the order of time. */
  readonly rows: readonly RawRow[];
}

/** One point's rollups, in the order of time. */
export interface SeriesRollups {
  readonly equipment: string;
  readonly point: string;
  readonly rollups: readonly Rollup[];
}

/** A stretch of time at one site: `from` inclusive, `to` exclusive; ms since 1970 UTC. */
export interface SiteRange {
  readonly site: string;
  readonly from: number;
  readonly to: number;
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
  /** Every point of a site that has samples in the range, one after the other. */
  scan(range: SiteRange): AsyncIterable<ScannedSeries>;
  /** The time of the oldest sample of a site; undefined when it has none. */
  oldest(site: string): Promise<number | undefined>;
  /**
   * Puts rollups in the place of all of that width that begin in the range. Those that are cut off by an error are to be
   * written again, whole.
   */
  replaceRollups(width: RollupWidth, range: SiteRange, series: readonly SeriesRollups[]): Promise<void>;
  /** Rollups of one point that begin in the range, in the order of time. */
  rollups(width: RollupWidth, query: SeriesQuery): Promise<Rollup[]>;
  /** Rollups of all points of a site that begin in the range. */
  siteRollups(width: RollupWidth, range: SiteRange): Promise<SeriesRollups[]>;
  /** The newest sample of every point that is not later than `until`, for the start of the process. */
  latest(until: number): Promise<LatestRow[]>;
  /**
   * Removes what is older than it is to be kept at `now`, where the database does not do so by itself, and names what has gone.
   * Samples go a whole month at a time, so they are kept for up to a month longer.
   */
  expire(retention: Retention, now: number): Promise<string[]>;
  close(): Promise<void>;
}
