import { MultivariateDetector, UnivariateDetector } from '@plantroom/detection';

/** What is printed for each row. */
export interface JudgedRow {
  /** ISO 8601 in UTC; null when the row has none. */
  readonly time: string | null;
  /** 0 usual to 1 never seen the like. */
  readonly score: number;
  readonly anomaly: boolean;
  /** The columns that an anomaly shows in, the most conspicuous first. */
  readonly blame: readonly string[];
}

export type RowJudge = (time: number, values: readonly number[]) => Omit<JudgedRow, 'time'>;

/**
 * The detectors of the gateway: one column alone, or several columns of one machine together. `training` rows are learned
 * without a word; as many as the detector takes by itself when it is not told.
 */
export function judgeOf(columns: readonly string[], training: number | undefined): RowJudge {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    const detector = new UnivariateDetector(training);
    return (time, [value]) => {
      const { score, anomaly } = detector.observe(time, value ?? Number.NaN);
      return { score, anomaly, blame: anomaly ? [only] : [] };
    };
  }
  const detector = new MultivariateDetector(columns.length, training);
  return (_, values) => {
    const { score, anomaly, blame } = detector.observe(values);
    return { score, anomaly, blame: blame.map((at) => columns[at] ?? '') };
  };
}
