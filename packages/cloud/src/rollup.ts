import { qualityCode } from '@plantroom/model';
import type { RawRow, Rollup } from './time-series/contract.ts';

/** Where rollups of one length lie: starts are `from` plus multiples of `width`; `to` is the end of the last. */
export interface RollupGrid {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** The first code of quality bad: such values are shown, never counted. */
const firstBad = 200;

type Draft = { -readonly [K in keyof Rollup]: Rollup[K] };

const emptyAt = (time: number): Draft => ({
  time,
  ...{ mean: null, minimum: null, maximum: null, first: null, last: null },
  ...{ count: 0, bad: 0, covered: 0, silent: 0, quality: 0 },
});

/**
 * The rollups of one point from its samples in the order of time, which begin `hold` ms before the grid if there are any: a
 * value stands until the next sample, for `hold` ms at most. So does the word that there is none. Stretches of which
 * nothing is known are left out. Values are weighted by the time they stood and not by their number: with report by
 * exception many samples mean much change, not much time.
 */
export function rollUp(rows: readonly RawRow[], grid: RollupGrid, hold: number): Rollup[] {
  const drafts = new Map<number, Draft>();
  for (const [n, row] of rows.entries()) {
    const next = rows[n + 1]?.time ?? Number.POSITIVE_INFINITY;
    const end = Math.min(next, row.time + (row.thinned?.span ?? 0) + hold, grid.to);
    if (row.time >= grid.from && row.time < grid.to) arrive(draftAt(drafts, row.time, grid), row);
    for (let at = Math.max(row.time, grid.from); at < end; ) {
      const draft = draftAt(drafts, at, grid);
      const until = Math.min(end, draft.time + grid.width);
      stand(draft, row, until - at);
      at = until;
    }
  }
  return [...drafts.values()];
}

function draftAt(drafts: Map<number, Draft>, time: number, { from, width }: RollupGrid): Draft {
  const start = from + Math.floor((time - from) / width) * width;
  const known = drafts.get(start);
  if (known) return known;
  const fresh = emptyAt(start);
  drafts.set(start, fresh);
  return fresh;
}

/** What stands for samples has left their bad values out already. */
const isUsable = (row: RawRow, code: number) => row.value !== null && (code < firstBad || row.thinned !== undefined);

function arrive(draft: Draft, row: RawRow): void {
  const code = qualityCode(row);
  if (isUsable(row, code)) draft.count += row.thinned?.count ?? 1;
  else draft.bad += 1;
  touch(draft, row, code);
}

/** The row's word holds for `span` ms of the stretch. */
function stand(draft: Draft, row: RawRow, span: number): void {
  const code = qualityCode(row);
  touch(draft, row, code);
  if (row.value === null || !isUsable(row, code)) {
    draft.silent += span;
    return;
  }
  draft.covered += span;
  // A running mean: a value that never changes comes out as it went in.
  draft.mean = draft.mean === null ? row.value : draft.mean + ((row.value - draft.mean) * span) / draft.covered;
}

function touch(draft: Draft, row: RawRow, code: number): void {
  draft.quality = Math.max(draft.quality, code);
  if (row.value === null || !isUsable(row, code)) return;
  draft.minimum = least(draft.minimum, row.thinned ? row.thinned.minimum : row.value);
  draft.maximum = most(draft.maximum, row.thinned ? row.thinned.maximum : row.value);
  if (row.thinned) return;
  draft.first ??= row.value;
  draft.last = row.value;
}

const least = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b));
const most = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));

/** One rollup of several that follow each other; undefined of none. */
export function combineRollups(time: number, parts: readonly Rollup[]): Rollup | undefined {
  if (parts.length === 0) return undefined;
  const whole = emptyAt(time);
  for (const part of parts) {
    whole.covered += part.covered;
    if (part.mean !== null && part.covered > 0)
      whole.mean =
        whole.mean === null ? part.mean : whole.mean + ((part.mean - whole.mean) * part.covered) / whole.covered;
    whole.minimum = least(whole.minimum, part.minimum);
    whole.maximum = most(whole.maximum, part.maximum);
    whole.first ??= part.first;
    whole.last = part.last ?? whole.last;
    whole.count += part.count;
    whole.bad += part.bad;
    whole.silent += part.silent;
    whole.quality = Math.max(whole.quality, part.quality);
  }
  return whole;
}

/** Rollups of a coarser grid from those of a finer one, in the order of time; `startOf` names the coarse start of a time. */
export function regroup(fine: readonly Rollup[], startOf: (time: number) => number): Rollup[] {
  const groups = Map.groupBy(fine, (rollup) => startOf(rollup.time));
  return [...groups].flatMap(([start, parts]) => combineRollups(start, parts) ?? []);
}
