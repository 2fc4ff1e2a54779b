import { ByteReader, ByteWriter, largestSigned } from './bytes.ts';
import { FrameError } from './envelope.ts';

/** How a column of numbers is written: one by one, as (number, how often) or as IEEE 754 doubles (little-endian). */
export const forms = { varints: 0, runs: 1, doubles: 2 } as const;
export type Form = (typeof forms)[keyof typeof forms];

/** A column as it stands in a frame; the form may be one that is not known here. */
export interface ReadColumn {
  readonly form: number;
  readonly bytes: Uint8Array;
}

export interface WrittenNumbers extends ReadColumn {
  readonly form: Form;
}

/** Writes a column in the form that fits it; undefined when it is all zeros and need not be there. */
export function writeNumbers(numbers: Float64Array): WrittenNumbers | undefined {
  let changes = 0;
  let isWhole = true;
  let before = 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? 0;
    if (number === before) continue;
    changes++;
    before = number;
    isWhole &&= Number.isInteger(number) && Math.abs(number) <= largestSigned;
  }
  if (changes === 0) return undefined;
  if (!isWhole) return { form: forms.doubles, bytes: writeDoubles(numbers) };
  const form = changes * 4 <= numbers.length ? forms.runs : forms.varints;
  return { form, bytes: form === forms.runs ? writeRuns(numbers) : writeVarints(numbers) };
}

function writeVarints(numbers: Float64Array): Uint8Array {
  const out = new ByteWriter(numbers.length * 2 + 8);
  for (let i = 0; i < numbers.length; i++) out.signed(numbers[i] ?? 0);
  return out.written;
}

function writeRuns(numbers: Float64Array): Uint8Array {
  const out = new ByteWriter();
  let from = 0;
  for (let i = 1; i <= numbers.length; i++) {
    if (i < numbers.length && numbers[i] === numbers[from]) continue;
    out.signed(numbers[from] ?? 0);
    out.varint(i - from);
    from = i;
  }
  return out.written;
}

export function writeDoubles(numbers: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 8));
  for (let i = 0; i < numbers.length; i++) view.setFloat64(i * 8, numbers[i] ?? 0, true);
  return new Uint8Array(view.buffer);
}

/** Reads a column of at most `most` numbers; its length is known before any memory is taken for it. */
export function readNumbers({ form, bytes }: ReadColumn, most: number): Float64Array {
  const length = lengthOf(form, bytes);
  if (length > most) throw new FrameError('malformed', `a column has ${length} numbers where ${most} fit`);
  if (form === forms.doubles) return readDoubles(bytes);
  const numbers = new Float64Array(length);
  const from = new ByteReader(bytes);
  if (form === forms.varints) for (let i = 0; i < length; i++) numbers[i] = from.signed();
  else
    for (let i = 0; i < length; ) {
      const number = from.signed();
      const end = i + from.varint();
      numbers.fill(number, i, end);
      i = end;
    }
  return numbers;
}

function readDoubles(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(bytes.length / 8);
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat64(i * 8, true);
  return numbers;
}

function lengthOf(form: number, bytes: Uint8Array): number {
  if (form === forms.varints) return countEnds(bytes);
  if (form === forms.doubles && bytes.length % 8 === 0) return bytes.length / 8;
  if (form !== forms.runs) throw new FrameError('malformed', `a column of ${bytes.length} bytes has form ${form}`);
  let length = 0;
  for (const from = new ByteReader(bytes); !from.isAtEnd; ) {
    from.varint();
    const count = from.varint();
    if (count === 0) throw new FrameError('malformed', 'a run of no numbers');
    length += count;
  }
  return length;
}

/** Varints: each ends with the one byte below 0x80. */
function countEnds(bytes: Uint8Array): number {
  if ((bytes.at(-1) ?? 0) >= 0x80) throw new FrameError('malformed', 'a column ends within a number');
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}
