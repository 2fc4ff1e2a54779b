import { pointKey, qualityOfCode } from '@plantroom/model';
import type { SeriesName, StoredColumns } from '../time-series/contract.ts';
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
  advance(site: string, frames: readonly StoredColumns[], now: number): LiveSample[] {
    const known = this.#sites.get(site) ?? new Map<string, number>();
    this.#sites.set(site, known);
    const newest = new Map<string, LiveSample>();
    for (const frame of frames) {
      const { series, counts, times, lags } = frame;
      let row = 0;
      for (const [run, name] of series.entries()) {
        const key = pointKey(name.equipment, name.point);
        const before = known.get(key) ?? Number.NEGATIVE_INFINITY;
        let [time, found] = [before, -1];
        for (const end = row + (counts[run] ?? 0); row < end; row++) {
          const at = times[row] ?? 0;
          const isPresent = time > now + tolerance && at + (lags[row] ?? 0) > now - underway;
          if (at > time || isPresent) [time, found] = [at, row];
        }
        if (found < 0) continue;
        known.set(key, time);
        newest.set(key, liveSample(name, frame, found));
      }
    }
    return [...newest.values()];
  }
}

function liveSample({ equipment, point }: SeriesName, frame: StoredColumns, row: number): LiveSample {
  const [time = 0, lag = 0, value = Number.NaN] = [frame.times[row], frame.lags[row], frame.values[row]];
  const { quality, reason = null } = qualityOfCode(frame.qualities[row] ?? 0);
  return {
    ...{ equipment, point, time, gatewayTime: time + lag, quality, reason },
    value: Number.isNaN(value) ? null : value,
  };
}
