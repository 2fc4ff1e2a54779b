import { largestSigned } from './bytes.ts';
import { FrameError } from './envelope.ts';
import { forms, type ReadColumn, readNumbers, type WrittenNumbers, writeDoubles, writeNumbers } from './numbers.ts';

/** Two of these differ by what a sign-folded varint still holds. */
const largestMoment = Math.floor(largestSigned / 2);

/** Times as the moments of the frame, and which of them each row has. */
export interface TimeColumns {
  /** Ascending. */
  readonly moments: Float64Array;
  /** A run's first row counts from that of the run before, the others from the row before. */
  readonly ranks: Float64Array;
}

/**
 * Points that are read together share their time, so a frame has few moments. They are written once, and each row says
 * how many moments on it is: 0 for the next point of a block, 1 for the next reading of a regular point.
 */
export function splitTimes(counts: readonly number[], times: Float64Array): TimeColumns {
  const moments = Float64Array.from(new Set(times)).sort();
  const places = new Map(Array.from(moments, (moment, place) => [moment, place]));
  const ranks = new Float64Array(times.length);
  let [row, first, place] = [0, 0, 0];
  for (const count of counts) {
    let before = first;
    for (const end = row + count; row < end; row++) {
      const time = times[row] ?? 0;
      if (moments[place] !== time) place = places.get(time) ?? 0;
      ranks[row] = place - before;
      before = place;
      if (row === end - count) first = place;
    }
  }
  return { moments, ranks };
}

/** Times of the rows, ms since 1970 UTC; throws FrameError. */
export function joinTimes({ moments, ranks }: TimeColumns, counts: readonly number[]): Float64Array {
  const times = new Float64Array(ranks.length);
  let [row, first] = [0, 0];
  for (const count of counts) {
    let place = first;
    for (const end = row + count; row < end; row++) {
      place += ranks[row] ?? 0;
      const moment = moments[place];
      if (moment === undefined) throw new FrameError('malformed', 'a row has a time that is not there');
      times[row] = moment;
      if (row === end - count) first = place;
    }
  }
  return times;
}

/** Moments as the first and the gaps, or as doubles where a gap would not be exact. */
export function writeMoments(moments: Float64Array): WrittenNumbers | undefined {
  const isWhole = moments.every((m) => Number.isInteger(m) && Math.abs(m) <= largestMoment);
  if (!isWhole) return { form: forms.doubles, bytes: writeDoubles(moments) };
  return writeNumbers(moments.map((moment, place) => moment - (moments[place - 1] ?? 0)));
}

/** A column of moments that is left out is the one moment 0. Throws FrameError. */
export function readMoments(written: ReadColumn | undefined, most: number): Float64Array {
  if (!written) return new Float64Array(1);
  const moments = readNumbers(written, most);
  if (written.form !== forms.doubles)
    for (let i = 1; i < moments.length; i++) moments[i] = (moments[i] ?? 0) + (moments[i - 1] ?? 0);
  if (moments.every(Number.isSafeInteger)) return moments;
  throw new FrameError('malformed', 'a time is not a whole number of ms');
}
