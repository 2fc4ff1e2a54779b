import { pointKey } from '@plantroom/model';
import type { StoredSample } from '../time-series/contract.ts';
import type { LiveSample } from './live-message.ts';

/** A sample that was on its way no longer than this is of the present, whatever was heard before; ms. */
const underway = 60_000;
/** Clocks of gateways may be this far ahead of ours without anything being wrong; ms. */
const tolerance = 10_000;

/**
 * Remembers the newest time of every point, so that history which is sent again never appears as the present. A time in the
 * future (the gateway's clock was ahead) does not keep out what comes from the present.
 */
export class Present {
  readonly #sites = new Map<string, Map<string, number>>();

  /** The newest sample of each point of one site that is newer than all before. */
  advance(site: string, samples: readonly StoredSample[], now: number): LiveSample[] {
    const times = this.#sites.get(site) ?? new Map<string, number>();
    this.#sites.set(site, times);
    const newest = new Map<string, StoredSample>();
    for (const sample of samples) {
      const key = pointKey(sample.equipment, sample.point);
      const before = times.get(key) ?? Number.NEGATIVE_INFINITY;
      const isPresent = before > now + tolerance && sample.gatewayTime > now - underway;
      if (sample.time <= before && !isPresent) continue;
      times.set(key, sample.time);
      newest.set(key, sample);
    }
    return [...newest.values()].map((s) => {
      const { equipment, point, time, gatewayTime, value, quality, reason = null } = s;
      return { equipment, point, time, gatewayTime, value, quality, reason };
    });
  }
}
