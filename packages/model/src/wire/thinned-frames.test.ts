import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameError } from './envelope.ts';
import { goldenFrame } from './golden/frame.ts';
import { peekHeader } from './peek.ts';
import type { ColumnFrame } from './samples.ts';
import { decodeColumns, decodeTelemetry } from './telemetry.ts';
import { packColumns } from './write-columns.ts';

const column = (...numbers: readonly number[]) => Float64Array.from(numbers);

/** Two points: two minutes of one, and one of the other that had no value. */
const thinned: ColumnFrame = {
  header: goldenFrame.header,
  samples: {
    points: [0, 7],
    counts: [2, 1],
    times: column(1_767_225_600_000, 1_767_225_660_000, 1_767_225_601_500),
    lags: column(59_020, 59_020, 20),
    values: column(21.51375, 22, Number.NaN),
    qualities: Uint16Array.of(0, 100, 201),
    raws: new Map(),
    thinned: {
      spans: column(59_000, 59_000, 0),
      minima: column(21.5, 22, Number.NaN),
      maxima: column(21.53, 22, Number.NaN),
      sizes: column(60, 60, 0),
    },
  },
};
const golden = join(import.meta.dirname, 'golden', 'telemetry-codec-3.bin');

describe('frames of thinned telemetry', () => {
  it('are written and read as ever', () => {
    expect(packColumns(thinned)).toEqual(readFileSync(golden));
    expect(decodeColumns(readFileSync(golden))).toEqual(thinned);
    expect(peekHeader(readFileSync(golden))).toEqual(thinned.header);
  });

  it('are never taken for samples', () => {
    expect(() => decodeTelemetry(packColumns(thinned))).toThrowError(/stand for/);
  });

  it('are read or refused with a reason, whatever bytes a sender puts into them', () => {
    const frame = packColumns(thinned);
    const change = fc.record({ at: fc.integer({ min: 12, max: frame.length - 1 }), to: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const crafted = Buffer.from(frame);
        for (const { at, to } of changes) crafted[at] = to;
        crafted.writeUInt32BE(crc32(crafted.subarray(12)), 8);
        try {
          const { samples } = decodeColumns(crafted);
          expect(samples.thinned?.sizes).toHaveLength(samples.times.length);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FrameError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
