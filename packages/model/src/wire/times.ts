import { FrameError } from './envelope.ts';
import { forms, type ReadColumn, readNumbers, type WrittenNumbers, writeDoubles, writeNumbers } from './numbers.ts';

/** Steps between times up to this, and the differences of steps, are exact: until the year 19,809. */
const farthest = 2 ** 49;

/**
 * Times of rows (ms), ordered by point: the first of a point as the step from that of the point before, the others as the
 * difference of their step from the one before, which may be another point's. Points of a block and points that are read
 * at the same pace cost nothing. Times that cannot be told so exactly are written as they are.
 */
export function writeTimes(counts: readonly number[], times: Float64Array): WrittenNumbers | undefined {
  const isNear = times.every((time) => Number.isInteger(time) && Math.abs(time) <= farthest);
  if (!isNear) return { form: forms.doubles, bytes: writeDoubles(times) };
  const written = new Float64Array(times.length);
  let [row, first, expected] = [0, 0, 0];
  for (const count of counts) {
    let before = times[row] ?? 0;
    written[row] = before - first;
    first = before;
    for (const end = row++ + count; row < end; row++) {
      const time = times[row] ?? 0;
      const step = time - before;
      written[row] = step - expected;
      expected = step;
      before = time;
    }
  }
  return writeNumbers(written);
}

/** The times of `length` rows; throws FrameError. */
export function readTimes(column: ReadColumn | undefined, counts: readonly number[], length: number): Float64Array {
  const times = column ? readNumbers(column, length) : new Float64Array(length);
  if (times.length !== length) throw new FrameError('malformed', `${length} samples have ${times.length} times`);
  if (column?.form !== forms.doubles) sumUp(times, counts);
  if (times.every(Number.isSafeInteger)) return times;
  throw new FrameError('malformed', 'a time is not a whole number of ms');
}

function sumUp(times: Float64Array, counts: readonly number[]): void {
  let [row, first, step] = [0, 0, 0];
  for (const count of counts) {
    first += times[row] ?? 0;
    times[row] = first;
    let before = first;
    for (const end = row++ + count; row < end; row++) {
      step += times[row] ?? 0;
      before += step;
      times[row] = before;
    }
  }
}
