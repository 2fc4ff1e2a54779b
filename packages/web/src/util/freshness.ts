import type { LatestPoint } from '@plantroom/model/api';

/** How far a value on the screen may be believed. */
export const freshnessNames = ['fresh', 'uncertain', 'bad', 'stale', 'missing'] as const;
export type Freshness = (typeof freshnessNames)[number];

/**
 * `staleAfter` counts at the gateway. What it logs in the last moment still has to be sent, committed and passed on, so
 * the reader waits this long on top: without it a value that changes rarely would flicker once a minute.
 */
export const onTheWay = 4_000;

type Judged = Pick<LatestPoint, 'heardAt' | 'staleAfter' | 'quality' | 'value'>;

/**
 * Judged from the data: `now` is the server's clock. Silence beats quality, because nothing that is too old may look
 * fresh, however good it once was.
 */
export function freshnessOf(point: Judged | undefined, now: number): Freshness {
  if (point === undefined) return 'missing';
  if (isStale(point, now)) return 'stale';
  if (isBad(point)) return 'bad';
  return point.quality === 'uncertain' ? 'uncertain' : 'fresh';
}

const isBad = ({ quality, value }: Pick<Judged, 'quality' | 'value'>) => quality === 'bad' || value === null;

export function isStale(point: Pick<Judged, 'heardAt' | 'staleAfter'>, now: number): boolean {
  return now - point.heardAt > point.staleAfter + onTheWay;
}

/** The number to draw in a picture, or undefined when there is none that may be believed. */
export function believed(point: Judged | undefined, now: number): number | undefined {
  const freshness = freshnessOf(point, now);
  if (freshness !== 'fresh' && freshness !== 'uncertain') return undefined;
  return point?.value ?? undefined;
}

/** When the last usable value came, at the latest: a gateway goes on telling that a point is bad, so that one counts from then. */
export function usableAt(point: Judged & Pick<LatestPoint, 'changedAt'>): number {
  return isBad(point) ? Math.min(point.changedAt, point.heardAt) : point.heardAt;
}

export interface EquipmentFreshness {
  /** No usable value stands: nothing came for too long, or what came says that there is none. */
  readonly isSilent: boolean;
  /** When the last usable value came, at the latest; undefined when nothing ever did. */
  readonly heardAt: number | undefined;
}

/**
 * A machine is silent when all of the points that it tells most often are stale or bad: a counter that is told once in a
 * while is old news, and must not make a silent machine look alive.
 */
export function equipmentFreshness(
  points: readonly (Judged & Pick<LatestPoint, 'changedAt'>)[],
  now: number,
): EquipmentFreshness {
  if (points.length === 0) return { isSilent: true, heardAt: undefined };
  const shortest = Math.min(...points.map((point) => point.staleAfter));
  const frequent = points.filter((point) => point.staleAfter === shortest);
  return {
    isSilent: frequent.every((point) => believed(point, now) === undefined),
    heardAt: Math.max(...points.map(usableAt)),
  };
}
