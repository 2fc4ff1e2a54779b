import { quarterLength } from '../quarters.ts';
import type { Rollup } from '../time-series/contract.ts';

export interface Span {
  /** Inclusive; ms since 1970 UTC. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Time for which no value stands: because the device had none to give, or because nothing at all is known. */
export interface Stretch extends Span {
  readonly kind: 'silent' | 'nothing';
}

export interface PointRollups {
  readonly quarters: readonly Rollup[];
  readonly minutes: readonly Rollup[];
  /** Whether the last word before the span was that there is no value. */
  readonly wasSilent: boolean;
}

const minute = 60_000;
/** A stretch is not missing for less; ms. */
const tolerance = 1000;

export const isWhole = (rollup: Rollup | undefined, width: number) => (rollup?.covered ?? 0) >= width - tolerance;

/** Quarters that a look at their minutes tells more of: values stand in a part of them, or devices fell silent in them. */
export function mixedQuarters(quarters: readonly Rollup[]): number[] {
  return quarters
    .filter((q) => !isWhole(q, quarterLength) && (q.covered > 0 || (q.silent > 0 && q.silent < quarterLength)))
    .map((q) => q.time);
}

/**
 * What of a span (of whole quarters) is missing of one point, by its rollups of a quarter and, in mixed quarters, of a
 * minute. A device that fell silent says so once: what follows without a word is its silence too, over midnight as well
 * (`wasSilent`).
 */
export function missingStretches(span: Span, { quarters, minutes, wasSilent }: PointRollups): Stretch[] {
  const byQuarter = new Map(quarters.map((r) => [r.time, r]));
  const byMinute = new Map(minutes.map((r) => [r.time, r]));
  const mixed = new Set(mixedQuarters(quarters));
  const all: OpenStretch[] = wasSilent ? [{ from: span.from, to: span.from, kind: 'silent' }] : [];
  for (let start = span.from; start < span.to; start += quarterLength) {
    if (!mixed.has(start)) {
      add(all, start, quarterLength, byQuarter.get(start));
      continue;
    }
    for (let at = start; at < start + quarterLength; at += minute) add(all, at, minute, byMinute.get(at));
  }
  return all.filter((s) => s.from < s.to).map(({ from, to, kind }) => ({ from, to, kind }));
}

/** `isOver`: in its last minute a value came, so that what follows without a word is something else. */
type OpenStretch = Stretch & { readonly isOver?: boolean };

function add(all: OpenStretch[], from: number, width: number, rollup: Rollup | undefined): void {
  if (isWhole(rollup, width)) return;
  const last = all.at(-1);
  const follows = last?.to === from;
  const isSaid = (rollup?.silent ?? 0) > 0;
  // The minute in which the device comes back is known in part: what is missing of it is still the silence.
  const goesOn = follows && last.kind === 'silent' && !last.isOver;
  const kind = isSaid || goesOn ? 'silent' : 'nothing';
  const isOver = !isSaid && (rollup?.covered ?? 0) > 0;
  if (last && follows && last.kind === kind) all[all.length - 1] = { ...last, to: from + width, isOver };
  else all.push({ from, to: from + width, kind });
}
