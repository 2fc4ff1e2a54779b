/**
 * The body of codec 2: header, packing (0 as it is, 1 zstd), then the number of runs and the columns. A column is its id
 * times 4 plus its form, its length in bytes, and its numbers. One that is all zeros is left out; one with an id that is not
 * known here is skipped. Ids are part of the format: append only.
 */
export const ids = {
  /** Points skipped before the one of each run. */
  points: 1,
  /** Rows of each run, less one. */
  counts: 2,
  /** The moments of the frame, ascending: the first, then the gaps between them; as doubles, each itself. */
  moments: 3,
  /** Which moment each row has: a run's first row counts from that of the run before, the others from the row before. */
  ranks: 4,
  /** Gateway time minus time, ms. */
  lags: 5,
  qualities: 6,
  /** Rows without a value, counted from the one before, the first from the row before the frame. */
  absent: 7,
  /** Per run: how its values are written. */
  formats: 8,
  integers: 9,
  doubles: 10,
  /** Rows with a protocol code, counted as `absent`. */
  rawRows: 11,
  raws: 12,
} as const;
export const packings = { none: 0, zstd: 1 } as const;
