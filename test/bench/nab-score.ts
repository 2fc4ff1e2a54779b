/** A scored series of the benchmark; windows are rows, first and last inclusive, in their order. */
export interface ScoredSeries {
  readonly scores: ArrayLike<number>;
  readonly windows: readonly { readonly first: number; readonly last: number }[];
}

/** What a window found, a window missed and a false alarm weigh. */
export interface Profile {
  readonly found: number;
  readonly missed: number;
  readonly falseAlarm: number;
}

/** The benchmark's three application profiles. */
export const profiles = {
  standard: { found: 1, missed: 1, falseAlarm: 0.11 },
  'low FP': { found: 1, missed: 1, falseAlarm: 0.22 },
  'low FN': { found: 1, missed: 2, falseAlarm: 0.11 },
} as const satisfies Record<string, Profile>;

/** Rows at the beginning of a series of this length that are not scored. */
export function probation(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 750);
}

/** The benchmark's scaled sigmoid: near 1 a window's length early, 0 at its end, -1 long after it. */
function sigmoid(y: number): number {
  return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
}

/** What a detection in this row is worth; `window` is the one it falls in, or -1. */
interface Row {
  readonly score: number;
  readonly window: number;
  readonly value: number;
}

function rowsOf({ scores, windows }: ScoredSeries, profile: Profile, firstWindow: number): Row[] {
  const rows: Row[] = [];
  let next = 0;
  for (let at = 0; at < scores.length; at++) {
    while (next < windows.length && at > (windows[next]?.last ?? 0)) next++;
    if (at < probation(scores.length)) continue;
    const score = scores[at] ?? 0;
    const window = windows[next];
    const before = windows[next - 1];
    if (window && at >= window.first) {
      const width = window.last - window.first + 1;
      const value = (profile.found * sigmoid(-(window.last - at + 1) / width)) / sigmoid(-1);
      rows.push({ score, window: firstWindow + next, value });
    } else {
      // A window of one row has no length to measure the distance by; one row is the least.
      const length = before && Math.max(1, before.last - before.first);
      const far = before && length ? sigmoid((at - before.last) / length) : -1;
      rows.push({ score, window: -1, value: profile.falseAlarm * far });
    }
  }
  return rows;
}

/** The benchmark's figure (100 is perfect, 0 is silence), and the threshold that it was reached with. */
export interface NabResult {
  readonly score: number;
  readonly threshold: number;
}

/**
 * Scores a corpus by the rules of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015): each window counts once, by its
 * earliest detection; each row detected outside costs. Without a threshold, the one that is best for the whole corpus.
 */
export function nabScore(corpus: readonly ScoredSeries[], profile: Profile, threshold?: number): NabResult {
  let windows = 0;
  const rows: Row[] = [];
  for (const series of corpus) {
    for (const row of rowsOf(series, profile, windows)) rows.push(row);
    windows += series.windows.length;
  }
  rows.sort((a, b) => b.score - a.score);
  const silence = -windows * profile.missed;
  const scaled = (sum: number) => (100 * (sum - silence)) / (windows * profile.found - silence);
  const bestOf = new Float64Array(windows).fill(-profile.missed);
  let sum = silence;
  let best = { score: 0, threshold: Number.POSITIVE_INFINITY };
  for (let at = 0; at < rows.length; ) {
    const score = rows[at]?.score ?? 0;
    if (threshold !== undefined && score < threshold) break;
    for (let row = rows[at]; row && row.score === score; row = rows[++at]) {
      if (row.window < 0) sum += row.value;
      else if (row.value > (bestOf[row.window] ?? 0)) {
        sum += row.value - (bestOf[row.window] ?? 0);
        bestOf[row.window] = row.value;
      }
    }
    if (scaled(sum) > best.score) best = { score: scaled(sum), threshold: score };
  }
  return threshold === undefined ? best : { score: scaled(sum), threshold };
}
