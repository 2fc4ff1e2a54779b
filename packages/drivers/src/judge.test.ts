import { kinds } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJudge, type Raw } from './judge.ts';
import type { Conversion } from './profiles/conversion.ts';

const { voltageL1, energyImport, powerFactor } = kinds['energy-meter'].points;
const { door } = kinds.elevator.points;
const device = kinds['fire-panel'].points['loop[].device[].state'];
const running = kinds.pump.points.running;

function judge(conversion: Conversion, raw: Raw, definition: Parameters<typeof createJudge>[1] = voltageL1, bits = 16) {
  return createJudge(conversion, definition, { ctRatio: 40, ratedSpeed: 2900 }, bits)(raw);
}

describe('a raw value', () => {
  it('is scaled without the noise of binary factors', () => {
    expect(judge({ factor: 0.1 }, 2301)).toEqual({ value: 230.1, quality: 'good' });
    expect(judge({ factor: 0.1, multiply: ['ctRatio'] }, 57)).toEqual({ value: 228, quality: 'good' });
    expect(judge({ factor: 100, divide: ['ratedSpeed'] }, 2610).value).toBe(90);
    expect(judge({ factor: 0.1, offset: -40 }, 650).value).toBe(25);
  });

  it.each<[Conversion, Raw, number]>([
    [{ notAvailable: ['all-ones'] }, 0xffff, 16],
    [{ notAvailable: ['all-ones'] }, 0xffffffff, 32],
    [{ notAvailable: ['all-ones'] }, 0xffffffffffffffffn, 64],
    [{ notAvailable: ['signed-maximum'] }, 0x7fff, 16],
    [{ notAvailable: ['signed-maximum'] }, 0x7fffffff, 32],
    [{ notAvailable: ['signed-minimum'] }, -0x8000, 16],
    [{ notAvailable: [0x7ffd] }, 0x7ffd, 16],
    [{ notAvailable: [5] }, 5n, 64],
    [{}, Number.NaN, 32],
  ])('that says "no value" is never a number: %j %s', (conversion, raw, bits) => {
    expect(judge(conversion, raw, voltageL1, bits)).toEqual({ value: null, quality: 'bad', reason: 'not-available' });
  });

  it('is held within its clamp, but no sentinel and no infinity is', () => {
    const conversion: Conversion = { factor: 0.1, clamp: [0, 400], notAvailable: ['signed-minimum'] };
    expect(judge(conversion, -3)).toEqual({ value: 0, quality: 'good' });
    expect(judge(conversion, 2301)).toEqual({ value: 230.1, quality: 'good' });
    expect(judge(conversion, 4005)).toEqual({ value: 400, quality: 'good' });
    expect(judge(conversion, -0x8000)).toEqual({ value: null, quality: 'bad', reason: 'not-available' });
    expect(judge(conversion, Number.POSITIVE_INFINITY)).toEqual({ value: null, quality: 'bad', reason: 'overflow' });
  });

  it('that is impossible for the kind is shown but bad', () => {
    expect(judge({}, 50_000)).toEqual({ value: 50_000, quality: 'bad', reason: 'out-of-range' });
    expect(judge({}, -3, energyImport)).toEqual({ value: -3, quality: 'bad', reason: 'out-of-range' });
    expect(judge({}, 1.2, powerFactor)).toMatchObject({ quality: 'bad', reason: 'out-of-range' });
  });

  it('beyond 2^53 is uncertain, up to there exact', () => {
    const counter = (raw: bigint) => judge({}, raw, energyImport, 64);
    expect(counter(2n ** 53n)).toEqual({ value: 2 ** 53, quality: 'good' });
    expect(counter(2n ** 53n + 1n)).toMatchObject({ quality: 'uncertain', reason: 'overflow' });
    expect(judge({ factor: 0.01 }, 2n ** 60n, energyImport, 64)).toMatchObject({
      quality: 'uncertain',
      reason: 'overflow',
    });
    expect(judge({}, Number.POSITIVE_INFINITY)).toEqual({ value: null, quality: 'bad', reason: 'overflow' });
  });

  it('becomes a state of the kind, or keeps its code in raw', () => {
    const states = { 0: 0, 1: 2, 6: 3 };
    expect(judge({ states }, 1, door)).toEqual({ value: 2, quality: 'good' });
    expect(judge({ states }, 5, door)).toEqual({ value: null, quality: 'bad', reason: 'decode', raw: 5 });
    expect(judge({ states, notAvailable: [5] }, 5, door)).toMatchObject({ reason: 'not-available' });
    expect(judge({}, 9, door)).toEqual({ value: null, quality: 'bad', reason: 'decode', raw: 9 });
    expect(judge({}, true, running)).toEqual({ value: 1, quality: 'good' });
    expect(judge({ states: { off: 0, on: 1 } }, 'on', running).value).toBe(1);
    expect(judge({ states: { off: 0, on: 1 } }, 'perhaps', running)).toMatchObject({ reason: 'decode' });
  });

  it('with flags is what its first flag says', () => {
    const flags = [
      { bit: 1, is: 1, value: 1 },
      { bit: 2, is: 1, value: 2 },
      { bit: 0, is: 0, value: 5 },
    ] as const;
    const state = (raw: number) => judge({ flags: [...flags], otherwise: 0 }, raw, device).value;
    expect([0b001, 0b111, 0b101, 0b000].map(state)).toEqual([0, 1, 2, 5]);
  });

  it('that could not be decoded, or is text where a number belongs, is bad', () => {
    expect(judge({}, undefined)).toEqual({ value: null, quality: 'bad', reason: 'decode' });
    expect(judge({}, '230')).toEqual({ value: null, quality: 'bad', reason: 'decode' });
    expect(judge({ threshold: 3 }, 2.9, running).value).toBe(0);
    expect(judge({ threshold: 3 }, 3, running).value).toBe(1);
  });
});

it('is good only with a number that the kind allows, whatever comes', () => {
  const raws = fc.oneof(fc.double(), fc.bigInt(), fc.boolean(), fc.string(), fc.constant(undefined));
  const conversions = fc.constantFrom<Conversion>(
    {},
    { factor: 0.001 },
    { factor: 1e300, multiply: ['ctRatio'] },
    { notAvailable: ['all-ones', 0] },
    { multiply: ['missing'] },
  );
  fc.assert(
    fc.property(conversions, raws, (conversion, raw) => {
      const { value, quality, reason } = judge(conversion, raw);
      if (quality !== 'good') return reason !== undefined;
      return typeof value === 'number' && value >= 0 && value <= 40_000;
    }),
  );
});
