import { type Clock, systemClock } from '@plantroom/base';
import type { EquipmentView, LatestPoint } from '@plantroom/model/api';
import type { CloudApi } from './cloud-api.ts';

export interface Aliveness {
  readonly points: number;
  readonly good: number;
}

/** Share of the points that must be there and good for the building to count as alive; the rest may still come. */
const enough = 0.97;

/** Waits until the cloud has good values of nearly all points of the site, or for `timeout` ms; resolves to what it has. */
export async function untilAlive(api: CloudApi, timeout: number, clock: Clock = systemClock): Promise<Aliveness> {
  const end = clock.monotonic() + timeout;
  let seen: Aliveness = { points: 0, good: 0 };
  while (clock.monotonic() < end) {
    seen = await look(api);
    if (seen.points > 0 && seen.good >= enough * seen.points) break;
    await clock.sleep(250);
  }
  return seen;
}

async function look(api: CloudApi): Promise<Aliveness> {
  const equipment = await api.list<EquipmentView>('equipment');
  const latest = await api.list<LatestPoint>('points/latest');
  return {
    points: equipment.reduce((sum, one) => sum + one.points.length, 0),
    good: latest.filter((point) => point.quality === 'good' && !point.stale).length,
  };
}
