import { largestSigned } from './bytes.ts';
import { FrameError } from './envelope.ts';

/** Digits after the point that are tried; devices that count in billionths are not known. */
const mostDecimals = 9;
/** How the values of one point are written: 0 to 9 decimals, or the kinds below. Stored in frames: append only. */
const singleFormat = 10;
const doubleFormat = 11;
const powers = Array.from({ length: mostDecimals + 1 }, (_, decimals) => 10 ** decimals);
/** Two of these differ by what a sign-folded varint still holds. */
const largestScaled = Math.floor(largestSigned / 2);

/**
 * Values of a frame as whole numbers, where that is exact: a point's first one, then the differences. `formats` has one
 * entry a run, `integers` one for each value that is not a full double, `doubles` the others.
 */
export interface ValueColumns {
  readonly formats: Float64Array;
  readonly integers: Float64Array;
  readonly doubles: Float64Array;
}

const bits = new DataView(new ArrayBuffer(4));

/** A float as a whole number; floats that lie close together have close numbers. */
function bitsOfSingle(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

function singleOfBits(number: number): number {
  bits.setInt32(0, number);
  return bits.getFloat32(0);
}

/** Splits values (not finite: none, takes no place) run by run; every finite value is given back bit by bit, -0 too. */
export function splitValues(counts: readonly number[], values: Float64Array): ValueColumns {
  const formats = new Float64Array(counts.length);
  const integers = new Float64Array(values.length);
  const doubles: number[] = [];
  let length = 0;
  let row = 0;
  for (let run = 0; run < counts.length; run++) {
    const end = row + (counts[run] ?? 0);
    const format = formatOf(values, row, end);
    formats[run] = format;
    let before = 0;
    for (; row < end; row++) {
      const value = values[row] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (format === doubleFormat) {
        doubles.push(value);
        continue;
      }
      const integer = format === singleFormat ? bitsOfSingle(value) : Math.round(value * (powers[format] ?? 1));
      integers[length++] = integer - before;
      before = integer;
    }
  }
  return { formats, integers: integers.subarray(0, length), doubles: Float64Array.from(doubles) };
}

/** The shortest format that gives back every value of rows `from` to `to` exactly. */
function formatOf(values: Float64Array, from: number, to: number): number {
  let decimals = 0;
  for (let row = from; row < to; row++) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isFinite(value) || isDecimal(value, powers[decimals] ?? 1)) continue;
    if (decimals === mostDecimals) return isSingle(values, from, to) ? singleFormat : doubleFormat;
    // One more decimal makes the numbers longer, so those that fitted so far are looked at again.
    decimals++;
    row = from - 1;
  }
  return decimals;
}

/** The quotient is rounded correctly, so this is what the reader gets. */
function isDecimal(value: number, power: number): boolean {
  const scaled = Math.round(value * power);
  return scaled / power === value && Math.abs(scaled) <= largestScaled && !Object.is(value, -0);
}

function isSingle(values: Float64Array, from: number, to: number): boolean {
  for (let row = from; row < to; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isFinite(value) && Math.fround(value) !== value) return false;
  }
  return true;
}

/** Puts values together again; `values` holds NaN where there is none and gets the others. Throws FrameError. */
export function joinValues(columns: ValueColumns, counts: readonly number[], values: Float64Array): void {
  const { formats, integers, doubles } = columns;
  let [row, integer, double] = [0, 0, 0];
  for (let run = 0; run < counts.length; run++) {
    const end = row + (counts[run] ?? 0);
    const format = formats[run] ?? 0;
    const power = powers[format];
    let before = 0;
    for (; row < end; row++) {
      if (Number.isNaN(values[row])) continue;
      if (format === doubleFormat) {
        values[row] = finite(doubles[double++]);
        continue;
      }
      before += integers[integer++] ?? Number.NaN;
      if (power !== undefined) values[row] = finite(before / power);
      else if (format === singleFormat && (before | 0) === before) values[row] = finite(singleOfBits(before));
      else throw new FrameError('malformed', `a value of format ${format} is not one that is known here`);
    }
  }
}

function finite(value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new FrameError('malformed', 'a value is missing or not finite');
}
