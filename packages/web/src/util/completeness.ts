import type { Hole, HoleCause } from '@plantroom/model/api';

/** A part of a picture: from when to when, and which share of the points, stacked from the top. */
export interface HoleBlock {
  readonly from: number;
  readonly to: number;
  readonly cause: HoleCause;
  /** Shares of all points above it and with it, 0 to 1. */
  readonly above: number;
  readonly upTo: number;
}

/** Holes as blocks that do not cover each other: where several are open at once they stand under one another. */
export function blocksOf(holes: readonly Hole[], points: number): HoleBlock[] {
  const times = [...new Set(holes.flatMap((h) => [h.from, h.to]))].sort((a, b) => a - b);
  const blocks: HoleBlock[] = [];
  for (const [n, from] of times.entries()) {
    const to = times[n + 1] ?? from;
    let above = 0;
    for (const hole of holes) {
      if (hole.from > from || hole.to < to || from === to) continue;
      const upTo = Math.min(1, above + hole.points.length / Math.max(1, points));
      const last = blocks.findLast(
        (b) => b.to === from && b.cause === hole.cause && b.above === above && b.upTo === upTo,
      );
      if (last) blocks[blocks.indexOf(last)] = { ...last, to };
      else blocks.push({ from, to, cause: hole.cause, above, upTo });
      above = upTo;
    }
  }
  return blocks;
}

/** Causes with which samples are lost for good, or nobody knows where they are. */
const bad: ReadonlySet<string> = new Set(['dropped', 'corrupt', 'quarantined', 'unknown']);
export const isBad = (cause: string) => bad.has(cause);

/** Points by machine, the one with the most first. */
export function byMachine(points: Hole['points']): { equipment: string; points: string[] }[] {
  const groups = Map.groupBy(points, (p) => p.equipment);
  return [...groups]
    .map(([equipment, own]) => ({ equipment, points: own.map((p) => p.point) }))
    .sort((a, b) => b.points.length - a.points.length);
}
