import type { DuckDBConnection } from '@duckdb/node-api';
import { qualityOfCode } from '@plantroom/model';
import type { LatestRow } from './contract.ts';
import type { DuckdbMonth } from './duckdb-month.ts';

/** How many files before the one with the newest sample are searched for a value's last change. */
const lookBack = 1;

interface Found {
  readonly key: string;
  readonly time: number;
  readonly gatewayTime: number;
  readonly value: number | null;
  readonly code: number;
  changedAt: number;
  /** Files that may still be searched for the change; 0 once it is found. */
  search: number;
}

/**
 * The newest sample of every point. The files are read from the newest to the oldest, each only for points that are
 * not settled; the time of the last change is looked for no further back than the file before.
 */
export async function readLatest(
  connection: DuckDBConnection,
  months: readonly DuckdbMonth[],
  until: number,
): Promise<LatestRow[]> {
  const found = new Map<string, Found>();
  for (const month of [...months].sort((a, b) => b.month.start - a.month.start)) {
    const series = month.series();
    const missing = series.filter((s) => !found.has(s.key));
    if (missing.length > 0) await findNewest(connection, month, { missing, until }, found);
    const open = series.flatMap((s) => {
      const row = found.get(s.key);
      return row && row.search > 0 ? [{ id: s.id, row }] : [];
    });
    if (open.length > 0) await findChange(connection, month, open);
  }
  return [...found.values()].map(toLatestRow);
}

function toLatestRow(row: Found): LatestRow {
  const [site = '', equipment = '', point = ''] = row.key.split('/');
  const { time, gatewayTime, value, changedAt } = row;
  return { site, equipment, point, time, gatewayTime, value, changedAt, ...qualityOfCode(row.code) };
}

async function findNewest(
  connection: DuckDBConnection,
  month: DuckdbMonth,
  { missing, until }: { missing: readonly { id: number; key: string }[]; until: number },
  found: Map<string, Found>,
): Promise<void> {
  const keys = new Map(missing.map((s) => [s.id, s.key]));
  await fillWanted(
    connection,
    missing.map((s) => ({ id: s.id, value: null })),
  );
  // arg_max over a struct: over a bare column it would skip rows without a value.
  const rows = await connection.runAndReadAll(`
    SELECT series, newest.time::DOUBLE, (newest.time + newest.lag)::DOUBLE, newest.value, newest.quality FROM (
      SELECT series, arg_max({'time': time, 'lag': lag, 'value': value, 'quality': quality}, time) AS newest
      FROM ${month.catalog}.samples SEMI JOIN temp.wanted USING (series)
      WHERE time <= ${Math.trunc(until)} GROUP BY series)`);
  for (const [series, time, gatewayTime, value, code] of rows.getRowsJS()) {
    const key = keys.get(Number(series));
    if (key === undefined) continue;
    found.set(key, {
      key,
      time: Number(time),
      gatewayTime: Number(gatewayTime),
      value: value === null ? null : Number(value),
      code: Number(code),
      changedAt: Number(time),
      search: lookBack + 1,
    });
  }
}

/** Goes back to the first sample after the last one with another value. */
async function findChange(
  connection: DuckDBConnection,
  month: DuckdbMonth,
  open: readonly { id: number; row: Found }[],
): Promise<void> {
  const rowsById = new Map(open.map((o) => [o.id, o.row]));
  await fillWanted(
    connection,
    open.map((o) => ({ id: o.id, value: o.row.value })),
  );
  const samples = `${month.catalog}.samples`;
  const rows = await connection.runAndReadAll(`
    WITH other AS (
      SELECT s.series, max(s.time) AS at FROM ${samples} s JOIN temp.wanted w USING (series)
      WHERE s.value IS DISTINCT FROM w.value GROUP BY s.series)
    SELECT w.series, any_value(other.at) IS NOT NULL, (min(s.time) FILTER (other.at IS NULL OR s.time > other.at))::DOUBLE
    FROM ${samples} s JOIN temp.wanted w USING (series) LEFT JOIN other USING (series) GROUP BY w.series`);
  for (const [series, differs, since] of rows.getRowsJS()) {
    const row = rowsById.get(Number(series));
    if (!row) continue;
    if (since !== null) row.changedAt = Math.min(row.changedAt, Number(since));
    row.search = differs === true ? 0 : row.search - 1;
  }
}

async function fillWanted(
  connection: DuckDBConnection,
  wanted: readonly { id: number; value: number | null }[],
): Promise<void> {
  await connection.run('CREATE OR REPLACE TEMP TABLE wanted (series INTEGER, value DOUBLE)');
  const appender = await connection.createAppender('wanted', 'main', 'temp');
  for (const { id, value } of wanted) {
    appender.appendInteger(id);
    if (value === null) appender.appendNull();
    else appender.appendDouble(value);
    appender.endRow();
  }
  appender.closeSync();
}
