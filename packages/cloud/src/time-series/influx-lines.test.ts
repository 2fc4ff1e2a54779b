import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameName, frameOf, sampleAt } from './conformance-kit.ts';
import type { StoredFrame, StoredSample } from './contract.ts';
import { LineEncoder } from './influx-lines.ts';

const time = 1_767_225_600_123;
const frame = (...samples: StoredSample[]) => frameOf(frameName(1), samples);
const whole = (stored: StoredFrame) => [{ stored, from: 0, to: stored.samples.times.length }];
const linesOf = (...samples: StoredSample[]) =>
  new LineEncoder()
    .encode(whole(frame(...samples)))
    .split('\n')
    .slice(0, -1);
const head = 'pump,site=harbour,equipment=pump-1,point=flow';

it('writes value and quality always, no value where there is none, and the lag where there is one', () => {
  const at = { gatewayTime: time };
  expect(
    linesOf(
      sampleAt(time, 12.5, at),
      sampleAt(time, 3, { ...at, quality: 'uncertain', reason: 'held' }),
      sampleAt(time, null, { quality: 'bad', reason: 'no-answer' }),
      sampleAt(time, -0.07, { point: 'loop[2].device[31].state' }),
    ),
  ).toEqual([
    `${head} value=12.50,quality=0i ${time}000000`,
    `${head} value=3,quality=110i ${time}000000`,
    `${head} quality=201i,lag=5i ${time}000005`,
    `pump,site=harbour,equipment=pump-1,point=loop[2].device[31].state value=-0.07,quality=0i,lag=5i ${time}000005`,
  ]);
});

it('counts in nanoseconds by how much later the gateway had a sample', () => {
  const lags = [0, 1, 336_843, 1_336_843, -1, 4e12];
  const ends = linesOf(...lags.map((lag) => sampleAt(time, 1, { gatewayTime: time + lag }))).map((l) => l.slice(-6));
  expect(ends).toEqual(['000000', '000001', '336843', '336843', '999999', '000000']);
});

it('keeps every number exact', () => {
  const decimals = fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((n) => n / 100);
  const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), decimals, fc.integer());
  fc.assert(
    fc.property(numbers, fc.integer({ min: -1, max: 9e12 }), (value, at) => {
      const [, read, when] =
        /value=(\S+),quality=0i (-?\d+)$/.exec(linesOf(sampleAt(at, value, { gatewayTime: at }))[0] ?? '') ?? [];
      expect([Number(read) + 0, BigInt(when ?? '')]).toEqual([value + 0, BigInt(at) * 1_000_000n]);
    }),
  );
});

it('gives the same lines whole and in slices', () => {
  const points = ['flow', 'flow', 'head', 'speed', 'speed', 'speed'];
  const stored = frame(...points.map((point, n) => sampleAt(time + n, n, { point })));
  const runs = {
    ...stored.samples,
    counts: [2, 1, 3],
    series: [0, 2, 3].flatMap((n) => stored.samples.series[n] ?? []),
  };
  const all = new LineEncoder().encode(whole(stored));
  const encoder = new LineEncoder();
  expect(encoder.encode(whole({ ...stored, samples: runs }))).toBe(all);
  for (let cut = 0; cut <= points.length; cut++) {
    const parts = [
      { stored, from: 0, to: cut },
      { stored, from: cut, to: points.length },
    ];
    expect(encoder.encode(parts)).toBe(all);
  }
});

it('grows with what it is given', () => {
  const many = Array.from({ length: 30_000 }, (_, n) => sampleAt(time + n, n));
  expect(linesOf(...many)).toHaveLength(many.length);
});

it.each([
  ['a quote', "flow' OR 1=1 --"],
  ['a quote behind a backslash', "flow\\' OR 1=1 --"],
  ['a line break', 'flow v=1 0\nevil,t=a'],
  ['a backslash at the end', 'flow\\'],
  ['a comma', 'flow,site=other'],
  ['a space', 'flow value=1'],
  ['a control character', 'flow\u0000'],
  ['nothing', ''],
])('does not let a name with %s become a tag', (_, name) => {
  for (const key of ['site', 'equipment', 'point'] as const) {
    const stored = frame(sampleAt(time, 1, { [key]: name }));
    expect(new LineEncoder().unfit(stored)).toMatchObject({ [key]: name });
    expect(new LineEncoder().encode(whole(stored))).toBe('');
  }
});
