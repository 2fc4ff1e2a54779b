import { identifierPattern } from '@plantroom/model';
import type { Rollup, RollupWidth, SeriesQuery, SeriesRollups, SiteRange } from './contract.ts';
import type { Answer } from './influx-answer.ts';
import { isFit } from './influx-lines.ts';
import { type Cell, mostRows, numberAt, type ResultSeries } from './influx-results.ts';

export interface InfluxRollupsOptions {
  readonly ask: (statements: string) => Promise<ResultSeries[][]>;
  /** Stores lines with times in ns where rollups of this width are kept; throws when they are not stored. */
  readonly post: (width: RollupWidth, lines: readonly string[]) => Promise<void>;
}

/** What a server keeps rollups of one width in: a retention policy of InfluxDB 1, a bucket of InfluxDB 2 mapped as one. */
export const rollupPolicies: Readonly<Record<RollupWidth, string>> = {
  minute: 'minutes',
  quarter: 'quarters',
  day: 'days',
};

/** Sends lines; an answer other than "stored" is the caller's to judge. */
export type PostLines = (lines: string, policy?: string) => Promise<Answer>;

const measurement = 'rollup';
const mostLines = 5000;
const figures = ['mean', 'minimum', 'maximum', 'first', 'last'] as const;
const counts = ['count', 'bad', 'covered', 'silent', 'quality'] as const;
/** `nulls` has a bit for each figure that is not there: a point that is written again cannot lose a field. */
const columns = [...figures, 'nulls', ...counts].map((name) => `"${name}"`).join(', ');

/**
 * Rollups in InfluxDB, each width under a retention of its own. All fields are always written, so that a later rollup of the
 * same time leaves nothing of the earlier one; one that is no longer is overwritten by one that says nothing, which no
 * reader is given.
 */
export class InfluxRollups {
  readonly #options: InfluxRollupsOptions;

  constructor(options: InfluxRollupsOptions) {
    this.#options = options;
  }

  async replace(width: RollupWidth, range: SiteRange, all: readonly SeriesRollups[]): Promise<void> {
    const { site } = range;
    const fit = all.filter((s) => isFit({ site, ...s }));
    const fresh = new Map(
      fit.map((s) => [
        keyOf(s),
        new Map(s.rollups.flatMap((r) => (r.time >= range.from && r.time < range.to ? [[r.time, r]] : []))),
      ]),
    );
    for (const { equipment, point, rollups } of await this.readSite(width, range)) {
      const known = fresh.get(keyOf({ equipment, point })) ?? new Map<number, Rollup>();
      for (const { time } of rollups) if (!known.has(time)) known.set(time, { ...nothing, time });
      fresh.set(keyOf({ equipment, point }), known);
    }
    const lines = [...fresh].flatMap(([key, rollups]) => {
      const [equipment, point] = key.split('/');
      const head = `${measurement},site=${site},equipment=${equipment},point=${point} `;
      return [...rollups.values()].map((rollup) => head + fieldsOf(rollup));
    });
    for (let from = 0; from < lines.length; from += mostLines)
      await this.#options.post(width, lines.slice(from, from + mostLines));
  }

  async read(width: RollupWidth, query: SeriesQuery): Promise<Rollup[]> {
    if (!isFit(query)) return [];
    const where = `equipment = '${query.equipment}' AND point = '${query.point}'`;
    const [only] = await this.#read(width, query, where);
    return only?.rollups ?? [];
  }

  readSite(width: RollupWidth, range: SiteRange): Promise<SeriesRollups[]> {
    return this.#read(width, range);
  }

  /** A series with more rows than an answer holds is asked for again from its last one on. */
  async #read(width: RollupWidth, { site, from, to }: SiteRange, where?: string): Promise<SeriesReading[]> {
    if (!identifierPattern.test(site)) return [];
    const source = `"${rollupPolicies[width]}"."${measurement}"`;
    const range = `time >= ${Math.ceil(from)}ms AND time < ${Math.ceil(to)}ms`;
    const narrower = where === undefined ? '' : ` AND ${where}`;
    const statement = `SELECT ${columns} FROM ${source} WHERE site = '${site}'${narrower} AND ${range} GROUP BY equipment, point LIMIT ${mostRows}`;
    const [found = []] = await this.#options.ask(statement);
    const all: SeriesReading[] = [];
    for (const { tags, values } of found) {
      const { equipment = '', point = '' } = tags;
      const rollups = values.map(rollupOf).filter((r) => r.count + r.bad + r.covered + r.silent > 0);
      const last = Number(values.at(-1)?.[0]);
      const rest = { site, equipment, point, from: last + 1, to };
      if (values.length >= mostRows) for (const one of await this.read(width, rest)) rollups.push(one);
      if (rollups.length > 0) all.push({ equipment, point, rollups });
    }
    return all;
  }
}

interface SeriesReading extends SeriesRollups {
  readonly rollups: Rollup[];
}

const keyOf = ({ equipment, point }: { equipment: string; point: string }) => `${equipment}/${point}`;

const nothing: Omit<Rollup, 'time'> = {
  ...{ mean: null, minimum: null, maximum: null, first: null, last: null },
  ...{ count: 0, bad: 0, covered: 0, silent: 0, quality: 0 },
};

function fieldsOf(rollup: Rollup): string {
  const nulls = figures.reduce((bits, name, n) => (rollup[name] === null ? bits | (1 << n) : bits), 0);
  const fields = [
    ...figures.map((name) => `${name}=${rollup[name] ?? 0}`),
    `nulls=${nulls}i`,
    ...counts.map((name) => `${name}=${rollup[name]}i`),
  ];
  return `${fields.join(',')} ${rollup.time}000000`;
}

function rollupOf(row: readonly Cell[]): Rollup {
  const nulls = numberAt(row, 1 + figures.length) ?? 0;
  const figure = (n: number) => (nulls & (1 << n) ? null : numberAt(row, 1 + n));
  const count = (n: number) => numberAt(row, 2 + figures.length + n) ?? 0;
  return {
    time: Number(row[0]),
    ...{ mean: figure(0), minimum: figure(1), maximum: figure(2), first: figure(3), last: figure(4) },
    ...{ count: count(0), bad: count(1), covered: count(2), silent: count(3), quality: count(4) },
  };
}
