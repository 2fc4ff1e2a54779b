import { type Sample, staleAfter } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWorthLogging, type ReportRule } from './exception.ts';

const label = { en: 'x', zh: 'x' };
const analog = { type: 'analog', label, unit: 'kW', range: [-1000, 1000], deadband: 0.5, decimals: 1 } as const;
const state = { type: 'state', label, states: {} } as const;
const cadence = { period: 1000, maximumSilence: 60_000 };
const number: ReportRule = { definition: analog, cadence, deadband: { absolute: 0.5 } };
const code: ReportRule = { definition: state, cadence, deadband: { absolute: 0 } };

const sample = fc.record({
  value: fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constant(null)),
  quality: fc.constantFrom('good' as const, 'bad' as const),
  gap: fc.integer({ min: 1, max: 30_000 }),
});

/** Samples of one point, one after the other. */
const series = fc.array(sample, { minLength: 1, maxLength: 60 }).map((steps) => {
  let time = 0;
  return steps.map(({ value, quality, gap }): Sample => {
    time += gap;
    return { equipment: 'm', point: 'power', time, gatewayTime: time, value, quality };
  });
});

function logged(samples: readonly Sample[], rule: ReportRule): Sample[] {
  const kept: Sample[] = [];
  for (const s of samples) if (isWorthLogging(kept.at(-1), s, rule)) kept.push(s);
  return kept;
}

describe('report by exception', () => {
  test('lets the cloud’s last value stray from the true one by less than the deadband, and never in quality', () => {
    fc.assert(
      fc.property(series, (samples) => {
        let last: Sample | undefined;
        for (const s of samples) {
          if (isWorthLogging(last, s, number)) last = s;
          expect(last?.quality).toBe(s.quality);
          expect(last?.value === null).toBe(s.value === null);
          if (s.value !== null && last?.value != null) expect(Math.abs(s.value - last.value)).toBeLessThan(0.5);
        }
      }),
    );
  });

  test('takes a percentage of the value that was logged last, and at zero every change', () => {
    fc.assert(
      fc.property(series, fc.double({ min: 0.1, max: 50, noNaN: true }), (samples, percent) => {
        let last: Sample | undefined;
        for (const s of samples) {
          if (isWorthLogging(last, s, { ...number, deadband: { percent } })) last = s;
          if (s.value === null || last?.value == null) continue;
          const stray = Math.abs(s.value - last.value);
          expect(stray === 0 || stray < (Math.abs(last.value) * percent) / 100).toBe(true);
        }
        const changes = samples.filter((s, i) => s.value !== samples[i - 1]?.value);
        const all = logged(samples, { ...number, deadband: { absolute: 0 } });
        expect(all).toEqual(expect.arrayContaining(changes));
      }),
    );
    const at = (value: number, time: number): Sample => {
      return { equipment: 'm', point: 'power', time, gatewayTime: time, value, quality: 'good' };
    };
    const two: ReportRule = { ...number, deadband: { percent: 2 } };
    expect([203.9, 204, 195.9].map((v) => isWorthLogging(at(200, 0), at(v, 1), two))).toEqual([false, true, true]);
  });

  test('never falls silent for longer than the maximum silence and one reading', () => {
    fc.assert(
      fc.property(series, (samples) => {
        const kept = logged(samples, number);
        for (const [i, s] of kept.entries()) {
          const end = kept[i + 1]?.gatewayTime ?? samples.at(-1)?.gatewayTime ?? 0;
          expect(end - s.gatewayTime).toBeLessThan(60_000 + 30_000);
        }
      }),
    );
  });

  test('shows a sign of life before the cloud must call the value stale, however seldom and unevenly it is read', () => {
    const periods = fc.integer({ min: 200, max: 60_000 });
    fc.assert(
      fc.property(
        periods,
        fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 400 }),
        (period, jitter) => {
          const slow = { period, maximumSilence: 60_000 };
          let last: Sample | undefined;
          for (const [i, share] of jitter.entries()) {
            const time = i * period + share * period;
            const s: Sample = { equipment: 'm', point: 'power', time, gatewayTime: time, value: 7, quality: 'good' };
            if (!isWorthLogging(last, s, { ...number, cadence: slow })) continue;
            if (last) expect(s.gatewayTime - last.gatewayTime).toBeLessThan(staleAfter(slow));
            last = s;
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keeps every change of a state', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }), (codes) => {
        const samples = codes.map((value, i): Sample => {
          return { equipment: 'm', point: 'door', time: i, gatewayTime: i, value, quality: 'good' };
        });
        const changes = codes.filter((c, i) => i === 0 || c !== codes[i - 1]);
        expect(logged(samples, code).map((s) => s.value)).toEqual(changes);
      }),
    );
  });

  test('logs nothing of a value that stands still, but its sign of life', () => {
    const samples = Array.from({ length: 181 }, (_, i): Sample => {
      return { equipment: 'm', point: 'power', time: i * 1000, gatewayTime: i * 1000, value: 7, quality: 'good' };
    });
    expect(logged(samples, number).map((s) => s.time)).toEqual([0, 60_000, 120_000, 180_000]);
  });
});
