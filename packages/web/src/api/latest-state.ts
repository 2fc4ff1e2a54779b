import { pointKey } from '@plantroom/model';
import type { LatestPoint } from '@plantroom/model/api';

/** The newest value of every point of a site by `equipment/point`. */
export type LatestState = Readonly<Record<string, LatestPoint>>;

/** Takes newer values in; an older one that was under way while a newer arrived changes nothing. */
export function mergeLatest(state: LatestState, items: readonly LatestPoint[]): LatestState {
  const merged: Record<string, LatestPoint> = { ...state };
  for (const item of items) {
    const key = pointKey(item.equipment, item.point);
    const held = merged[key];
    if (held === undefined || item.heardAt >= held.heardAt) merged[key] = item;
  }
  return merged;
}

/** Groups the values by machine, for lists that show all of them. */
export function byEquipment(state: LatestState): ReadonlyMap<string, LatestPoint[]> {
  return Map.groupBy(Object.values(state), (point) => point.equipment);
}
