import type { IndexedSample, SampleColumns } from '@plantroom/model/wire';
import { decodeColumns, encodeTelemetry } from '@plantroom/model/wire';
import { decodePacked, packColumns } from '@plantroom/model/wire/frames';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thin } from './thin.ts';

const minute = 60_000;
const header = {
  ...{ site: 'tower', gateway: 'gw', epoch: '0123456789abcdef', lane: 'telemetry' as const },
  ...{ sequence: 7, revision: 'revision-1' },
};

const sample = fc.record({
  index: fc.nat(3),
  time: fc.integer({ min: 1.7e12, max: 1.7e12 + 60 * minute }),
  value: fc.option(fc.integer({ min: -5000, max: 5000 }).map((n) => n / 100)),
  quality: fc.constantFrom('good' as const, 'uncertain' as const, 'bad' as const),
});
const samples = fc
  .uniqueArray(sample, { selector: (s) => `${s.index} ${s.time}`, minLength: 1, maxLength: 200 })
  .map((all) => all.map((s): IndexedSample => ({ ...s, gatewayTime: s.time + 5 })));

const columnsOf = (of: readonly IndexedSample[]) => decodeColumns(encodeTelemetry({ header, samples: of })).samples;

interface Figures {
  readonly index: number;
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly minimum: number;
  readonly mean: number;
  readonly maximum: number;
}

function figuresOf({ points, counts, times, values, thinned }: SampleColumns): Figures[] {
  let row = 0;
  return points.flatMap((index, run) =>
    Array.from({ length: counts[run] ?? 0 }, () => {
      const at = row++;
      const of = (column: Float64Array | undefined) => column?.[at] ?? Number.NaN;
      const [first, mean, size] = [of(times), of(values), of(thinned?.sizes)];
      const last = first + of(thinned?.spans);
      return { index, first, last, size, minimum: of(thinned?.minima), mean, maximum: of(thinned?.maxima) };
    }),
  );
}

/** The same by its definition. */
function expected(of: readonly IndexedSample[], step: number): Figures[] {
  const groups = Object.groupBy(of, (s) => `${s.index} ${Math.floor(s.time / step)}`);
  return Object.values(groups)
    .map((group = []) => {
      const values = group.flatMap((s) => (s.value !== null && s.quality !== 'bad' ? [s.value] : []));
      const times = group.map((s) => s.time);
      const none = values.length === 0;
      return {
        ...{ index: group[0]?.index ?? 0, first: Math.min(...times), last: Math.max(...times), size: values.length },
        minimum: none ? Number.NaN : Math.min(...values),
        mean: none ? Number.NaN : values.reduce((sum, v) => sum + v, 0) / values.length,
        maximum: none ? Number.NaN : Math.max(...values),
      };
    })
    .sort((a, b) => a.index - b.index || a.first - b.first);
}

function expectSame(actual: readonly Figures[], wanted: readonly Figures[]): void {
  const exact = (all: readonly Figures[]) =>
    all.map(({ mean, ...figures }) => ({ ...figures, none: Number.isNaN(mean) }));
  expect(exact(actual)).toEqual(exact(wanted));
  for (const [n, { mean }] of actual.entries()) expect(mean || 0).toBeCloseTo(wanted[n]?.mean || 0, 4);
}

test('minutes have the figures of their samples, quarters of an hour those of their minutes', () => {
  fc.assert(
    fc.property(samples, fc.nat(200), (all, cut) => {
      const parts = [all.slice(0, cut), all.slice(cut)].filter((part) => part.length > 0);
      const minutes = thin(parts.map(columnsOf), minute);
      expectSame(figuresOf(minutes), expected(all, minute));
      expectSame(figuresOf(thin([minutes], 15 * minute)), expected(all, 15 * minute));
    }),
    { numRuns: 300 },
  );
});

test('a thinned frame is read as it was written, and as thinned alone', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const thinned = thin([columnsOf(all)], minute);
      const bytes = packColumns({ header, samples: thinned });
      for (const read of [decodeColumns(bytes), decodePacked(bytes)]) {
        expect(read?.header).toEqual(header);
        expect(read?.samples).toEqual(thinned);
      }
    }),
    { numRuns: 200 },
  );
});
