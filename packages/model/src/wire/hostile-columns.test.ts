import { crc32, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from './bytes.ts';
import { ids } from './columns-format.ts';
import { writeHeader } from './compact-header.ts';
import { FrameError } from './envelope.ts';
import { goldenFrame } from './golden/frame.ts';
import { peekHeader } from './peek.ts';
import { decodeTelemetry, encodeTelemetry } from './telemetry.ts';

const { header } = goldenFrame;

/** A frame with any body, as an attacker with a valid credential or a newer gateway makes it. */
function crafted(body: Uint8Array, minor = 1): Buffer {
  const frame = Buffer.concat([Buffer.from([0x50, 0x52, 1, minor, 2, 0, 0, 0, 0, 0, 0, 0]), body]);
  frame.writeUInt32BE(crc32(body), 8);
  return frame;
}

type Column = readonly [id: number, form: number, bytes: readonly number[]];

function columnsOf(runs: number, columns: readonly Column[]): Uint8Array {
  const out = new ByteWriter();
  out.varint(runs);
  for (const [id, form, bytes] of columns) {
    out.varint(id * 4 + form);
    out.varint(bytes.length);
    out.bytes(Uint8Array.from(bytes));
  }
  return out.written;
}

function bodyOf(columns: Uint8Array, packing = 0): Uint8Array {
  const out = new ByteWriter();
  writeHeader(out, header);
  out.varint(packing);
  out.bytes(columns);
  return out.written;
}

const frameOf = (runs: number, ...columns: readonly Column[]) => crafted(bodyOf(columnsOf(runs, columns)));
const varint = (n: number) => {
  const out = new ByteWriter();
  out.varint(n);
  return [...out.written];
};
const largest = varint(2 ** 53 - 2);
const doubles = (...numbers: readonly number[]) => [...new Uint8Array(Float64Array.from(numbers).buffer)];

describe('a frame of a newer minor version', () => {
  it('is readable: columns and header fields that are not known are skipped', () => {
    const golden = encodeTelemetry(goldenFrame).subarray(12);
    const length = golden[0] ?? 0;
    const headed = [length + 3, ...golden.subarray(1, 1 + length), 7, 8, 9, ...golden.subarray(1 + length)];
    const newer = crafted(Uint8Array.from([...headed, ...varint(31 * 4 + 3), 2, 0xff, 0xff]), 9);
    expect(decodeTelemetry(newer)).toEqual(goldenFrame);
    expect(peekHeader(newer)).toEqual(header);
  });

  it('may have quality codes that are not known here: they keep their quality', () => {
    const { samples } = decodeTelemetry(frameOf(1, [ids.qualities, 0, varint(2 * 199)]));
    expect(samples).toEqual([{ index: 0, time: 0, gatewayTime: 0, value: 0, quality: 'uncertain' }]);
  });
});

describe('a frame that makes no sense is refused with a reason', () => {
  it.each<[string, RegExp, Buffer]>([
    ['more points than a frame holds', /of 50001 points/, frameOf(50_001)],
    ['more points than anything holds', /points/, frameOf(2 ** 53 - 1)],
    ['more samples than a frame holds', /of 50001 samples/, frameOf(1, [ids.counts, 0, varint(2 * 50_000)])],
    ['a point without samples', /no samples/, frameOf(1, [ids.counts, 0, varint(1)])],
    ['half a sample', /no samples/, frameOf(1, [ids.counts, 2, doubles(0.5)])],
    ['points that come back', /ascend/, frameOf(2, [ids.points, 0, [2, 1]])],
    ['a point that is no number', /ascend/, frameOf(1, [ids.points, 2, doubles(Number.NaN)])],
    ['too few times', /2 samples have 1 times/, frameOf(2, [ids.times, 0, [2]])],
    ['more times than samples', /2 numbers where 1 fit/, frameOf(1, [ids.times, 0, [2, 2]])],
    ['half a millisecond', /whole number/, frameOf(1, [ids.times, 2, doubles(0.5)])],
    [
      'times without end',
      /whole number/,
      frameOf(2, [ids.counts, 0, [2, 2]], [ids.times, 0, [0, ...largest, ...largest, ...largest]]),
    ],
    ['a lag without end', /whole number/, frameOf(1, [ids.lags, 2, doubles(Number.POSITIVE_INFINITY)])],
    ['a value without end', /finite/, frameOf(1, [ids.formats, 0, [22]], [ids.doubles, 2, doubles(Number.NaN)])],
    ['a float without end', /finite/, frameOf(1, [ids.formats, 0, [20]], [ids.integers, 0, varint(0x7f800000 * 2)])],
    ['a float of 33 bits', /format 10/, frameOf(1, [ids.formats, 0, [20]], [ids.integers, 0, varint(2 ** 33)])],
    ['an unknown format', /format 12/, frameOf(1, [ids.formats, 0, [24]])],
    ['a double too many', /missing/, frameOf(2, [ids.formats, 0, [0, 22]], [ids.doubles, 2, doubles(1, 2)])],
    ['a double too few', /missing/, frameOf(2, [ids.formats, 0, [22, 22]], [ids.doubles, 2, doubles(1)])],
    ['more doubles than samples', /2 numbers where 1/, frameOf(1, [ids.doubles, 2, doubles(1, 2)])],
    ['a row that is not there', /row that is not there/, frameOf(1, [ids.absent, 0, [4]])],
    ['a row twice', /row that is not there/, frameOf(2, [ids.absent, 0, [2, 0]])],
    ['a code for no row', /1 numbers where 0 fit/, frameOf(1, [ids.raws, 0, [2]])],
    ['a code without end', /not finite/, frameOf(1, [ids.rawRows, 0, [2]], [ids.raws, 2, doubles(Number.NaN)])],
    ['too few numbers', /column 4 has 1 numbers, not 2/, frameOf(2, [ids.lags, 0, [2]])],
    ['a column twice', /twice/, frameOf(1, [ids.lags, 0, [2]], [ids.lags, 0, [2]])],
    ['an unknown form', /form 3/, frameOf(1, [ids.lags, 3, [2]])],
    ['a run of none', /run of no/, frameOf(1, [ids.lags, 1, [2, 0, 2, 1]])],
    ['a run of more than memory', /where 1 fit/, frameOf(1, [ids.lags, 1, [2, ...varint(2 ** 53 - 1)]])],
    ['half a run', /within a number/, frameOf(1, [ids.lags, 1, [2]])],
    ['half a double', /7 bytes/, frameOf(1, [ids.lags, 2, [0, 0, 0, 0, 0, 0, 0]])],
    ['a number that ends early', /within a number/, frameOf(1, [ids.lags, 0, [0x80]])],
    ['a number of 63 bits', /53 bits/, frameOf(1, [ids.lags, 0, [...Array<number>(8).fill(0xff), 1]])],
    ['a column that ends early', /9 bytes are announced/, crafted(bodyOf(Uint8Array.of(1, ids.lags * 4, 9, 0)))],
    ['no columns at all', /within a number/, crafted(bodyOf(new Uint8Array()))],
    ['an unknown packing', /way 2/, crafted(bodyOf(columnsOf(0, []), 2))],
    ['zstd that is none', /zstd/, crafted(bodyOf(columnsOf(1, []), 1))],
    ['a header that ends early', /announced/, crafted(Uint8Array.of(100, 1, 1))],
    ['a header of nothing', /within a number/, crafted(Uint8Array.of(0))],
    ['a header that does not fit', /header does not fit: site/, crafted(Uint8Array.of(5, 1, 0, 0, 0, 0))],
  ])('%s', (_, reason, frame) => {
    expect(() => decodeTelemetry(frame)).toThrowError(reason);
    expect(() => decodeTelemetry(frame)).toThrowError(FrameError);
  });

  it('when it unpacks to more than memory should hold, or to millions of columns', () => {
    const bomb = zstdCompressSync(Buffer.alloc(9 * 1024 * 1024));
    expect(() => decodeTelemetry(crafted(bodyOf(bomb, 1)))).toThrowError(/unpacks to more/);
    const many = zstdCompressSync(Buffer.concat([Buffer.of(1), Buffer.alloc(2_000_000, Buffer.of(0xfc, 1, 0))]));
    expect(() => decodeTelemetry(crafted(bodyOf(many, 1)))).toThrowError(/twice/);
  });

  it('whatever is done to a good one, and what is read of it holds together', () => {
    const good = bodyOf(new Uint8Array()).length;
    const body = encodeTelemetry(goldenFrame).subarray(12);
    const change = fc.record({
      at: fc.integer({ min: good, max: body.length - 1 }),
      byte: fc.nat({ max: 255 }),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let changed: Uint8Array = Buffer.from(body);
        for (const { at, byte, cut } of changes) {
          if (cut && byte < 20) changed = changed.subarray(0, at);
          else if (at < changed.length) changed[at] = byte;
        }
        const read = attempt(crafted(changed));
        for (const s of read?.samples ?? []) {
          expect([s.index, s.time, s.gatewayTime - s.time].every(Number.isSafeInteger)).toBe(true);
          expect(s.value === null || Number.isFinite(s.value)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function attempt(frame: Uint8Array) {
  try {
    return decodeTelemetry(frame);
  } catch (thrown) {
    if (!(thrown instanceof FrameError)) throw thrown;
    return undefined;
  }
}
