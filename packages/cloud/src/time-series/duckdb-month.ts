import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { RangeSet } from '../range-set.ts';
import type { FrameName, StoredFrame } from './contract.ts';
import type { Month } from './month.ts';

/** Ids of texts that stand as small integers in the rows; new ones count as known only after the commit. */
class Dictionary {
  readonly ids = new Map<string, number>();
  #fresh = new Map<string, number>();

  idOf(key: string): number {
    const known = this.ids.get(key) ?? this.#fresh.get(key);
    if (known !== undefined) return known;
    const id = this.ids.size + this.#fresh.size + 1;
    this.#fresh.set(key, id);
    return id;
  }

  fresh(): [string, number][] {
    return [...this.#fresh];
  }

  settle(committed: boolean): void {
    if (committed) for (const [key, id] of this.#fresh) this.ids.set(key, id);
    this.#fresh = new Map();
  }
}

/** Rows that stand for samples which their gateway had to thin. */
const thinnedTable =
  'thinned (series INTEGER NOT NULL, time BIGINT NOT NULL, lag BIGINT NOT NULL, value DOUBLE, quality SMALLINT NOT NULL, ' +
  'span BIGINT NOT NULL, minimum DOUBLE, maximum DOUBLE, size BIGINT NOT NULL)';
const tables = [
  'series (id INTEGER NOT NULL, site VARCHAR NOT NULL, equipment VARCHAR NOT NULL, point VARCHAR NOT NULL)',
  // No key: it would cost 13 times the space. The ledger in the same transaction keeps every frame single.
  'samples (series INTEGER NOT NULL, time BIGINT NOT NULL, lag BIGINT NOT NULL, value DOUBLE, quality SMALLINT NOT NULL)',
  thinnedTable,
  'streams (id INTEGER NOT NULL, site VARCHAR NOT NULL, gateway VARCHAR NOT NULL, epoch VARCHAR NOT NULL)',
  'ledger (stream INTEGER NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL)',
];

/** Makes an empty file with the tables of a month, complete on disk when it resolves. */
export async function createMonthFile(connection: DuckDBConnection, file: string): Promise<void> {
  await connection.run(`ATTACH '${quoted(file)}' AS draft`);
  for (const table of tables) await connection.run(`CREATE TABLE draft.${table}`);
  await connection.run('DETACH draft');
}

/** A text for the inside of an SQL literal; only file names of our own need it. */
export const quoted = (text: string) => text.replaceAll("'", "''");

/** Parts of a dictionary key; none of them can hold a slash. */
const keyOf = (a: string, b: string, c: string) => `${a}/${b}/${c}`;

/** One month's file, attached to the engine: samples, dictionary, and the ledger of frames that are in it. */
export class DuckdbMonth {
  readonly month: Month;
  /** The name under which queries reach the file. */
  readonly catalog: string;
  readonly #series = new Dictionary();
  readonly #streams = new Dictionary();
  readonly #ledger = new Map<number, RangeSet>();
  #hasThinned = false;

  constructor(month: Month) {
    this.month = month;
    this.catalog = `m${month.name.replace('-', '')}`;
  }

  /** Attaches the file (its write-ahead log is replayed) and reads dictionary and ledger. */
  async open(connection: DuckDBConnection, file: string): Promise<void> {
    await connection.run(`ATTACH '${quoted(file)}' AS ${this.catalog}`);
    // Files of earlier versions do not have it.
    await connection.run(`CREATE TABLE IF NOT EXISTS ${this.catalog}.${thinnedTable}`);
    const thinned = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${this.catalog}.thinned`);
    this.#hasThinned = Number(thinned.getRowsJS()[0]?.[0]) > 0;
    await this.#load(connection, 'series', 'site, equipment, point', this.#series);
    await this.#load(connection, 'streams', 'site, gateway, epoch', this.#streams);
    const rows = await connection.runAndReadAll(
      `SELECT stream, first::DOUBLE, last::DOUBLE FROM ${this.catalog}.ledger`,
    );
    for (const [stream, first, last] of rows.getRowsJS()) this.#mark(Number(stream), Number(first), Number(last));
    await this.#compactLedger(connection, rows.currentRowCount);
  }

  /** Whether there is anything thinned in the file. */
  get hasThinned(): boolean {
    return this.#hasThinned;
  }

  has(frame: FrameName): boolean {
    const stream = this.#streams.ids.get(keyOf(frame.site, frame.gateway, frame.epoch));
    return stream !== undefined && (this.#ledger.get(stream)?.has(frame.sequence) ?? false);
  }

  seriesId(site: string, equipment: string, point: string): number | undefined {
    return this.#series.ids.get(keyOf(site, equipment, point));
  }

  /** Every series of the file as [id, key]. */
  series(): { id: number; key: string }[] {
    return [...this.#series.ids].map(([key, id]) => ({ id, key }));
  }

  /** Writes the month's part of frames that are not yet in the file, with their ledger entries, in one transaction. */
  async write(connection: DuckDBConnection, frames: readonly StoredFrame[]): Promise<void> {
    const ranges = this.#rangesOf(frames);
    let committed = false;
    await connection.run('BEGIN TRANSACTION');
    try {
      const thinned = frames.filter((f) => f.samples.thinned);
      await this.#append(
        connection,
        'samples',
        thinned.length === 0 ? frames : frames.filter((f) => !thinned.includes(f)),
      );
      if (thinned.length > 0) await this.#append(connection, 'thinned', thinned);
      // Said before the commit: to look for what is not there costs little, to miss it would be wrong.
      this.#hasThinned ||= thinned.length > 0;
      await this.#insertKeys(connection, 'series', this.#series);
      await this.#insertKeys(connection, 'streams', this.#streams);
      await this.#insertRanges(connection, ranges);
      await connection.run('COMMIT');
      committed = true;
    } finally {
      this.#series.settle(committed);
      this.#streams.settle(committed);
      if (!committed) await connection.run('ROLLBACK').catch(() => undefined);
    }
    for (const [stream, set] of ranges) for (const r of set.ranges()) this.#mark(stream, r.first, r.last);
  }

  async #append(
    connection: DuckDBConnection,
    table: 'samples' | 'thinned',
    frames: readonly StoredFrame[],
  ): Promise<void> {
    const appender = await connection.createAppender(table, 'main', this.catalog);
    const { start, end } = this.month;
    for (const { samples } of frames) {
      const { series, counts, times, lags, values, qualities, thinned } = samples;
      let row = 0;
      for (const [run, { site, equipment, point }] of series.entries()) {
        let id: number | undefined;
        for (const last = row + (counts[run] ?? 0); row < last; row++) {
          const [time = 0, value = Number.NaN] = [times[row], values[row]];
          if (time < start || time >= end) continue;
          id ??= this.#series.idOf(keyOf(site, equipment, point));
          appender.appendInteger(id);
          appender.appendBigInt(BigInt(time));
          appender.appendBigInt(BigInt(lags[row] ?? 0));
          appendNumber(appender, value);
          appender.appendSmallInt(qualities[row] ?? 0);
          if (thinned) {
            appender.appendBigInt(BigInt(thinned.spans[row] ?? 0));
            appendNumber(appender, thinned.minima[row]);
            appendNumber(appender, thinned.maxima[row]);
            appender.appendBigInt(BigInt(thinned.sizes[row] ?? 0));
          }
          appender.endRow();
        }
      }
    }
    appender.closeSync();
  }

  #rangesOf(frames: readonly StoredFrame[]): Map<number, RangeSet> {
    const ranges = new Map<number, RangeSet>();
    for (const { frame } of frames) {
      const stream = this.#streams.idOf(keyOf(frame.site, frame.gateway, frame.epoch));
      const set = ranges.get(stream) ?? new RangeSet();
      set.add(frame.sequence);
      ranges.set(stream, set);
    }
    return ranges;
  }

  async #insertKeys(connection: DuckDBConnection, table: string, dictionary: Dictionary): Promise<void> {
    const fresh = dictionary.fresh();
    if (fresh.length === 0) return;
    const appender = await connection.createAppender(table, 'main', this.catalog);
    for (const [key, id] of fresh) {
      appender.appendInteger(id);
      for (const part of key.split('/')) appender.appendVarchar(part);
      appender.endRow();
    }
    appender.closeSync();
  }

  async #insertRanges(connection: DuckDBConnection, ranges: ReadonlyMap<number, RangeSet>): Promise<void> {
    const rows = [...ranges].flatMap(([stream, set]) => set.ranges().map((r) => `(${stream}, ${r.first}, ${r.last})`));
    if (rows.length > 0) await connection.run(`INSERT INTO ${this.catalog}.ledger VALUES ${rows.join(', ')}`);
  }

  #mark(stream: number, first: number, last: number): void {
    const set = this.#ledger.get(stream) ?? new RangeSet();
    set.add(first, last);
    this.#ledger.set(stream, set);
  }

  /** Each commit leaves rows of its own; sequences that have become contiguous need one. */
  async #compactLedger(connection: DuckDBConnection, rows: number): Promise<void> {
    const ranges = [...this.#ledger.values()].reduce((sum, set) => sum + set.ranges().length, 0);
    if (rows < 1000 || rows < 4 * ranges) return;
    await connection.run('BEGIN TRANSACTION');
    await connection.run(`DELETE FROM ${this.catalog}.ledger`);
    await this.#insertRanges(connection, this.#ledger);
    await connection.run('COMMIT');
  }

  async #load(connection: DuckDBConnection, table: string, columns: string, into: Dictionary): Promise<void> {
    const rows = await connection.runAndReadAll(`SELECT id, ${columns} FROM ${this.catalog}.${table}`);
    for (const [id, a, b, c] of rows.getRowsJS()) into.ids.set(keyOf(String(a), String(b), String(c)), Number(id));
  }
}

function appendNumber(appender: DuckDBAppender, value = Number.NaN): void {
  if (Number.isNaN(value)) appender.appendNull();
  else appender.appendDouble(value);
}
