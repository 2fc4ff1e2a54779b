import { pointKey, qualityOfCode } from '@plantroom/model';
import type { SeriesName, StoredColumns } from '../time-series/contract.ts';
import type { LiveSample } from './live-message.ts';

/** A sample that was on its way no longer than this is of the present, whatever was heard before; ms. */
const underway = 60_000;
/** Clocks of gateways may be this far ahead of ours without anything being wrong; ms. */
const tolerance = 10_000;

interface Newest {
  time: number;
}

/**
 * Remembers the newest time of every point, so that history which is sent again never appears as the present. A time in the
 * future (the gateway's clock was ahead) does not keep out what comes from the present.
 */
export class Present {
  readonly #points = new Map<string, Newest>();
  /** The same by the name itself: a batch asks for thousands, and to put keys together costs more than all else. */
  readonly #byName = new WeakMap<SeriesName, Newest>();

  /** The newest sample of each point that is newer than all before. */
  advance(frames: readonly StoredColumns[], now: number): LiveSample[] {
    const advanced = new Map<Newest, LiveSample>();
    for (const frame of frames) {
      const { series, counts, times, lags } = frame;
      let row = 0;
      for (const [run, name] of series.entries()) {
        const newest = this.#newest(name);
        let found = -1;
        for (const end = row + (counts[run] ?? 0); row < end; row++) {
          const time = times[row] ?? 0;
          const isPresent = newest.time > now + tolerance && time + (lags[row] ?? 0) > now - underway;
          if (time <= newest.time && !isPresent) continue;
          newest.time = time;
          found = row;
        }
        if (found >= 0) advanced.set(newest, liveSample(name, frame, found));
      }
    }
    return [...advanced.values()];
  }

  #newest(name: SeriesName): Newest {
    const known = this.#byName.get(name);
    if (known) return known;
    const key = `${name.site}/${pointKey(name.equipment, name.point)}`;
    const newest = this.#points.get(key) ?? { time: Number.NEGATIVE_INFINITY };
    this.#points.set(key, newest);
    this.#byName.set(name, newest);
    return newest;
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
