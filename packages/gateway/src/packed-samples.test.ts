import { qualities, qualityReasons } from '@plantroom/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packSamples, unpackSamples } from './packed-samples.ts';

const time = fc.integer({ min: 0, max: 4e12 });
const sample = fc
  .record(
    {
      index: fc.nat({ max: 1e6 }),
      time,
      gatewayTime: time,
      value: fc.option(fc.double({ noNaN: true })),
      quality: fc.constantFrom(...qualities),
      reason: fc.constantFrom(...qualityReasons),
      raw: fc.nat({ max: 0xffffffff }),
    },
    { requiredKeys: ['index', 'time', 'gatewayTime', 'value', 'quality'] },
  )
  .map(({ reason, raw, ...rest }) => ({
    ...rest,
    ...(reason === undefined ? {} : { reason }),
    ...(raw === undefined ? {} : { raw }),
  }));

it('brings every sample over as it was', () => {
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      expect(unpackSamples(packSamples(samples))).toEqual(samples);
    }),
  );
});

it('keeps a value of zero, a raw code of zero and no value apart', () => {
  const common = { index: 0, time: 1, gatewayTime: 2, quality: 'bad', reason: 'decode' } as const;
  const samples = [
    { ...common, value: 0 },
    { ...common, value: null, raw: 0 },
    { ...common, value: null },
  ];
  expect(unpackSamples(packSamples(samples))).toEqual(samples);
});
