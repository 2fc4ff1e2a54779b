import { pointKey } from '@plantroom/model';
import type { StoredSample } from '../time-series/contract.ts';
import type { LiveSample } from './live-message.ts';

/** Remembers the newest time of every point, so that history which is sent again never appears as the present. */
export class Present {
  readonly #sites = new Map<string, Map<string, number>>();

  /** The newest sample of each point of one site that is newer than all before. */
  advance(site: string, samples: readonly StoredSample[]): LiveSample[] {
    const times = this.#sites.get(site) ?? new Map<string, number>();
    this.#sites.set(site, times);
    const newest = new Map<string, StoredSample>();
    for (const sample of samples) {
      const key = pointKey(sample.equipment, sample.point);
      if (sample.time <= (times.get(key) ?? Number.NEGATIVE_INFINITY)) continue;
      times.set(key, sample.time);
      newest.set(key, sample);
    }
    return [...newest.values()].map((s) => {
      const { equipment, point, time, gatewayTime, value, quality, reason = null } = s;
      return { equipment, point, time, gatewayTime, value, quality, reason };
    });
  }
}
