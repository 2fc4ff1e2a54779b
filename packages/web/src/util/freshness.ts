import type { LatestPoint } from '@plantroom/model/api';

/** How far a value on the screen may be believed. */
export const freshnessNames = ['fresh', 'uncertain', 'bad', 'stale', 'missing'] as const;
export type Freshness = (typeof freshnessNames)[number];

type Judged = Pick<LatestPoint, 'heardAt' | 'staleAfter' | 'quality' | 'value'>;

/**
 * Judged from the data: `now` is the server's clock. Silence beats quality, because nothing that is too old may look
 * fresh, however good it once was.
 */
export function freshnessOf(point: Judged | undefined, now: number): Freshness {
  if (point === undefined) return 'missing';
  if (now - point.heardAt > point.staleAfter) return 'stale';
  if (point.quality === 'bad' || point.value === null) return 'bad';
  return point.quality === 'uncertain' ? 'uncertain' : 'fresh';
}

/** The number to draw in a picture, or undefined when there is none that may be believed. */
export function believed(point: Judged | undefined, now: number): number | undefined {
  const freshness = freshnessOf(point, now);
  if (freshness !== 'fresh' && freshness !== 'uncertain') return undefined;
  return point?.value ?? undefined;
}

export interface EquipmentFreshness {
  readonly isStale: boolean;
  /** When the last of the points was heard; undefined when none ever was. */
  readonly heardAt: number | undefined;
}

/** A machine is silent when every one of its points is: one live point shows that its line works. */
export function equipmentFreshness(points: readonly Judged[], now: number): EquipmentFreshness {
  if (points.length === 0) return { isStale: true, heardAt: undefined };
  return {
    isStale: points.every((point) => now - point.heardAt > point.staleAfter),
    heardAt: Math.max(...points.map((point) => point.heardAt)),
  };
}
