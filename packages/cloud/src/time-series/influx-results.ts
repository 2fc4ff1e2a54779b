import { PlantroomError } from '@plantroom/base';
import { z } from 'zod';

export type Cell = string | number | boolean | null;

/** Rows of one series that an answer holds whole: InfluxDB marks every longer series as partial, cut off or not. */
export const mostRows = 10_000;

/** A series of a result: one measurement and combination of tags. */
export interface ResultSeries {
  /** The measurement. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Time in ms first, then the columns as asked for. */
  readonly values: readonly (readonly Cell[])[];
}

/** Rows are many and come from the database's own encoder: they are not looked at one by one. */
const rows = z.custom<readonly (readonly Cell[])[]>((value) => Array.isArray(value));
const answer = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      partial: z.boolean().optional(),
      series: z
        .array(
          z.object({
            name: z.string().default(''),
            tags: z.record(z.string(), z.string()).default({}),
            values: rows,
            partial: z.boolean().optional(),
          }),
        )
        .default([]),
    }),
  ),
});

/** The series of each statement. Throws PlantroomError `time-series-read` for an error or a result that was cut off. */
export function readResults(content: unknown): ResultSeries[][] {
  const { data } = answer.safeParse(content);
  if (!data) throw unreadable('the answer is not what InfluxDB gives');
  return data.results.map(({ error, partial, series }) => {
    if (error !== undefined) throw unreadable(error);
    if (partial || series.some((s) => s.partial))
      throw unreadable('the result was cut off: set max-row-limit to 0 or to 10000 and more');
    return series;
  });
}

export function unreadable(reason: string, cause?: unknown): PlantroomError {
  const hint = 'Check that InfluxDB runs and that the token or password may read.';
  return new PlantroomError('time-series-read', `the time series cannot be read: ${reason}`, { hint, cause });
}

export const numberAt = (row: readonly Cell[], column: number) => {
  const cell = row[column] ?? null;
  return cell === null ? null : Number(cell);
};
