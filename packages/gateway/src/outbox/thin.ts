import type { SampleColumns } from '@plantroom/model/wire';

/** What a row keeps of the samples of one point in one step of time. */
interface Gathered {
  first: number;
  last: number;
  newestGatewayTime: number;
  quality: number;
  sum: number;
  minimum: number;
  maximum: number;
  size: number;
}

/** The first code of quality bad: such values are shown, never counted. */
const firstBad = 200;
/** Makes one number of a point and a step; steps of a minute fit until the year 6000. */
const pointFactor = 2 ** 31;
const powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/**
 * Puts rows of the same point that begin in the same step (`step` ms, aligned to 1970 UTC) into one: minimum, mean, maximum
 * and count. Rows may be samples or stand for some already. A row's time is that of its first sample, so that no two rows of
 * a point ever have the same.
 */
export function thin(frames: readonly SampleColumns[], step: number): SampleColumns {
  const gathered = new Map<number, Gathered>();
  for (const frame of frames) gather(frame, step, gathered);
  return rowsOf(gathered);
}

function gather(frame: SampleColumns, step: number, into: Map<number, Gathered>): void {
  const { points, counts, times, lags, values, qualities, thinned } = frame;
  let row = 0;
  for (const [run, point] of points.entries()) {
    let key = Number.NaN;
    let at = emptyRow();
    for (const end = row + (counts[run] ?? 0); row < end; row++) {
      const [time = 0, value = Number.NaN, quality = 0] = [times[row], values[row], qualities[row]];
      const its = point * pointFactor + Math.floor(time / step);
      if (its !== key) {
        key = its;
        at = into.get(key) ?? emptyRow();
        into.set(key, at);
      }
      at.first = Math.min(at.first, time);
      at.last = Math.max(at.last, time + (thinned?.spans[row] ?? 0));
      at.newestGatewayTime = Math.max(at.newestGatewayTime, time + (lags[row] ?? 0));
      at.quality = Math.max(at.quality, quality);
      const size = thinned ? (thinned.sizes[row] ?? 0) : quality < firstBad && !Number.isNaN(value) ? 1 : 0;
      if (size === 0) continue;
      at.size += size;
      at.sum += value * size;
      at.minimum = Math.min(at.minimum, thinned?.minima[row] ?? value);
      at.maximum = Math.max(at.maximum, thinned?.maxima[row] ?? value);
    }
  }
}

function emptyRow(): Gathered {
  const [most, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    first: most,
    last: 0,
    newestGatewayTime: 0,
    quality: 0,
    sum: 0,
    minimum: most,
    maximum: least,
    size: 0,
  };
}

function rowsOf(gathered: ReadonlyMap<number, Gathered>): SampleColumns {
  const keys = Float64Array.from(gathered.keys()).sort();
  const points: number[] = [];
  const counts: number[] = [];
  const column = () => new Float64Array(keys.length);
  const [times, lags, values] = [column(), column(), column()];
  const thinned = { spans: column(), minima: column(), maxima: column(), sizes: column() };
  const qualities = new Uint16Array(keys.length);
  for (const [row, key] of keys.entries()) {
    const at = gathered.get(key) ?? emptyRow();
    const point = Math.floor(key / pointFactor);
    if (points.at(-1) !== point) counts[points.push(point) - 1] = 0;
    counts[points.length - 1] = (counts[points.length - 1] ?? 0) + 1;
    times[row] = at.first;
    lags[row] = at.newestGatewayTime - at.first;
    qualities[row] = at.quality;
    values[row] = meanOf(at);
    thinned.spans[row] = at.last - at.first;
    thinned.minima[row] = at.size === 0 ? Number.NaN : at.minimum;
    thinned.maxima[row] = at.size === 0 ? Number.NaN : at.maximum;
    thinned.sizes[row] = at.size;
  }
  return { points, counts, times, lags, values, qualities, raws: new Map(), thinned };
}

/** Of decimal readings with three digits more than they have: a full double would take more bytes than all the rest. */
function meanOf({ sum, size, minimum, maximum }: Gathered): number {
  if (size === 0) return Number.NaN;
  if (minimum === maximum) return minimum;
  const mean = Math.min(maximum, Math.max(minimum, sum / size));
  const power = powers.find((p) => Math.round(minimum * p) / p === minimum && Math.round(maximum * p) / p === maximum);
  const scaled = power === undefined ? Number.NaN : Math.round(mean * power * 1000);
  return Number.isSafeInteger(scaled) && power !== undefined ? scaled / (power * 1000) : mean;
}
