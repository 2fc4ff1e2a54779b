import { quarterLength } from '../quarters.ts';
import type { RollupRecords } from '../records/contract.ts';
import { regroup, rollUp } from '../rollup.ts';
import type { Rollup, RollupWidth, SeriesQuery, StepRow, TimeSeriesStore } from '../time-series/contract.ts';

/** Where rollups are read, and how long a value of the point stands. */
export interface RollupSource {
  readonly store: Pick<TimeSeriesStore, 'raw' | 'steps' | 'rollups'>;
  readonly records: Pick<RollupRecords, 'marks'>;
  /** ms for which a value stands until the next. */
  readonly hold: number;
  /** No value is said to stand later than this. */
  readonly now: number;
  /** The start of the site's day that holds an instant. */
  readonly dayOf: (time: number) => number;
}

const minute = 60_000;
const day = 86_400_000;
/** More samples than these of one stretch are not rolled up while somebody waits, but asked for in steps. */
const mostRaw = 200_000;
const mostMarks = 50_000;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Rollups of a width as if none were behind: where samples have come since they were made, they are made here from the
 * samples, and nothing else is. The range begins and ends on the width's grid.
 */
export async function readRollups(source: RollupSource, query: SeriesQuery, width: RollupWidth): Promise<Rollup[]> {
  const stale = await staleQuarters(source, query);
  if (width !== 'day') return readFine(source, query, width, stale);
  const marks = await source.records.marks({
    width: 'day',
    site: query.site,
    from: query.from - day,
    to: query.to,
    limit: mostMarks,
  });
  const behind = new Set([...stale.flatMap((s) => daysOf(source, s)), ...marks.map((m) => source.dayOf(m.start))]);
  const [made, quarters] = await Promise.all([
    source.store.rollups('day', query),
    Promise.all(
      [...behind].map(async (start) => {
        const range = { ...query, from: Math.max(start, query.from), to: Math.min(nextDay(source, start), query.to) };
        return readFine(source, range, 'quarter', within(stale, range));
      }),
    ),
  ]);
  return [...made.filter((r) => !behind.has(source.dayOf(r.time))), ...regroup(quarters.flat(), source.dayOf)].sort(
    (a, b) => a.time - b.time,
  );
}

function daysOf(source: RollupSource, { from, to }: Stretch): number[] {
  const days: number[] = [];
  for (let start = source.dayOf(from); start < to; start = nextDay(source, start)) days.push(start);
  return days;
}

/** A day has 23 to 25 hours. */
const nextDay = ({ dayOf }: RollupSource, start: number) => dayOf(start + 1.25 * day);

async function readFine(
  { store, ...source }: RollupSource,
  query: SeriesQuery,
  width: 'minute' | 'quarter',
  stale: readonly Stretch[],
): Promise<Rollup[]> {
  const length = width === 'minute' ? minute : quarterLength;
  const isStale = (time: number) => stale.some((s) => time >= s.from && time < s.to);
  const [made, ...fresh] = await Promise.all([
    store.rollups(width, query),
    ...stale.map(async ({ from, to }) => {
      const end = Math.min(to, source.now);
      const rows = await store.raw({ ...query, from: from - source.hold, to: end }, mostRaw + 1);
      if (rows.length <= mostRaw) return rollUp(rows, { from, to: end, width: length }, source.hold);
      const steps = await store.steps({ ...query, from, to }, length, 0);
      return steps.map((s) => stepRollup(s, length));
    }),
  ]);
  return [...made.filter((r) => !isStale(r.time)), ...fresh.flat()].sort((a, b) => a.time - b.time);
}

/** Stretches of quarters whose rollups are behind, in the order of time. */
async function staleQuarters({ records }: RollupSource, { site, from, to }: SeriesQuery): Promise<Stretch[]> {
  const marks = await records.marks({ width: 'quarter', site, from: from - quarterLength + 1, to, limit: mostMarks });
  const stretches: { from: number; to: number }[] = [];
  for (const { start } of marks) {
    const last = stretches.at(-1);
    if (last && start <= last.to) last.to = Math.max(last.to, start + quarterLength);
    else stretches.push({ from: start, to: start + quarterLength });
  }
  return within(stretches, { from, to });
}

function within(stretches: readonly Stretch[], { from, to }: Stretch): Stretch[] {
  return stretches.map((s) => ({ from: Math.max(s.from, from), to: Math.min(s.to, to) })).filter((s) => s.from < s.to);
}

/** A step of the store knows nothing of how long its values stood: they count as if for all of it. */
function stepRollup({ time, mean, minimum, maximum, last, count, quality }: StepRow, length: number): Rollup {
  const [covered, silent] = mean === null ? [0, length] : [length, 0];
  return { time, mean, minimum, maximum, first: null, last, count, bad: 0, covered, silent, quality };
}
