import { pointKey } from '@plantroom/model';
import type { LatestPoint } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import type { LatestState } from '../api/latest-state.ts';
import { latestQuery } from '../api/queries.ts';
import { useSite } from '../layout/site-context.ts';

const nothing: LatestState = {};

/** All newest values of the site; renders anew with every change of any of them. */
export function useLatestState(): LatestState {
  const { id } = useSite();
  return useQuery(latestQuery(id)).data ?? nothing;
}

/** One point's newest value; renders anew only when this one changes. */
export function useLatest(equipment: string, point: string): LatestPoint | undefined {
  const { id } = useSite();
  const key = pointKey(equipment, point);
  return useQuery({ ...latestQuery(id), select: (state) => state[key] }).data;
}
