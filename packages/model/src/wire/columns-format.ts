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
  /** As `writeTimes` has them. */
  times: 3,
  /** Gateway time minus time, ms. */
  lags: 4,
  qualities: 5,
  /** Rows without a value, counted from the one before, the first from the row before the frame. */
  absent: 6,
  /** Per run: how its values are written. */
  formats: 7,
  integers: 8,
  doubles: 9,
  /** Rows with a protocol code, counted as `absent`. */
  rawRows: 10,
  raws: 11,
  /** From here on in codec 3 alone: what thinned rows stand for. Least and greatest values as the means are written. */
  spans: 12,
  sizes: 13,
  minima: { formats: 14, integers: 15, doubles: 16 },
  maxima: { formats: 17, integers: 18, doubles: 19 },
} as const;
export const packings = { none: 0, zstd: 1 } as const;
