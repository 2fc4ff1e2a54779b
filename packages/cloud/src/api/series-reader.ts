import { qualityCode } from '@plantroom/model';
import type { aggregates, Series, SeriesItem } from '@plantroom/model/api';
import { quarterLength } from '../quarters.ts';
import { combineRollups, rollUp } from '../rollup.ts';
import type { Rollup, RollupWidth, SeriesQuery, TimeSeriesStore } from '../time-series/contract.ts';
import { type RollupSource, readRollups } from './rollup-reader.ts';
import { type OffsetAt, stepRuns } from './step-grid.ts';

export type Aggregate = (typeof aggregates)[number];
type Read = Pick<Series, 'from' | 'to' | 'resolution'> & { items: SeriesItem[] };

const minute = 60_000;
const day = 86_400_000;

/** The coarsest rollups of which steps of this length are made; undefined when only samples are fine enough. */
export function widthFor(interval: number): RollupWidth | undefined {
  if (interval % day === 0) return 'day';
  if (interval % quarterLength === 0) return 'quarter';
  return interval % minute === 0 ? 'minute' : undefined;
}

/** Every step of [from, to) in order; one of which nothing is known has nulls. */
export async function readSteps(
  source: RollupSource,
  query: SeriesQuery,
  interval: number,
  aggregate: Exclude<Aggregate, 'raw'>,
  offsetAt: OffsetAt,
): Promise<Read> {
  const runs = stepRuns(query.from, query.to, interval, offsetAt);
  const [from, to] = [runs[0]?.from ?? query.from, runs.at(-1)?.to ?? query.to];
  const width = widthFor(interval);
  const range = { ...query, from, to };
  const fine = width ? await readRollups(source, range, width) : await rollUpRaw(source, range, interval);
  const starts = [...runs.flatMap((r) => r.starts), to];
  let at = 0;
  const items = starts.slice(0, -1).map((time, n) => {
    const end = starts[n + 1] ?? to;
    const parts: Rollup[] = [];
    for (let part = fine[at]; part && part.time < end; part = fine[++at]) parts.push(part);
    return itemOf(time, end - time, combineRollups(time, parts), aggregate);
  });
  return { from, to, resolution: width ?? 'raw', items };
}

async function rollUpRaw({ store, hold, now }: RollupSource, query: SeriesQuery, width: number): Promise<Rollup[]> {
  const { from, to } = query;
  const rows = await store.raw({ ...query, from: from - hold }, Number.MAX_SAFE_INTEGER);
  return rollUp(rows, { from, to: Math.min(to, now), width }, hold);
}

function itemOf(
  time: number,
  length: number,
  rollup: Rollup | undefined,
  aggregate: Exclude<Aggregate, 'raw'>,
): SeriesItem {
  if (!rollup) return { time, value: null, minimum: null, maximum: null, count: 0, quality: null, coverage: 0 };
  const { minimum, maximum, count, quality, covered } = rollup;
  return { time, value: rollup[aggregate], minimum, maximum, count, quality, coverage: Math.min(1, covered / length) };
}

/** Samples as they are stored, at most `limit`; undefined when there are more. */
export async function readRaw(
  store: Pick<TimeSeriesStore, 'raw'>,
  query: SeriesQuery,
  limit: number,
): Promise<SeriesItem[] | undefined> {
  const rows = await store.raw(query, limit + 1);
  if (rows.length > limit) return undefined;
  return rows.map((row) => ({
    time: row.time,
    value: row.value,
    minimum: row.thinned ? row.thinned.minimum : row.value,
    maximum: row.thinned ? row.thinned.maximum : row.value,
    count: row.thinned?.count ?? (row.value === null ? 0 : 1),
    quality: qualityCode(row),
    coverage: row.value === null ? 0 : 1,
  }));
}
