import type { DuckDBConnection } from '@duckdb/node-api';
import { qualityOfCode } from '@plantroom/model';
import type { RawRow, ScannedSeries, SeriesQuery, SiteRange, StepRow } from './contract.ts';
import type { DuckdbMonth } from './duckdb-month.ts';

/** Bad values are shown, never counted: 200 is the first code of quality bad. */
const usable = 'value IS NOT NULL AND quality < 200';
/** What stands for samples has left their bad values out already. */
const counted = 'value IS NOT NULL AND (quality < 200 OR size IS NOT NULL)';

/** A selection of one point's rows, and whether rows that stand for several samples may be among them. */
interface Rows {
  readonly text: string;
  readonly hasThinned: boolean;
}

const noFigures = 'NULL::DOUBLE AS minimum, NULL::DOUBLE AS maximum, NULL::BIGINT AS size, NULL::BIGINT AS span';
const ofSamples = `time, value, quality, ${noFigures}`;
const ofThinned = 'time, value, quality, minimum, maximum, size, span';

/** The rows of one point over the months that hold it; undefined when none does. Only integers enter the text. */
function rowsOf(months: readonly DuckdbMonth[], query: SeriesQuery): Rows | undefined {
  const parts = months.flatMap((m) => {
    const id = m.seriesId(query.site, query.equipment, query.point);
    if (id === undefined || m.month.start >= query.to || m.month.end <= query.from) return [];
    const range = `series = ${id} AND time >= ${Math.ceil(query.from)} AND time < ${Math.ceil(query.to)}`;
    return [{ m, range }];
  });
  if (parts.length === 0) return undefined;
  const thinned = parts.filter(({ m }) => m.hasThinned);
  const columns = thinned.length > 0 ? ofSamples : 'time, value, quality';
  const selections = [
    ...parts.map(({ m, range }) => `SELECT ${columns} FROM ${m.catalog}.samples WHERE ${range}`),
    ...thinned.map(({ m, range }) => `SELECT ${ofThinned} FROM ${m.catalog}.thinned WHERE ${range}`),
  ];
  return { text: selections.join(' UNION ALL '), hasThinned: thinned.length > 0 };
}

/** Mean, minimum, maximum, last and count of the usable values; of thinned ones by their number. */
const figures = {
  ofSamples: `avg(value) FILTER (${usable}), min(value) FILTER (${usable}), max(value) FILTER (${usable}),
    arg_max(value, time) FILTER (${usable}), count(*) FILTER (${usable})::DOUBLE`,
  ofAll: `sum(value * coalesce(size, 1)) FILTER (${counted}) / sum(coalesce(size, 1)) FILTER (${counted}),
    min(coalesce(minimum, value)) FILTER (${counted}), max(coalesce(maximum, value)) FILTER (${counted}),
    arg_max(value, time) FILTER (${usable} AND size IS NULL), coalesce(sum(coalesce(size, 1)) FILTER (${counted}), 0)::DOUBLE`,
};

const numberOrNull = (value: unknown) => (value === null ? null : Number(value));

export async function readRaw(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  query: SeriesQuery,
  limit: number,
): Promise<RawRow[]> {
  const rows = rowsOf(months, query);
  if (rows === undefined) return [];
  const more = rows.hasThinned ? ', minimum, maximum, size::DOUBLE, span::DOUBLE' : '';
  const result = await connection.runAndReadAll(
    `SELECT time::DOUBLE, value, quality${more} FROM (${rows.text}) ORDER BY time LIMIT ${Math.trunc(limit)}`,
  );
  return result.getRowsJS().map(rawRow);
}

/** Time, value, quality, and for thinned ones minimum, maximum, number and span. */
function rawRow(row: readonly unknown[]): RawRow {
  const [time, value, code, minimum, maximum, size, span] = row;
  const sample = { time: Number(time), value: numberOrNull(value ?? null), ...qualityOfCode(Number(code)) };
  if (size === null || size === undefined) return sample;
  const figures = { minimum: numberOrNull(minimum ?? null), maximum: numberOrNull(maximum ?? null) };
  return { ...sample, thinned: { ...figures, count: Number(size), span: Number(span) } };
}

/** The time of the oldest sample of a site over the months. */
export async function readOldest(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  site: string,
): Promise<number | undefined> {
  for (const { catalog } of [...months].sort((a, b) => a.month.start - b.month.start)) {
    const own = `series IN (SELECT id FROM ${catalog}.series WHERE site = $site)`;
    const times = ['samples', 'thinned'].map((table) => `SELECT min(time) AS t FROM ${catalog}.${table} WHERE ${own}`);
    const result = await connection.runAndReadAll(`SELECT min(t)::DOUBLE FROM (${times.join(' UNION ALL ')})`, {
      site,
    });
    const [time] = result.getRowsJS()[0] ?? [];
    if (time !== null && time !== undefined) return Number(time);
  }
  return undefined;
}

/** All points of a site over the months, each with its rows; the site's name has been checked. */
export async function* scanSite(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  { site, from, to }: SiteRange,
): AsyncGenerator<ScannedSeries> {
  const range = `time >= ${Math.ceil(from)} AND time < ${Math.ceil(to)}`;
  const parts = months
    .filter((m) => m.month.start < to && m.month.end > from)
    .flatMap(({ catalog, hasThinned }) => {
      const select = (columns: string, table: string) =>
        `SELECT s.equipment, s.point, ${columns} FROM ${catalog}.${table} r JOIN ${catalog}.series s ON s.id = r.series
         WHERE s.site = $site AND ${range}`;
      return [select(ofSamples, 'samples'), ...(hasThinned ? [select(ofThinned, 'thinned')] : [])];
    });
  if (parts.length === 0) return;
  const result = await connection.stream(
    `SELECT equipment, point, time::DOUBLE, value, quality, minimum, maximum, size::DOUBLE, span::DOUBLE
     FROM (${parts.join(' UNION ALL ')}) ORDER BY equipment, point, time`,
    { site },
  );
  let series: { equipment: string; point: string; rows: RawRow[] } | undefined;
  for await (const rows of result.yieldRowsJs())
    for (const [equipment, point, ...row] of rows) {
      if (series?.equipment !== equipment || series?.point !== point) {
        if (series) yield series;
        series = { equipment: String(equipment), point: String(point), rows: [] };
      }
      series?.rows.push(rawRow(row));
    }
  if (series) yield series;
}

export async function readSteps(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  query: SeriesQuery,
  interval: number,
  offset: number,
): Promise<StepRow[]> {
  const rows = rowsOf(months, query);
  if (rows === undefined) return [];
  const phase = ((offset % interval) + interval) % interval;
  const result = await connection.runAndReadAll(`
    SELECT ((time - ${phase}) // ${interval} * ${interval} + ${phase})::DOUBLE AS step,
      ${rows.hasThinned ? figures.ofAll : figures.ofSamples}, max(quality)
    FROM (${rows.text}) GROUP BY step ORDER BY step`);
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
