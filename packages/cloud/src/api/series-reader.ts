import { qualityCode } from '@plantroom/model';
import type { aggregates, SeriesItem } from '@plantroom/model/api';
import type { SeriesQuery, StepRow, TimeSeriesStore } from '../time-series/contract.ts';
import { type OffsetAt, type StepRun, stepRuns } from './step-grid.ts';

export type Aggregate = (typeof aggregates)[number];
type Store = Pick<TimeSeriesStore, 'raw' | 'steps'>;

/** Every offset of a zone, and every change of one, is a multiple of this. */
const quarterHour = 900_000;

/** Every step of [from, to) in order; one without samples has nulls. */
export async function readSteps(
  store: Store,
  query: SeriesQuery,
  interval: number,
  aggregate: Exclude<Aggregate, 'raw'>,
  offsetAt: OffsetAt,
): Promise<{ from: number; to: number; items: SeriesItem[] }> {
  const runs = stepRuns(query.from, query.to, interval, offsetAt);
  const items: SeriesItem[] = [];
  for (const run of runs) items.push(...(await readRun(store, query, run, interval, aggregate)));
  return { from: runs[0]?.from ?? query.from, to: runs.at(-1)?.to ?? query.to, items };
}

async function readRun(
  store: Store,
  query: SeriesQuery,
  { from, to, isEven, starts }: StepRun,
  interval: number,
  aggregate: Exclude<Aggregate, 'raw'>,
): Promise<SeriesItem[]> {
  const part = { ...query, from, to };
  if (!isEven) {
    const whole = combine(from, await store.steps(part, quarterHour, from % quarterHour));
    return [whole ? itemOf(whole, aggregate) : emptyItem(from)];
  }
  const rows = new Map((await store.steps(part, interval, from % interval)).map((row) => [row.time, row]));
  return starts.map((time) => {
    const row = rows.get(time);
    return row ? itemOf(row, aggregate) : emptyItem(time);
  });
}

function itemOf(row: StepRow, aggregate: Exclude<Aggregate, 'raw'>): SeriesItem {
  const { time, minimum, maximum, count, quality } = row;
  return { time, value: row[aggregate], minimum, maximum, count, quality };
}

function emptyItem(time: number): SeriesItem {
  return { time, value: null, minimum: null, maximum: null, count: 0, quality: null };
}

/** One step of several: the mean is weighted by the number of values. */
export function combine(time: number, rows: readonly StepRow[]): StepRow | undefined {
  if (rows.length === 0) return undefined;
  const count = rows.reduce((sum, r) => sum + r.count, 0);
  const total = rows.reduce((sum, r) => sum + (r.mean ?? 0) * r.count, 0);
  const minima = rows.flatMap((r) => (r.minimum === null ? [] : [r.minimum]));
  const maxima = rows.flatMap((r) => (r.maximum === null ? [] : [r.maximum]));
  return {
    time,
    mean: count === 0 ? null : total / count,
    minimum: minima.length === 0 ? null : Math.min(...minima),
    maximum: maxima.length === 0 ? null : Math.max(...maxima),
    last: rows.findLast((r) => r.last !== null)?.last ?? null,
    count,
    quality: Math.max(...rows.map((r) => r.quality)),
  };
}

/** Samples as they are stored, at most `limit`; undefined when there are more. */
export async function readRaw(store: Store, query: SeriesQuery, limit: number): Promise<SeriesItem[] | undefined> {
  const rows = await store.raw(query, limit + 1);
  if (rows.length > limit) return undefined;
  return rows.map((row) => ({
    time: row.time,
    value: row.value,
    minimum: row.thinned ? row.thinned.minimum : row.value,
    maximum: row.thinned ? row.thinned.maximum : row.value,
    count: row.thinned?.count ?? (row.value === null ? 0 : 1),
    quality: qualityCode(row),
  }));
}
