import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { coerceError, PlantroomError } from '@plantroom/base';
import {
  type FrameName,
  type LatestRow,
  type RawRow,
  type RefusedFrame,
  type Retention,
  type Rollup,
  type RollupWidth,
  rollupWidths,
  type ScannedSeries,
  type SeriesQuery,
  type SeriesRollups,
  type SiteRange,
  type StepRow,
  type StoredFrame,
  type TimeSeriesStore,
} from './contract.ts';
import { readLatest } from './duckdb-latest.ts';
import { createMonthFile, DuckdbMonth, quoted } from './duckdb-month.ts';
import { readOldest, readRaw, readSteps, scanSite } from './duckdb-queries.ts';
import { DuckdbRollups, removeFile } from './duckdb-rollups.ts';
import { monthNamed, monthsOf } from './month.ts';

const extension = '.duckdb';
/** An empty file that is attached as long as the store is open: its lock keeps a second process out from the start. */
const guard = 'guard.duckdb';
/** The lock holds between processes only; within this one the directory is remembered. */
const openDirectories = new Set<string>();

/** The engine: one in-memory instance to which every month's file is attached, and the one connection that writes. */
interface Engine {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly months: Map<string, DuckdbMonth>;
  readonly rollups: DuckdbRollups;
}

async function openEngine(directory: string): Promise<Engine> {
  await mkdir(directory, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    temp_directory: join(directory, 'spill'),
    // Nothing is fetched from a network.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const writer = await instance.connect();
  try {
    await writer.run(`ATTACH '${quoted(join(directory, guard))}' AS guard`);
    const rollups = await DuckdbRollups.open(directory, writer);
    const engine: Engine = { instance, writer, months: new Map(), rollups };
    const names = (await readdir(directory)).filter((f) => f.endsWith(extension)).sort();
    for (const file of names) await attach(engine, directory, file.slice(0, -extension.length));
    return engine;
  } catch (thrown) {
    closeEngine({ instance, writer });
    throw cannotOpen(directory, thrown);
  }
}

async function attach(engine: Engine, directory: string, name: string): Promise<DuckdbMonth | undefined> {
  const month = monthNamed(name);
  if (!month) return undefined;
  const file = join(directory, name + extension);
  if (!existsSync(file)) await create(engine, file);
  const opened = new DuckdbMonth(month);
  await opened.open(engine.writer, file);
  engine.months.set(name, opened);
  return opened;
}

/** Makes a month's file under another name first, so that a crash cannot leave half of one. */
async function create(engine: Engine, file: string): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await rm(`${draft}.wal`, { force: true });
  await createMonthFile(engine.writer, draft);
  await rename(draft, file);
}

function closeEngine(engine: Pick<Engine, 'instance' | 'writer'>): void {
  engine.writer.closeSync();
  engine.instance.closeSync();
}

function cannotOpen(directory: string, thrown: unknown): PlantroomError {
  const message = coerceError(thrown).message;
  const locked = /lock on file/i.test(message);
  return new PlantroomError('time-series-open', `the time series in ${directory} cannot be opened: ${message}`, {
    hint: locked
      ? 'Another process has them open. Stop it; an embedded store belongs to exactly one process.'
      : 'Check the rights and the free space of the directory.',
    cause: thrown,
  });
}

const nameOf = (f: FrameName) => `${f.site}/${f.gateway}/${f.epoch}/${f.sequence}`;

class DuckdbTimeSeries implements TimeSeriesStore {
  readonly #directory: string;
  /** Undefined after a fatal error, until the next use opens it anew. */
  #engine: Promise<Engine> | undefined;
  #closed = false;
  /** Writers queue here: one transaction at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: string, engine: Engine) {
    this.#directory = directory;
    this.#engine = Promise.resolve(engine);
  }

  async write(frames: readonly StoredFrame[]): Promise<RefusedFrame[]> {
    await this.#change('samples', () => this.#writeMonths(frames));
    return [];
  }

  replaceRollups(width: RollupWidth, range: SiteRange, series: readonly SeriesRollups[]): Promise<void> {
    return this.#change('rollups', async () => {
      const { writer, rollups } = await this.#open();
      await rollups.replace(writer, width, range, series);
    });
  }

  #change(what: string, run: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await run();
      } catch (thrown) {
        await this.#recover(thrown);
        const message = `${what} could not be written to ${this.#directory}: ${coerceError(thrown).message}`;
        const hint = 'Check the free space of the directory; the samples are kept by their gateways meanwhile.';
        throw new PlantroomError('time-series-write', message, { hint, cause: thrown });
      }
    });
  }

  /**
   * A transaction covers one file. A frame across two months is written in two; if the second fails, a later attempt
   * finds the first in its file's ledger and writes the second alone.
   */
  async #writeMonths(frames: readonly StoredFrame[]): Promise<void> {
    const months = new Map<string, StoredFrame[]>();
    const seen = new Set<string>();
    for (const stored of frames) {
      const frame = nameOf(stored.frame);
      if (seen.has(frame)) continue;
      seen.add(frame);
      for (const { name } of monthsOf(stored.samples.times)) {
        const parts = months.get(name) ?? [];
        parts.push(stored);
        months.set(name, parts);
      }
    }
    const engine = await this.#open();
    for (const [name, parts] of [...months].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const month = engine.months.get(name) ?? (await attach(engine, this.#directory, name));
      const missing = parts.filter((p) => !month?.has(p.frame));
      if (month && missing.length > 0) await month.write(engine.writer, missing);
    }
  }

  raw(query: SeriesQuery, limit: number): Promise<RawRow[]> {
    return this.#read((connection, { months }) => readRaw(connection, [...months.values()], query, limit));
  }

  steps(query: SeriesQuery, interval: number, offset: number): Promise<StepRow[]> {
    return this.#read((connection, { months }) => readSteps(connection, [...months.values()], query, interval, offset));
  }

  async *scan(range: SiteRange): AsyncGenerator<ScannedSeries> {
    const engine = await this.#open();
    const connection = await engine.instance.connect();
    try {
      yield* scanSite(connection, [...engine.months.values()], range);
    } finally {
      connection.closeSync();
    }
  }

  oldest(site: string): Promise<number | undefined> {
    return this.#read((connection, { months }) => readOldest(connection, [...months.values()], site));
  }

  rollups(width: RollupWidth, query: SeriesQuery): Promise<Rollup[]> {
    return this.#read((connection, { rollups }) => rollups.read(connection, width, query));
  }

  siteRollups(width: RollupWidth, range: SiteRange): Promise<SeriesRollups[]> {
    return this.#read((connection, { rollups }) => rollups.readSite(connection, width, range));
  }

  latest(until: number): Promise<LatestRow[]> {
    return this.#read((connection, { months }) => readLatest(connection, [...months.values()], until));
  }

  expire(retention: Retention, now: number): Promise<string[]> {
    return this.#inTurn(async () => {
      const engine = await this.#open();
      const before = (days: number) => now - days * 86_400_000;
      const old = [...engine.months.values()].filter((m) => m.month.end <= before(retention.samples));
      for (const { month, catalog } of old) {
        engine.months.delete(month.name);
        await removeFile(engine.writer, catalog, join(this.#directory, month.name + extension));
      }
      const gone = old.map((m) => m.month.name);
      for (const width of rollupWidths)
        gone.push(...(await engine.rollups.removeBefore(engine.writer, width, before(retention[width]))));
      return gone;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed) return;
      this.#closed = true;
      openDirectories.delete(this.#directory);
      if (this.#engine) closeEngine(await this.#engine);
    });
  }

  #open(): Promise<Engine> {
    if (this.#closed) throw new PlantroomError('time-series-closed', 'the time series are closed');
    this.#engine ??= openEngine(this.#directory).catch((thrown: unknown) => {
      this.#engine = undefined;
      throw thrown;
    });
    return this.#engine;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** A connection for each reading, so that a long one does not hold up the others. */
  async #read<T>(run: (connection: DuckDBConnection, engine: Engine) => Promise<T>): Promise<T> {
    const engine = await this.#open();
    const connection = await engine.instance.connect();
    try {
      return await run(connection, engine);
    } finally {
      connection.closeSync();
    }
  }

  /** After a fatal error (a full disk while the log is written) the engine refuses everything until it is opened anew. */
  async #recover(thrown: unknown): Promise<void> {
    if (!/invalidated|fatal/i.test(coerceError(thrown).message) || !this.#engine) return;
    const broken = this.#engine;
    this.#engine = undefined;
    await broken.then(closeEngine, () => undefined);
  }
}

/**
 * Opens (and creates) the embedded store in a directory: a DuckDB file for each month (UTC). Throws PlantroomError
 * `time-series-open` when the directory cannot be used or another process has it.
 */
export async function openDuckdbStore(directory: string): Promise<TimeSeriesStore> {
  const path = resolve(directory);
  if (openDirectories.has(path)) throw cannotOpen(path, new Error('lock on file: this process has them open'));
  const engine = await openEngine(path);
  openDirectories.add(path);
  return new DuckdbTimeSeries(path, engine);
}
