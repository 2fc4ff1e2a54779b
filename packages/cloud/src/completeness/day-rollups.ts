import { pointKey } from '@plantroom/model';
import { quarterLength } from '../quarters.ts';
import type { Rollup, RollupWidth, SeriesRollups, SiteRange, TimeSeriesStore } from '../time-series/contract.ts';
import { isWhole, mixedQuarters, type PointRollups } from './stretches.ts';

type Store = Pick<TimeSeriesStore, 'siteRollups' | 'rollups'>;

export interface PointName {
  readonly equipment: string;
  readonly point: string;
}

/** What is known of a point's day. */
export interface PointDay extends PointRollups {
  readonly minutes: Rollup[];
  wasSilent: boolean;
  /** The day as a whole, where it is all that had to be read. */
  readonly day: Rollup | undefined;
}

const day = 86_400_000;
/** How far back it is looked for whether a point had fallen silent; ms. */
const lookBack = 62 * day;
/** Up to so many points are asked for one by one; of more, the whole site is read. */
const few = 100;

/**
 * Reads as little as tells what a day of a site holds: where the day's own rollups are made, they settle all points that
 * miss nothing; the quarters of the others are read, and minutes where a quarter alone does not tell.
 */
export async function readPointDays(
  store: Store,
  examined: SiteRange,
  points: readonly PointName[],
  isDayMade: boolean,
): Promise<Map<string, PointDay>> {
  const known = new Map<string, PointDay>();
  if (examined.from >= examined.to) return known;
  const length = examined.to - examined.from;
  for (const s of isDayMade ? await store.siteRollups('day', examined) : []) {
    const [made] = s.rollups;
    if (made && isWhole(made, length)) known.set(keyOf(s), { quarters: [], minutes: [], wasSilent: false, day: made });
  }
  const open = points.filter((p) => !known.has(keyOf(p)));
  const quarters = await readFor(store, 'quarter', examined, open);
  for (const s of quarters) known.set(keyOf(s), { quarters: s.rollups, minutes: [], wasSilent: false, day: undefined });
  await addMinutes(store, examined, quarters, known);
  await lookBefore(store, examined, open, known);
  return known;
}

const keyOf = ({ equipment, point }: PointName) => pointKey(equipment, point);

async function readFor(
  store: Store,
  width: RollupWidth,
  range: SiteRange,
  points: readonly PointName[],
): Promise<SeriesRollups[]> {
  if (points.length > few) {
    const wanted = new Set(points.map(keyOf));
    return (await store.siteRollups(width, range)).filter((s) => wanted.has(keyOf(s)));
  }
  const found: SeriesRollups[] = [];
  for (const { equipment, point } of points) {
    const rollups = await store.rollups(width, { ...range, equipment, point });
    if (rollups.length > 0) found.push({ equipment, point, rollups });
  }
  return found;
}

async function addMinutes(
  store: Store,
  examined: SiteRange,
  quarters: readonly SeriesRollups[],
  known: ReadonlyMap<string, PointDay>,
): Promise<void> {
  const byStart = new Map<number, PointName[]>();
  for (const s of quarters)
    for (const start of mixedQuarters(s.rollups)) byStart.set(start, [...(byStart.get(start) ?? []), s]);
  for (const [start, own] of byStart)
    for (const s of await readFor(store, 'minute', { ...examined, from: start, to: start + quarterLength }, own))
      known.get(keyOf(s))?.minutes.push(...s.rollups);
}

/** Finds out which of the points that have nothing at the beginning had fallen silent before. */
async function lookBefore(
  store: Store,
  { site, from }: SiteRange,
  points: readonly PointName[],
  known: Map<string, PointDay>,
): Promise<void> {
  let open = points.filter((p) => known.get(keyOf(p))?.quarters[0]?.time !== from);
  for (const [width, back] of [
    ['quarter', day],
    ['day', lookBack],
  ] as const) {
    if (open.length === 0) return;
    const found = await readFor(store, width, { site, from: from - back, to: from }, open);
    for (const s of found) {
      const own = known.get(keyOf(s)) ?? { quarters: [], minutes: [], wasSilent: false, day: undefined };
      known.set(keyOf(s), { ...own, wasSilent: (s.rollups.at(-1)?.silent ?? 0) > 0 });
    }
    const seen = new Set(found.map(keyOf));
    open = open.filter((p) => !seen.has(keyOf(p)));
  }
}
