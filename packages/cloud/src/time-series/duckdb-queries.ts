import type { DuckDBConnection } from '@duckdb/node-api';
import { qualityOfCode } from '@plantroom/model';
import type { RawRow, SeriesQuery, StepRow } from './contract.ts';
import type { DuckdbMonth } from './duckdb-month.ts';

/** Bad values are shown, never counted: 200 is the first code of quality bad. */
const usable = 'value IS NOT NULL AND quality < 200';

/** The samples of one point over the months that hold it; undefined when none does. Only integers enter the text. */
function samplesOf(months: readonly DuckdbMonth[], query: SeriesQuery): string | undefined {
  const parts = months.flatMap((m) => {
    const id = m.seriesId(query.site, query.equipment, query.point);
    if (id === undefined || m.month.start >= query.to || m.month.end <= query.from) return [];
    const range = `time >= ${Math.ceil(query.from)} AND time < ${Math.ceil(query.to)}`;
    return [`SELECT time, value, quality FROM ${m.catalog}.samples WHERE series = ${id} AND ${range}`];
  });
  return parts.length === 0 ? undefined : parts.join(' UNION ALL ');
}

const numberOrNull = (value: unknown) => (value === null ? null : Number(value));

export async function readRaw(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  query: SeriesQuery,
  limit: number,
): Promise<RawRow[]> {
  const samples = samplesOf(months, query);
  if (samples === undefined) return [];
  const result = await connection.runAndReadAll(
    `SELECT time::DOUBLE, value, quality FROM (${samples}) ORDER BY time LIMIT ${Math.trunc(limit)}`,
  );
  return result.getRowsJS().map(([time, value, code]) => ({
    time: Number(time),
    value: numberOrNull(value ?? null),
    ...qualityOfCode(Number(code)),
  }));
}

export async function readSteps(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  query: SeriesQuery,
  interval: number,
  offset: number,
): Promise<StepRow[]> {
  const samples = samplesOf(months, query);
  if (samples === undefined) return [];
  const phase = ((offset % interval) + interval) % interval;
  const result = await connection.runAndReadAll(`
    SELECT ((time - ${phase}) // ${interval} * ${interval} + ${phase})::DOUBLE AS step,
      avg(value) FILTER (${usable}), min(value) FILTER (${usable}), max(value) FILTER (${usable}),
      arg_max(value, time) FILTER (${usable}), count(*) FILTER (${usable})::DOUBLE, max(quality)
    FROM (${samples}) GROUP BY step ORDER BY step`);
  return result.getRowsJS().map(([time, mean, minimum, maximum, last, count, quality]) => ({
    time: Number(time),
    mean: numberOrNull(mean ?? null),
    minimum: numberOrNull(minimum ?? null),
    maximum: numberOrNull(maximum ?? null),
    last: numberOrNull(last ?? null),
    count: Number(count),
    quality: Number(quality),
  }));
}
