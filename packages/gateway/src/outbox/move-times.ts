import type { SampleColumns } from '@plantroom/model/wire';
import { qualityCode } from '@plantroom/model/wire/frames';
import type { TimeCorrection } from './contract.ts';

/** What was marked while nobody had confirmed the time. */
const unsynced = qualityCode({ quality: 'uncertain', reason: 'unsynced' });
const good = qualityCode({ quality: 'good' });
/** A sample at gateway time lies this much ahead of it at most, ms: where its own millisecond was taken. */
const mostMoved = 1000;

/**
 * Samples as they would have been logged at the right time. A time that is the source's own stays, only the lag behind it
 * changes: sources have clocks of their own. Where the right time is confirmed, marks of an unconfirmed one go.
 */
export function moveTimes(samples: SampleColumns, { from, to, by, confirmed }: TimeCorrection): SampleColumns {
  const times = samples.times.slice();
  const lags = samples.lags.slice();
  const qualities = samples.qualities.slice();
  for (let row = 0; row < times.length; row++) {
    const [time = 0, lag = 0] = [times[row], lags[row]];
    if (time + lag < from || time + lag > to) continue;
    if (lag <= 0 && lag >= -mostMoved) times[row] = time + by;
    else lags[row] = lag + by;
    // What stands for thinned samples has the worst of their marks, which may hide others.
    if (confirmed && !samples.thinned && qualities[row] === unsynced) qualities[row] = good;
  }
  return { ...samples, times, lags, qualities };
}
