import { PlantroomError } from '@plantroom/base';

/** One point of an indexed name: the indexes by the name of their segment. */
export interface PointInstance {
  readonly name: string;
  readonly indexes: Readonly<Record<string, number>>;
  /** The same indexes, counted from the first of their range. */
  readonly steps: Readonly<Record<string, number>>;
}

interface Range {
  readonly segment: string;
  readonly first: number;
  readonly last: number;
}

const ranged = /([A-Za-z0-9]+)\[(\d{1,5})\.\.(\d{1,5})\]/g;
const largest = 10_000;

/**
 * Takes `loop[1..4].device[1..50].state` apart: its name in the kind (`loop[].device[].state`) and each point that it
 * stands for. A name without a range stands for itself. Throws when there would be more than 10,000.
 */
export function expandPoint(name: string): { generic: string; points: PointInstance[] } {
  const ranges: Range[] = [...name.matchAll(ranged)].map((m) => ({
    segment: m[1] ?? '',
    first: Number(m[2]),
    last: Number(m[3]),
  }));
  const count = ranges.reduce((product, r) => product * Math.max(0, r.last - r.first + 1), 1);
  if (count < 1 || count > largest) {
    throw new PlantroomError('profile', `The range in \`${name}\` stands for ${count} points.`, {
      hint: `Write a range such as [1..50], with at most ${largest} points.`,
    });
  }
  const generic = name.replace(/\[\d+(?:\.\.\d+)?\]/g, '[]');
  return { generic, points: Array.from({ length: count }, (_, i) => instanceOf(name, ranges, i)) };
}

/** The n-th combination of indexes, the last segment moving fastest. */
function instanceOf(name: string, ranges: readonly Range[], n: number): PointInstance {
  const steps: Record<string, number> = {};
  const indexes: Record<string, number> = {};
  let rest = n;
  for (const range of ranges.toReversed()) {
    const size = range.last - range.first + 1;
    steps[range.segment] = rest % size;
    indexes[range.segment] = range.first + (rest % size);
    rest = Math.floor(rest / size);
  }
  return { name: name.replace(ranged, (_, segment: string) => `${segment}[${indexes[segment]}]`), indexes, steps };
}
