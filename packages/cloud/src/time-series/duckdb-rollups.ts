import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Rollup, RollupWidth, SeriesQuery, SeriesRollups, SiteRange } from './contract.ts';
import { quoted } from './duckdb-month.ts';

/** A file of rollups of one width: a month of minutes, a year of quarters; all days. */
interface RollupFile {
  readonly width: RollupWidth;
  readonly name: string;
  readonly catalog: string;
  /** Rollups in it begin in [start, end). */
  readonly start: number;
  readonly end: number;
}

const extension = '.duckdb';
const columns = 'time, mean, minimum, maximum, first, last, count, bad, covered, silent, quality';
const tables = [
  'series (id INTEGER NOT NULL, site VARCHAR NOT NULL, equipment VARCHAR NOT NULL, point VARCHAR NOT NULL)',
  `rollups (series INTEGER NOT NULL, time BIGINT NOT NULL, mean DOUBLE, minimum DOUBLE, maximum DOUBLE, first DOUBLE,
    last DOUBLE, count INTEGER NOT NULL, bad INTEGER NOT NULL, covered INTEGER NOT NULL, silent INTEGER NOT NULL,
    quality SMALLINT NOT NULL)`,
];

function fileOf(width: RollupWidth, time: number): RollupFile {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const text = String(year).padStart(4, '0');
  if (width === 'day')
    return {
      ...{ width, name: 'days', catalog: 'days', start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY },
    };
  if (width === 'quarter')
    return {
      ...{ width, name: `quarters-${text}`, catalog: `q${text}` },
      ...{ start: Date.UTC(year, 0), end: Date.UTC(year + 1, 0) },
    };
  const name = `${text}-${String(month + 1).padStart(2, '0')}`;
  return {
    ...{ width, name: `minutes-${name}`, catalog: `i${name.replace('-', '')}` },
    ...{ start: Date.UTC(year, month), end: Date.UTC(year, month + 1) },
  };
}

function fileNamed(name: string): RollupFile | undefined {
  const [, kind, year, , month] = /^(days|quarters|minutes)(?:-(\d{4})(-(0[1-9]|1[0-2]))?)?$/.exec(name) ?? [];
  const width = ({ days: 'day', quarters: 'quarter', minutes: 'minute' } as const)[kind ?? ''];
  if (width === undefined) return undefined;
  const file = fileOf(width, Date.UTC(Number(year ?? 1970), Number(month ?? 1) - 1));
  return file.name === name ? file : undefined;
}

/** Rollups in files of their own beside the months of samples, attached to the same engine. */
export class DuckdbRollups {
  readonly #directory: string;
  readonly #files = new Map<string, RollupFile>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string, writer: DuckDBConnection): Promise<DuckdbRollups> {
    const opened = new DuckdbRollups(directory);
    const names = (await readdir(directory)).filter((f) => f.endsWith(extension)).sort();
    for (const name of names) {
      const file = fileNamed(name.slice(0, -extension.length));
      if (file) await opened.#attach(writer, file);
    }
    return opened;
  }

  async replace(
    writer: DuckDBConnection,
    width: RollupWidth,
    { site, from, to }: SiteRange,
    all: readonly SeriesRollups[],
  ): Promise<void> {
    for (let file = fileOf(width, from); file.start < to; file = fileOf(width, file.end)) {
      const part = { site, from: Math.max(from, file.start), to: Math.min(to, file.end) };
      const hasAny = all.some((s) => s.rollups.some((r) => r.time >= part.from && r.time < part.to));
      const isThere = this.#files.has(file.name);
      if (!isThere && hasAny) await this.#attach(writer, file);
      if (isThere || hasAny) await replaceIn(writer, file, part, all);
      if (file.end === Number.POSITIVE_INFINITY) return;
    }
  }

  async read(connection: DuckDBConnection, width: RollupWidth, query: SeriesQuery): Promise<Rollup[]> {
    const { site, equipment, point } = query;
    const selections = this.#selections(width, query, columns, 'AND s.equipment = $equipment AND s.point = $point');
    if (selections === undefined) return [];
    const result = await connection.runAndReadAll(`SELECT ${asNumbers} FROM (${selections}) ORDER BY time`, {
      site,
      equipment,
      point,
    });
    return result.getRowsJS().map(rollupOf);
  }

  async readSite(connection: DuckDBConnection, width: RollupWidth, range: SiteRange): Promise<SeriesRollups[]> {
    const selections = this.#selections(width, range, `s.equipment, s.point, ${columns}`, '');
    if (selections === undefined) return [];
    const result = await connection.runAndReadAll(
      `SELECT equipment, point, ${asNumbers} FROM (${selections}) ORDER BY equipment, point, time`,
      { site: range.site },
    );
    const all: { equipment: string; point: string; rollups: Rollup[] }[] = [];
    for (const [equipment, point, ...row] of result.getRowsJS()) {
      const last = all.at(-1);
      if (last?.equipment === equipment && last?.point === point) last?.rollups.push(rollupOf(row));
      else all.push({ equipment: String(equipment), point: String(point), rollups: [rollupOf(row)] });
    }
    return all;
  }

  /** Removes files whose last rollup began before `time`, and days from their one file; gives the names of the files. */
  async removeBefore(writer: DuckDBConnection, width: RollupWidth, time: number): Promise<string[]> {
    const own = [...this.#files.values()].filter((f) => f.width === width);
    if (width === 'day' && Number.isFinite(time))
      for (const { catalog } of own) await writer.run(`DELETE FROM ${catalog}.rollups WHERE time < ${Math.ceil(time)}`);
    const old = own.filter((f) => f.end <= time);
    for (const { name, catalog } of old) {
      this.#files.delete(name);
      await removeFile(writer, catalog, join(this.#directory, name + extension));
    }
    return old.map((f) => f.name);
  }

  #selections(width: RollupWidth, { from, to }: SiteRange, select: string, where: string): string | undefined {
    const parts = [...this.#files.values()]
      .filter((f) => f.width === width && f.start < to && f.end > from)
      .map(
        ({ catalog }) =>
          `SELECT ${select} FROM ${catalog}.rollups r JOIN ${catalog}.series s ON s.id = r.series
           WHERE s.site = $site ${where} AND time >= ${Math.ceil(from)} AND time < ${Math.ceil(to)}`,
      );
    return parts.length === 0 ? undefined : parts.join(' UNION ALL ');
  }

  /** A new file is made under another name first, so that a crash cannot leave half of one. */
  async #attach(writer: DuckDBConnection, file: RollupFile): Promise<void> {
    const path = join(this.#directory, file.name + extension);
    if (!existsSync(path)) {
      const draft = `${path}.new`;
      await rm(draft, { force: true });
      await rm(`${draft}.wal`, { force: true });
      await writer.run(`ATTACH '${quoted(draft)}' AS draft`);
      for (const table of tables) await writer.run(`CREATE TABLE draft.${table}`);
      await writer.run('DETACH draft');
      await rename(draft, path);
    }
    await writer.run(`ATTACH '${quoted(path)}' AS ${file.catalog}`);
    this.#files.set(file.name, file);
  }
}

/** Detaches a file and deletes it. */
export async function removeFile(writer: DuckDBConnection, catalog: string, path: string): Promise<void> {
  await writer.run(`DETACH ${catalog}`);
  await rm(path);
  await rm(`${path}.wal`, { force: true });
}

const asNumbers = 'time::DOUBLE, mean, minimum, maximum, first, last, count, bad, covered, silent, quality';

async function replaceIn(
  writer: DuckDBConnection,
  { catalog }: RollupFile,
  { site, from, to }: SiteRange,
  all: readonly SeriesRollups[],
): Promise<void> {
  let committed = false;
  await writer.run('BEGIN TRANSACTION');
  try {
    const ids = await seriesIds(writer, catalog, site, all);
    await writer.run(
      `DELETE FROM ${catalog}.rollups WHERE time >= ${Math.ceil(from)} AND time < ${Math.ceil(to)}
       AND series IN (SELECT id FROM ${catalog}.series WHERE site = $site)`,
      { site },
    );
    const appender = await writer.createAppender('rollups', 'main', catalog);
    for (const [n, { rollups }] of all.entries())
      for (const r of rollups) {
        if (r.time < from || r.time >= to) continue;
        appender.appendInteger(ids[n] ?? 0);
        appender.appendBigInt(BigInt(r.time));
        for (const figure of [r.mean, r.minimum, r.maximum, r.first, r.last])
          if (figure === null) appender.appendNull();
          else appender.appendDouble(figure);
        for (const number of [r.count, r.bad, r.covered, r.silent]) appender.appendInteger(number);
        appender.appendSmallInt(r.quality);
        appender.endRow();
      }
    appender.closeSync();
    await writer.run('COMMIT');
    committed = true;
  } finally {
    if (!committed) await writer.run('ROLLBACK').catch(() => undefined);
  }
}

/** The ids of series, in their order; those that the file does not have yet are entered. */
async function seriesIds(
  writer: DuckDBConnection,
  catalog: string,
  site: string,
  all: readonly SeriesRollups[],
): Promise<number[]> {
  const result = await writer.runAndReadAll(`SELECT id, site, equipment, point FROM ${catalog}.series`);
  const rows = result.getRowsJS();
  const known = new Map<string, number>();
  for (const [id, of, equipment, point] of rows) if (of === site) known.set(`${equipment}/${point}`, Number(id));
  let next = rows.reduce((most, [id]) => Math.max(most, Number(id)), 0);
  const appender = await writer.createAppender('series', 'main', catalog);
  const ids = all.map(({ equipment, point }) => {
    const key = `${equipment}/${point}`;
    const id = known.get(key) ?? ++next;
    if (known.has(key)) return id;
    known.set(key, id);
    appender.appendInteger(id);
    for (const part of [site, equipment, point]) appender.appendVarchar(part);
    appender.endRow();
    return id;
  });
  appender.closeSync();
  return ids;
}

const numberOrNull = (value: unknown) => (value === null ? null : Number(value));

function rollupOf(row: readonly unknown[]): Rollup {
  const [time, mean, minimum, maximum, first, last, count, bad, covered, silent, quality] = row;
  return {
    time: Number(time),
    ...{ mean: numberOrNull(mean), minimum: numberOrNull(minimum), maximum: numberOrNull(maximum) },
    ...{ first: numberOrNull(first), last: numberOrNull(last) },
    ...{ count: Number(count), bad: Number(bad), covered: Number(covered), silent: Number(silent) },
    quality: Number(quality),
  };
}
