import { identifierPattern, qualityOfCode } from '@plantroom/model';
import type {
  LatestRow,
  RawRow,
  RefusedFrame,
  Rollup,
  RollupWidth,
  ScannedSeries,
  SeriesQuery,
  SeriesRollups,
  SiteRange,
  StepRow,
  StoredFrame,
  TimeSeriesStore,
} from './contract.ts';
import { readLatest } from './influx-latest.ts';
import {
  equipmentQuery,
  equipmentRowsQuery,
  oldestQuery,
  rawQuery,
  type StepsQuery,
  stepsQuery,
  thinnedRawQuery,
  thinnedStepsQuery,
} from './influx-queries.ts';
import { mostRows, numberAt, type ResultSeries, readResults } from './influx-results.ts';
import { InfluxRollups, type PostLines, rollupPolicies } from './influx-rollups.ts';
import { InfluxWriter, type InfluxWriterOptions } from './influx-writer.ts';

/** What differs between the versions of InfluxDB. */
export interface InfluxStoreOptions extends InfluxWriterOptions {
  /** Sends lines with times in ns; to a retention of its own where one is named. */
  readonly post: PostLines;
  /** Runs InfluxQL with times in ms and gives the parsed answer. */
  readonly query: (statements: string) => Promise<unknown>;
  readonly close: () => void;
}

/** The first code of quality bad: such values are shown, never counted. */
const firstBad = 200;

/** Time series in InfluxDB, written as line protocol and read in InfluxQL. */
export class InfluxStore implements TimeSeriesStore {
  readonly #options: InfluxStoreOptions;
  readonly #writer: InfluxWriter;
  readonly #rollups: InfluxRollups;

  constructor(options: InfluxStoreOptions) {
    this.#options = options;
    this.#writer = new InfluxWriter({ ...options, post: (lines) => options.post(lines) });
    this.#rollups = new InfluxRollups({
      ask: (statements) => this.#ask(statements),
      post: (width, lines) => this.#writer.sendLines(lines, (body) => options.post(body, rollupPolicies[width])),
    });
  }

  write(frames: readonly StoredFrame[]): Promise<RefusedFrame[]> {
    return this.#writer.write(frames);
  }

  async raw(query: SeriesQuery, limit: number): Promise<RawRow[]> {
    const [rows, thinned] = await Promise.all([
      this.#pages((from, size) => rawQuery({ ...query, from }, size), query.from, limit),
      this.#pages((from, size) => thinnedRawQuery({ ...query, from }, size), query.from, limit),
    ]);
    if (thinned.length === 0) return rows.map(rawRow);
    const all = [...rows.map(rawRow), ...thinned.map(thinnedRow)];
    return all.sort((a, b) => a.time - b.time).slice(0, limit);
  }

  async steps(query: SeriesQuery, interval: number, offset: number): Promise<StepRow[]> {
    const grid = { ...query, interval, offset: ((offset % interval) + interval) % interval };
    const [samples, thinned] = await Promise.all([
      this.#stepsOfSamples(grid),
      this.#pages((from, size) => thinnedStepsQuery({ ...grid, from }, size), grid.from),
    ]);
    return thinned.length === 0 ? samples : inOrder([...thinned.map(thinnedStep), ...samples]);
  }

  /** Asks for all values first; only where bad ones are among them are the usable ones asked for again. */
  async #stepsOfSamples(query: StepsQuery): Promise<StepRow[]> {
    const { interval } = query;
    const all = await this.#steps(query, 'all');
    const bad = all.filter((s) => s.quality >= firstBad);
    const [first, last] = [bad[0], bad.at(-1)];
    if (!first || !last) return all;
    const [from, to] = [Math.max(query.from, first.time), Math.min(query.to, last.time + interval)];
    const usable = await this.#steps({ ...query, from, to }, 'usable');
    const byTime = new Map(usable.map((s) => [s.time, s]));
    return all.map((step) => {
      if (step.quality < firstBad) return step;
      return { ...(byTime.get(step.time) ?? { ...emptyStep, time: step.time }), quality: step.quality };
    });
  }

  /** An equipment at a time: what is asked for at once stays small. */
  async *scan(range: SiteRange): AsyncGenerator<ScannedSeries> {
    const statement = equipmentQuery(range);
    const [series = []] = statement === undefined ? [] : await this.#ask(statement);
    for (const equipment of new Set(series.map((s) => s.tags.equipment ?? ''))) {
      if (!identifierPattern.test(equipment)) continue;
      const [samples = [], thinned = []] = await this.#ask(equipmentRowsQuery(range, equipment, mostRows));
      const points = Map.groupBy([...samples, ...thinned], (s) => s.tags.point ?? '');
      for (const [point, parts] of points) {
        const isWhole = parts.every((p) => p.values.length < mostRows);
        const rows = parts.flatMap((p) => p.values.map(thinned.includes(p) ? thinnedRow : rawRow));
        if (isWhole && parts.length > 1) rows.sort((a, b) => a.time - b.time);
        yield {
          equipment,
          point,
          rows: isWhole ? rows : await this.raw({ ...range, equipment, point }, Number.POSITIVE_INFINITY),
        };
      }
    }
  }

  async oldest(site: string): Promise<number | undefined> {
    const rows = await this.#rows(oldestQuery(site));
    return rows.length === 0 ? undefined : Math.min(...rows.map((row) => Number(row[0])));
  }

  replaceRollups(width: RollupWidth, range: SiteRange, series: readonly SeriesRollups[]): Promise<void> {
    return this.#rollups.replace(width, range, series);
  }

  rollups(width: RollupWidth, query: SeriesQuery): Promise<Rollup[]> {
    return this.#rollups.read(width, query);
  }

  siteRollups(width: RollupWidth, range: SiteRange): Promise<SeriesRollups[]> {
    return this.#rollups.readSite(width, range);
  }

  latest(until: number): Promise<LatestRow[]> {
    return readLatest((statements) => this.#ask(statements), until);
  }

  /** The server removes by itself what is older than its policies say. */
  async expire(): Promise<string[]> {
    return [];
  }

  async close(): Promise<void> {
    this.#writer.close();
    this.#options.close();
  }

  async #steps(query: StepsQuery, values: 'all' | 'usable'): Promise<StepRow[]> {
    return merged(await this.#pages((from, size) => stepsQuery({ ...query, from }, values, size), query.from));
  }

  /**
   * Rows from a time on, page by page. InfluxDB marks every longer series as partial, cut off or not. A full page may end
   * between two rows of one time, so the next begins with that time again.
   */
  async #pages(
    statement: (from: number, size: number) => string | undefined,
    from: number,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<ResultSeries['values']> {
    const rows: ResultSeries['values'][number][] = [];
    for (let next = from; ; ) {
      const size = Math.min(mostRows, limit - rows.length);
      const page = (await this.#rows(statement(next, size))).slice(0, size);
      const isLast = page.length < mostRows;
      next = Number(page.at(-1)?.[0]);
      for (const row of page) if (isLast || Number(row[0]) < next) rows.push(row);
      if (isLast) return rows;
    }
  }

  /** Rows of one statement in the order of time; an equipment whose kind was corrected has them in two series. */
  async #rows(statement: string | undefined): Promise<ResultSeries['values']> {
    if (statement === undefined) return [];
    const [series = []] = await this.#ask(statement);
    if (series.length < 2) return series[0]?.values ?? [];
    return series.flatMap((s) => s.values).sort((a, b) => Number(a[0]) - Number(b[0]));
  }

  async #ask(statements: string): Promise<ResultSeries[][]> {
    return readResults(await this.#options.query(statements));
  }
}

const emptyStep = { mean: null, minimum: null, maximum: null, last: null, count: 0 };

type Row = ResultSeries['values'][number];

function rawRow(row: Row): RawRow {
  return { time: Number(row[0]), value: numberAt(row, 1), ...qualityOfCode(numberAt(row, 2) ?? 0) };
}

function thinnedRow(row: Row): RawRow {
  const thinned = { minimum: numberAt(row, 3), maximum: numberAt(row, 4), count: numberAt(row, 5) ?? 0 };
  return { ...rawRow(row), thinned: { ...thinned, span: numberAt(row, 6) ?? 0 } };
}

function thinnedStep(row: Row): StepRow {
  const [sum, count] = [numberAt(row, 1), numberAt(row, 4) ?? 0];
  return {
    time: Number(row[0]),
    mean: sum === null || count === 0 ? null : sum / count,
    minimum: numberAt(row, 2),
    maximum: numberAt(row, 3),
    last: null,
    count,
    quality: numberAt(row, 5) ?? 0,
  };
}

/** Rows of steps in the order of time; two of one step (from two series) become one. */
function merged(rows: ResultSeries['values']): StepRow[] {
  return joinSteps(
    rows.map((row) => ({
      time: Number(row[0]),
      mean: numberAt(row, 1),
      minimum: numberAt(row, 2),
      maximum: numberAt(row, 3),
      last: numberAt(row, 4),
      count: numberAt(row, 5) ?? 0,
      quality: numberAt(row, 6) ?? 0,
    })),
  );
}

/** Steps in the order of time, those of samples after thinned ones of the same time. */
const inOrder = (steps: readonly StepRow[]) => joinSteps([...steps].sort((a, b) => a.time - b.time));

function joinSteps(all: readonly StepRow[]): StepRow[] {
  const steps: StepRow[] = [];
  for (const step of all) {
    const before = steps.at(-1);
    if (before?.time === step.time) steps[steps.length - 1] = joined(before, step);
    else steps.push(step);
  }
  return steps;
}

function joined(a: StepRow, b: StepRow): StepRow {
  const [some, other] = a.count === 0 ? [b, a] : [a, b];
  const quality = Math.max(a.quality, b.quality);
  const count = a.count + b.count;
  if (some.mean === null || other.mean === null) return { ...some, quality };
  return {
    ...b,
    mean: (some.mean * some.count + other.mean * other.count) / count,
    minimum: Math.min(Number(a.minimum), Number(b.minimum)),
    maximum: Math.max(Number(a.maximum), Number(b.maximum)),
    count,
    quality,
  };
}
