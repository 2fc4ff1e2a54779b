import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualities, qualityReasons } from '../quality.ts';
import { FrameError, wireMinor } from './envelope.ts';
import { goldenFrame } from './golden/frame.ts';
import { peekHeader } from './peek.ts';
import type { IndexedSample } from './samples.ts';
import { decodeColumns, decodeTelemetry, encodeTelemetry } from './telemetry.ts';

const { header } = goldenFrame;

const mark = fc.oneof(
  fc.constant({ quality: 'good' as const }),
  fc.record({ quality: fc.constantFrom(...qualities), reason: fc.constantFrom(...qualityReasons) }),
);
/** What meters give: short decimals, states, counters, floats; and what they never should: any finite double. */
const value = fc.oneof(
  fc.tuple(fc.integer({ min: -1e6, max: 1e9 }), fc.nat({ max: 9 })).map(([n, decimals]) => n / 10 ** decimals),
  fc.nat({ max: 3 }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    -0,
    0,
    5e-324,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2 ** 53,
    1e15,
    0.1 + 0.2,
    1e21,
    2 ** 31,
    -(2 ** 51),
  ),
);
const farthest = 2 ** 51;
const time = fc.oneof(
  fc.nat({ max: 20 }).map((n) => 1_800_000_000_000 + n * 1000),
  fc.integer({ min: -farthest, max: farthest }),
);
const lag = fc.oneof(fc.constantFrom(0, 2, 5648), fc.integer({ min: -farthest, max: farthest }));
const sample: fc.Arbitrary<IndexedSample> = fc
  .record({
    index: fc.oneof(fc.nat({ max: 30 }), fc.nat()),
    time,
    lag,
    value: fc.option(value),
    mark,
    raw: fc.option(fc.oneof(fc.nat({ max: 0xffffffff }), fc.integer()), { freq: 1 }),
  })
  .map(({ index, time: at, lag: late, value: v, mark: m, raw }) => ({
    index,
    time: at,
    gatewayTime: at + late,
    value: v,
    ...m,
    ...(raw === null ? {} : { raw }),
  }));

const sorted = (rows: readonly IndexedSample[]) => [...rows].sort((a, b) => a.index - b.index || a.time - b.time);

describe('telemetry frames', () => {
  it('give back exactly the samples that went in, bit by bit, in the order of point and time', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 300, size: 'max' }), (samples) => {
        const back = decodeTelemetry(encodeTelemetry({ header, samples }));
        expect(back.header).toEqual(header);
        expect(back.samples).toEqual(sorted(samples));
      }),
    );
  });

  it('give back what a plant sends: points with a few readings of one shape each', () => {
    const point = fc.record({
      decimals: fc.nat({ max: 9 }),
      readings: fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        const samples = points.flatMap(({ decimals, readings }, index) =>
          readings.map((n, i): IndexedSample => {
            const at = 1_800_000_000_000 + i * 1000;
            return { index, time: at, gatewayTime: at, value: n / 10 ** decimals, quality: 'good' };
          }),
        );
        expect(decodeTelemetry(encodeTelemetry({ header, samples })).samples).toEqual(samples);
      }),
    );
  });

  it('have no value where there is no finite one', () => {
    const samples = [Number.NaN, Number.POSITIVE_INFINITY, 1].map((v, n) => ({ ...plain(n), value: v }));
    expect(decodeTelemetry(encodeTelemetry({ header, samples })).samples.map((s) => s.value)).toEqual([null, null, 1]);
  });

  it.each([2 ** 49, 2 ** 51, Number.MAX_SAFE_INTEGER])('keep times as far apart as ±%d ms', (far) => {
    const samples = [plain(0, -far), plain(0, far), plain(1, far - 1), plain(1, far), plain(2, -far), plain(2, far)];
    expect(decodeTelemetry(encodeTelemetry({ header, samples })).samples).toEqual(samples);
  });

  it('hold 50,000 samples, and no more', () => {
    const samples = Array.from({ length: 50_000 }, (_, n) => plain(n % 777, n));
    expect(decodeColumns(encodeTelemetry({ header, samples })).samples.times.length).toBe(50_000);
    expect(() => encodeTelemetry({ header, samples: [...samples, plain(0)] })).toThrowError(/too many/);
  });

  it('have the same bytes for the same content, in whatever order it came', () => {
    expect(encodeTelemetry(goldenFrame)).toEqual(
      encodeTelemetry({ ...goldenFrame, samples: goldenFrame.samples.toReversed() }),
    );
  });

  it('are refused with a reason after any flipped bit of the body', () => {
    const frame = encodeTelemetry(goldenFrame);
    fc.assert(
      fc.property(fc.integer({ min: 8, max: frame.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const broken = Buffer.from(frame);
        broken[at] = (broken[at] ?? 0) ^ (1 << bit);
        expect(() => decodeTelemetry(broken)).toThrowError(FrameError);
      }),
    );
  });

  it('of a newer major version or an unknown codec are refused', () => {
    const frame = encodeTelemetry(goldenFrame);
    frame[2] = 2;
    expect(() => decodeTelemetry(frame)).toThrowError(/version 2/);
    frame[2] = 1;
    frame[4] = 4;
    expect(() => decodeTelemetry(frame)).toThrowError(/codec 4/);
  });

  it('never throw anything but FrameError at random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeTelemetry(bytes)).toThrowError(FrameError);
      }),
    );
  });
});

function plain(index: number, at = 0): IndexedSample {
  return { index, time: at, gatewayTime: at, value: 1, quality: 'good' };
}

/** What logs and peers hold for good: a change of these bytes is a new codec, not a new golden file. */
describe('golden frames', () => {
  const golden = (name: string) => readFileSync(new URL(`./golden/${name}.bin`, import.meta.url));

  it.each(['telemetry-codec-1', 'telemetry-codec-2', 'telemetry-codec-2-zstd'])('%s is read as ever', (name) => {
    const { samples } = goldenFrame;
    const repeated = Array.from({ length: 30 }, (_, n) =>
      samples.map((s) => ({ ...s, index: s.index + n * 2000 })),
    ).flat();
    const expected = name.endsWith('zstd') ? repeated : samples;
    expect(decodeTelemetry(golden(name))).toEqual({ header, samples: expected });
    expect(peekHeader(golden(name))).toEqual(header);
  });

  it('codec 2 is written as ever', () => {
    expect(encodeTelemetry(goldenFrame).toString('hex')).toBe(golden('telemetry-codec-2').toString('hex'));
    expect(wireMinor).toBe(1);
  });
});
